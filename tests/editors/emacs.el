;; Emacs with Eglot shows what keylint finds and applies a change. Run by `cargo xtask test` in a folder with `app.py`,
;; which has one token on its last line, as `emacs --batch --load emacs.el`.

(require 'cl-lib)
(require 'eglot)
(require 'flymake)

(defvar patience 30.0 "Seconds after which what does not come will not.")

(defun check (what holds)
  (if holds (message "ok: %s" what)
    (message "FAILED: %s" what)
    (kill-emacs 1)))

(defun wait-for (what holds)
  (let ((end (+ (float-time) patience)))
    (while (and (not (funcall holds)) (< (float-time) end))
      (accept-process-output nil 0.05)
      (when flymake-mode (flymake-start)))
    (check what (funcall holds))))

(setq eglot-server-programs (list (list 'python-mode (getenv "KEYLINT") "lsp"))
      eglot-sync-connect 30
      make-backup-files nil)
(find-file "app.py")
(python-mode)
(apply #'eglot--connect (eglot--guess-contact))

(wait-for "the token has a diagnostic" (lambda () (= 1 (length (flymake-diagnostics)))))
(let* ((found (car (flymake-diagnostics)))
       (beg (flymake-diagnostic-beg found))
       (end (flymake-diagnostic-end found))
       (secret (buffer-substring-no-properties beg end)))
  (check "it covers the token and no more" (and (string-prefix-p "ghp_" secret) (= 40 (length secret))))
  (check "it does not say the token" (not (string-match-p secret (flymake-diagnostic-text found))))
  (goto-char beg)
  (let* ((actions (eglot-code-actions beg end))
         (ignore (cl-find-if (lambda (action) (string-prefix-p "Ignore this" (plist-get action :title))) actions)))
    (check "there is an action, with its edit" (plist-get ignore :edit))
    (eglot--apply-workspace-edit (plist-get ignore :edit))
    ;; Sent when Emacs is idle, which it never is here.
    (eglot--signal-textDocument/didChange))
  (wait-for "a comment suppresses it" (lambda () (null (flymake-diagnostics))))
  (goto-char (point-min))
  (check "with its reason" (re-search-forward "# keylint: ignore-next-line\\[.+\\] not a secret$" nil t)))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot--current-server-or-lose))
(kill-emacs 0)

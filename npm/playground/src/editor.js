// The editor: CodeMirror with squiggles, in the colours of the page. Not here: what is found, or languages.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { element } from "./dom.js";
import { language } from "./languages.js";
import { changes, offsets } from "./places.js";

const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.comment, tags.meta], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName), tags.attributeName], color: "var(--code-name)" },
  { tag: [tags.typeName, tags.className, tags.function(tags.variableName)], color: "var(--code-type)" },
]);

/** Severities as CodeMirror knows them. */
const marks = { critical: "error", high: "error", medium: "warning", low: "info", info: "info" };

/** What the page tells of the editor beside its style sheet: CodeMirror's own rules would win over that. */
const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--editor)", color: "var(--text)", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--text)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--editor)", color: "var(--faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-lintRange": { backgroundImage: "none", paddingBottom: "0", textDecoration: "underline wavy 1.5px", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecorationColor: "var(--high)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecorationColor: "var(--medium)" },
  ".cm-lintRange-info": { backgroundImage: "none", textDecorationColor: "var(--low)" },
  ".cm-lintRange-active": { backgroundColor: "var(--selection)" },
  ".cm-gutter-lint": { width: "14px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 3px" },
  ".cm-lint-marker": { width: "8px", height: "8px", borderRadius: "50%", margin: ".5em 0 0" },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--high)" },
  ".cm-lint-marker-warning": { content: "normal", backgroundColor: "var(--medium)" },
  ".cm-lint-marker-info": { content: "normal", backgroundColor: "var(--low)" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--border)", borderRadius: "6px",
    maxWidth: "min(36rem, 92vw)", boxShadow: "0 4px 16px #0003",
  },
  ".cm-diagnostic": { padding: "8px 12px", margin: "0", fontFamily: "var(--sans)", fontSize: "14px" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--high)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--medium)" },
  ".cm-diagnostic-info": { borderLeft: "4px solid var(--low)" },
  ".cm-diagnostic code": { fontFamily: "var(--mono)", fontSize: "12.5px", color: "var(--faint)" },
  ".cm-diagnosticAction": {
    display: "block", margin: "6px 0 0", padding: "3px 8px", backgroundColor: "var(--accent)", color: "var(--on-accent)",
  },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)", borderColor: "var(--border)" },
});

/** Makes the editor in `parent`; `changed` hears of new text, `moved` of the cursor. */
export function makeEditor(parent, { nonce, changed, moved }) {
  const tongue = new Compartment();
  const heard = EditorView.updateListener.of((update) => {
    if (update.docChanged) {
      changed();
    }
    if (update.selectionSet) {
      moved(update.state.selection.main.head);
    }
  });
  const extensions = [
    EditorView.cspNonce.of(nonce),
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    history(),
    drawSelection(),
    bracketMatching(),
    highlightSelectionMatches(),
    EditorView.lineWrapping,
    syntaxHighlighting(colors),
    lintGutter(),
    // Tab moves on, as everywhere on a page: a keyboard must get out of the editor.
    keymap.of([...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.contentAttributes.of({ "aria-label": "Text to scan", tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
    tongue.of([]),
    theme,
    heard,
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc: "", extensions }) });
  return {
    view,
    text: () => view.state.doc.toString(),
    document: () => view.state.doc,
    /** Replaces all text; the cursor begins anew. */
    setText(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true });
    },
    setPath(path) {
      view.dispatch({ effects: tongue.reconfigure(language(path)) });
    },
    /** Shows findings as squiggles. */
    show(path, findings) {
      view.dispatch(setDiagnostics(view.state, findings.flatMap((finding) => diagnostics(view, path, finding))));
    },
    select(range) {
      const { from, to } = offsets(view.state.doc, range);
      view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.focus();
    },
    apply(edits) {
      view.dispatch({ changes: edits, userEvent: "input.fix" });
      view.focus();
    },
  };
}

/** A finding as CodeMirror shows it, and the other half of a pair. Neither holds the secret. */
function diagnostics(view, path, finding) {
  const { from, to } = offsets(view.state.doc, finding.range);
  const severity = marks[finding.severity];
  const actions = [];
  for (const fix of finding.fixes) {
    const edits = changes(view.state.doc, path, fix);
    if (edits) {
      actions.push({ name: fix.title.replaceAll("`", ""), apply: () => view.dispatch({ changes: edits, userEvent: "input.fix" }) });
    }
  }
  const says = (message) => () => element("span", {}, message.replaceAll("`", ""), element("br"), element("code", {}, finding.rule));
  const shown = [{ from, to, severity, message: finding.message, renderMessage: says(finding.message), actions }];
  for (const { range, text } of finding.family === "secret" ? finding.related : []) {
    if (range) {
      const message = `${text}, which belongs to the finding on line ${finding.range.start.line + 1}`;
      shown.push({ ...offsets(view.state.doc, range), severity, message, renderMessage: says(message) });
    }
  }
  return shown;
}

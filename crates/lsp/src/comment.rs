//! How each language writes a comment, and the comments that suppress a finding.
//! Not here: how such comments are read (`keylint-engine`).

use keylint_syntax::{FileKind, Language};

/// What begins and ends a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    pub(crate) open: &'static str,
    pub(crate) close: &'static str,
}

const fn line(open: &'static str) -> Option<Comment> {
    Some(Comment { open, close: "" })
}

const fn block(open: &'static str, close: &'static str) -> Option<Comment> {
    Some(Comment { open, close })
}

impl Comment {
    /// The comment syntax of a document; `None` where there is none, as in JSON.
    pub(crate) fn of(path: &str, text: &[u8], language: &str) -> Option<Comment> {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match FileKind::of(path, text) {
            FileKind::Json if is_commented_json(&name, language) => line("//"),
            FileKind::Json | FileKind::Notebook | FileKind::Csv | FileKind::Lock | FileKind::Plain => None,
            FileKind::Yaml | FileKind::Toml | FileKind::Properties | FileKind::Env | FileKind::Hcl => line("#"),
            FileKind::Dockerfile | FileKind::Makefile | FileKind::Shell | FileKind::PowerShell => line("#"),
            FileKind::Ini => line(if extension == "ini" { ";" } else { "#" }),
            FileKind::Xml | FileKind::Html | FileKind::Markdown => block("<!--", " -->"),
            FileKind::Batch => line("REM"),
            FileKind::Sql => line("--"),
            FileKind::Minified => block("/*", " */"),
            FileKind::Code(language) => code(language),
            FileKind::Unknown => by_name(language),
        }
    }

    /// A comment of ours: `place` is `ignore`, `ignore-next-line` or `ignore-file`.
    pub(crate) fn text(self, place: &str, rule: &str, reason: &str) -> String {
        // A reason that ends the comment, or the line, would be code.
        let reason: String = reason.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let reason = match self.close.trim() {
            "" => reason,
            close => reason.replace(close, ""),
        };
        let gap = if reason.trim().is_empty() { "" } else { " " };
        format!("{} keylint: {place}[{rule}]{gap}{}{}", self.open, reason.trim(), self.close)
    }
}

/// JSON whose readers know comments.
fn is_commented_json(name: &str, language: &str) -> bool {
    let known = ["tsconfig.json", "jsconfig.json", "devcontainer.json", "settings.json", "launch.json", "tasks.json"];
    matches!(language, "jsonc" | "json5")
        || [".jsonc", ".json5", ".code-workspace"].iter().any(|end| name.ends_with(end))
        || known.contains(&name)
}

fn code(language: Language) -> Option<Comment> {
    match language {
        Language::C | Language::Css => block("/*", " */"),
        Language::Cpp | Language::CSharp | Language::Dart | Language::FSharp | Language::Go => line("//"),
        Language::Groovy | Language::Java | Language::JavaScript | Language::Kotlin => line("//"),
        Language::ObjectiveC | Language::Pascal | Language::Php | Language::Rust | Language::Scala => line("//"),
        Language::Solidity | Language::Swift | Language::TypeScript | Language::Zig => line("//"),
        Language::Elixir | Language::Julia | Language::Nix | Language::Perl => line("#"),
        Language::Python | Language::R | Language::Ruby => line("#"),
        Language::Haskell | Language::Lua => line("--"),
        Language::Clojure => line(";"),
        Language::Erlang | Language::Matlab => line("%"),
        Language::OCaml => block("(*", " *)"),
        Language::VisualBasic => line("'"),
    }
}

/// By what the editor calls the language, for buffers without a file name.
fn by_name(language: &str) -> Option<Comment> {
    match language {
        "python" | "ruby" | "perl" | "shellscript" | "sh" | "bash" | "yaml" | "toml" | "dockerfile" | "makefile"
        | "terraform" | "hcl" | "r" | "elixir" | "nix" | "powershell" | "dotenv" => line("#"),
        "javascript" | "typescript" | "javascriptreact" | "typescriptreact" | "java" | "go" | "rust" | "c" | "cpp"
        | "csharp" | "kotlin" | "scala" | "swift" | "dart" | "php" | "groovy" | "jsonc" | "zig" => line("//"),
        "lua" | "haskell" | "sql" => line("--"),
        "html" | "xml" | "markdown" => block("<!--", " -->"),
        "css" | "less" | "scss" => block("/*", " */"),
        "ini" => line(";"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_comment() {
        let check = |path: &str, language: &str, want: Option<&str>| {
            let comment = Comment::of(path, b"x = 1\n", language);
            assert_eq!(comment.map(|comment| comment.open), want, "{path} {language}");
        };
        check("a.py", "", Some("#"));
        check("a.json", "json", None);
        check("a.json", "jsonc", Some("//"));
        check("tsconfig.json", "json", Some("//"));
        check("page.html", "", Some("<!--"));
        check("Untitled-1", "rust", Some("//"));
        check("Untitled-1", "plaintext", None);
        check(".env.production", "", Some("#"));
    }

    #[test]
    fn a_reason_stays_in_its_comment() {
        let comment = Comment { open: "/*", close: " */" };
        assert_eq!(comment.text("ignore", "jwt", "a */ b\nc"), "/* keylint: ignore[jwt] a  b c */");
        assert_eq!(Comment { open: "#", close: "" }.text("ignore-file", "jwt", " "), "# keylint: ignore-file[jwt]");
    }
}

//! Program source: how each language reads an environment variable, and where a literal cannot become a call.
//! Not here: configuration files (`declarative.rs`).

use keylint_syntax::Language;

use super::{Rewrite, Site, import, spot::Spot};

/// How a language reads a variable; `{}` stands for its name.
struct Idiom {
    read: &'static str,
    /// The module that it needs, where that is not there by itself.
    module: Option<&'static str>,
    /// What may stand directly before the quotes without changing what the literal means.
    prefixes: &'static [&'static [u8]],
    /// Whether the result has the type of a text without more ado.
    certain: bool,
}

const fn idiom(read: &'static str) -> Idiom {
    Idiom { read, module: None, prefixes: &[], certain: true }
}

fn idiom_of(language: Language) -> Option<Idiom> {
    use Language::*;
    Some(match language {
        Python => {
            Idiom { module: Some("os"), prefixes: &[b"r", b"R", b"u", b"U", b"f", b"F"], ..idiom("os.environ[\"{}\"]") }
        }
        JavaScript => idiom("process.env.{}"),
        // Its type is `string | undefined`; the mark says that it is set, as the literal was.
        TypeScript => idiom("process.env.{}!"),
        Go => Idiom { module: Some("os"), ..idiom("os.Getenv(\"{}\")") },
        Java | Groovy | Kotlin => idiom("System.getenv(\"{}\")"),
        Scala => Idiom { prefixes: &[b"s", b"raw"], ..idiom("sys.env(\"{}\")") },
        Ruby => idiom("ENV.fetch(\"{}\")"),
        Php => idiom("getenv('{}')"),
        CSharp => Idiom {
            prefixes: &[b"@", b"$", b"$@", b"@$"],
            ..idiom("System.Environment.GetEnvironmentVariable(\"{}\")")
        },
        Perl => idiom("$ENV{{}}"),
        Elixir => idiom("System.fetch_env!(\"{}\")"),
        R => idiom("Sys.getenv(\"{}\")"),
        Julia => idiom("ENV[\"{}\"]"),
        Lua => idiom("os.getenv(\"{}\")"),
        Clojure => idiom("(System/getenv \"{}\")"),
        // A literal is a `&'static str`, a variable a `String`: the code around it must change too.
        Rust => Idiom { certain: false, ..idiom("std::env::var(\"{}\").expect(\"{} is set\")") },
        Swift => Idiom { certain: false, ..idiom("ProcessInfo.processInfo.environment[\"{}\"]!") },
        Dart => Idiom { certain: false, ..idiom("Platform.environment['{}']!") },
        C | Cpp | ObjectiveC => Idiom { certain: false, ..idiom("getenv(\"{}\")") },
        _ => return None,
    })
}

/// Reads the secret from the environment.
pub(super) fn rewrite(site: &Site<'_>, spot: &Spot<'_>, language: Language, name: &str) -> Rewrite {
    let (Some(idiom), Some(literal)) = (idiom_of(language), spot.literal) else { return Rewrite::default() };
    let module = idiom.module.map_or(Some(Vec::new()), |module| import::edits(site, language, module));
    let certain = idiom.certain
        && module.is_some()
        && spot.is_plain()
        && (literal.prefix.is_empty() || idiom.prefixes.contains(&literal.prefix))
        && !interpolates(language, literal.quote, spot.value())
        && !must_be_constant(spot, literal.span.start, language)
        && stands_alone(spot.line_after(literal.span.end), language);
    let mut read = idiom.read.replace("{}", name);
    if matches!(language, Language::JavaScript | Language::TypeScript)
        && is_attribute(spot.line_before(literal.span.start))
    {
        read = format!("{{{read}}}");
    }
    let mut edits = module.unwrap_or_default();
    edits.push(site.edit(literal.span, read));
    Rewrite { edits, certain, entry: Some(name.into()) }
}

/// Whether the content may hold something that is filled in.
fn interpolates(language: Language, quote: u8, value: &[u8]) -> bool {
    use Language::*;
    let has = |byte: u8| value.contains(&byte);
    match language {
        Php | Perl | Groovy | Kotlin | Dart | Scala | Elixir | Ruby | Julia if quote != b'\'' => {
            has(b'$') || has(b'#') && has(b'{') || has(b'@')
        }
        Python | CSharp => has(b'{'),
        JavaScript | TypeScript if quote == b'`' => has(b'$'),
        _ => false,
    }
}

/// Whether what follows a literal lets an expression take its place: not a key, not a second literal, no suffix.
fn stands_alone(after: &[u8], language: Language) -> bool {
    let rest = after.trim_ascii_start();
    let joined = matches!(rest.first(), Some(b'"' | b'\'' | b'`')) && language != Language::Clojure;
    let key = rest.starts_with(b":") && !rest.starts_with(b"::");
    // A type that is a literal, an arm of a `switch`.
    let pattern = rest.starts_with(b"=") && !rest.starts_with(b"==") || rest.starts_with(b"as const");
    !joined && !key && !pattern && !after.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// Whether the language wants a constant there: annotations, `const`, defaults of members.
fn must_be_constant(spot: &Spot<'_>, at: u32, language: Language) -> bool {
    use Language::*;
    let before = spot.line_before(at).trim_ascii_start();
    let statement = statement(&spot.text[..at as usize]);
    let starts = |words: &[&str]| words.iter().any(|word| before.starts_with(word.as_bytes()));
    let has = |word: &str| memchr::memmem::find(before, word.as_bytes()).is_some();
    let has_word = |word: &str| starts(&[&format!("{word} ")]) || has(&format!(" {word} "));
    match language {
        Go => has_word("const") || in_const_block(spot.text, at as usize),
        Java | Kotlin | Scala | Groovy => {
            let annotation = memchr::memrchr(b'@', statement).is_some_and(|at| is_open(&statement[at..]));
            annotation || has(" @") || has("(@") || before.starts_with(b"@") || has_word("const") || starts(&["case "])
        }
        CSharp => {
            // The default of a parameter.
            let default = is_open(statement) && statement.trim_ascii_end().ends_with(b"=");
            default || has_word("const") || before.starts_with(b"[") || starts(&["case "])
        }
        Php => {
            let words: [&[u8]; 9] =
                [b"const ", b"public ", b"private ", b"protected ", b"static ", b"var ", b"final ", b"#[", b"case "];
            let parameter =
                [&b"function"[..], b"fn"].iter().any(|word| memchr::memmem::find(statement, word).is_some());
            words.iter().any(|word| statement.starts_with(word)) || parameter && is_open(statement)
        }
        JavaScript | TypeScript => {
            let block = memchr::memrchr(b'{', &spot.text[..at as usize]);
            let head = block.map_or(&b""[..], |open| spot.line_before(open as u32));
            starts(&["import ", "export * from", "} from", "case ", "type ", "declare "])
                || has("require(")
                || head.starts_with(b"enum ")
                || memchr::memmem::find(head, b" enum ").is_some()
        }
        Elixir => before.starts_with(b"@"),
        _ => false,
    }
}

/// How far back a statement begins at most.
const STATEMENT: usize = 2 << 10;

/// What stands in `before` since the last statement or brace, without the comment that it begins with.
fn statement(before: &[u8]) -> &[u8] {
    let before = &before[before.len().saturating_sub(STATEMENT)..];
    let start = before.iter().rposition(|b| matches!(b, b';' | b'{' | b'}')).map_or(0, |at| at + 1);
    let mut statement = before[start..].trim_ascii_start();
    loop {
        let end = match statement {
            [b'/' | b'*', ..] if statement.starts_with(b"//") => memchr::memchr(b'\n', statement),
            [b'/' | b'*', ..] => memchr::memmem::find(statement, b"*/").map(|at| at + 2),
            _ => None,
        };
        let Some(end) = end else { return statement };
        statement = statement[end..].trim_ascii_start();
    }
}

/// Whether a parenthesis is open at the end of `text`.
fn is_open(text: &[u8]) -> bool {
    let count = |byte| memchr::memchr_iter(byte, text).count();
    count(b'(') > count(b')')
}

/// Whether offset `at` of Go source lies in a `const ( … )`.
fn in_const_block(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(8 << 10)..at];
    let open = memchr::memmem::rfind(before, b"const (").max(memchr::memmem::rfind(before, b"const("));
    let close = memchr::memmem::rfind(before, b"\n)");
    open.is_some() && open > close
}

/// Whether a literal is the value of a JSX attribute.
fn is_attribute(before: &[u8]) -> bool {
    let Some(name) = before.strip_suffix(b"=") else { return false };
    let start = name
        .iter()
        .rposition(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b':')))
        .map_or(0, |at| at + 1);
    let head = &name[..start];
    let tag = head.iter().rposition(|b| matches!(b, b'<' | b'>' | b';'));
    // A line of attributes below its tag has no `<`; a statement of minified source has one of these before it.
    let own_line = head.iter().all(u8::is_ascii_whitespace);
    own_line || tag.is_some_and(|at| head[at] == b'<' && head.get(at + 1).is_some_and(u8::is_ascii_alphabetic))
}

/// A shell: the variable, and an error where it is not set.
pub(super) fn shell(site: &Site<'_>, spot: &Spot<'_>, name: &str) -> Rewrite {
    // In a heredoc nothing may be filled in, depending on how its mark is quoted.
    let heredoc = memchr::memmem::find(&spot.text[..spot.secret.range().start], b"<<").is_some();
    let after = spot.text.get(spot.secret.range().end).copied().unwrap_or(b'\n');
    let assigned = spot.quote == 0
        && spot.line_before(spot.secret.start).ends_with(b"=")
        && matches!(after, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&');
    let edit = match (spot.literal, spot.quote) {
        (Some(literal), _) if literal.prefix.is_empty() => site.edit(literal.span, format!("\"${{{name}:?}}\"")),
        (None, b'"') => site.edit(spot.secret, format!("${{{name}:?}}")),
        (None, 0) if assigned => site.edit(spot.secret, format!("\"${{{name}:?}}\"")),
        _ => return Rewrite::default(),
    };
    let certain = !heredoc && spot.is_plain() && !(spot.quote != b'\'' && spot.value().contains(&b'$'));
    Rewrite { edits: vec![edit], certain, entry: Some(name.into()) }
}

/// PowerShell: the variable.
pub(super) fn power_shell(site: &Site<'_>, spot: &Spot<'_>, name: &str) -> Rewrite {
    let Some(literal) = spot.literal.filter(|literal| literal.prefix.is_empty()) else { return Rewrite::default() };
    let certain = spot.is_plain() && !spot.value().contains(&b'$');
    Rewrite { edits: vec![site.edit(literal.span, format!("$env:{name}"))], certain, entry: Some(name.into()) }
}

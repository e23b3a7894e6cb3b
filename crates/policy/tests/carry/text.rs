//! Hosts that hold the example's JSON as a text: as it is, escaped, percent-encoded, in a heredoc, in a YAML block.
//! Not here: hosts that write a policy in their own words.

use super::written::Written;

/// How a host spells a character of a text that it holds.
pub(crate) type Spelling = fn(char) -> String;

/// As it is.
pub(crate) fn plain(character: char) -> String {
    character.to_string()
}

/// In a string of JSON.
pub(crate) fn json(character: char) -> String {
    match character {
        '"' | '\\' => format!("\\{character}"),
        '\n' => "\\n".into(),
        '\t' => "\\t".into(),
        '\r' => "\\r".into(),
        // As Terraform writes them.
        '<' | '>' | '&' => format!("\\u{:04x}", u32::from(character)),
        other => other.to_string(),
    }
}

/// In a string of HCL that stands in quotes, but for `${`.
pub(crate) fn hcl(character: char) -> String {
    match character {
        '"' | '\\' => format!("\\{character}"),
        '\n' => "\\n".into(),
        '\t' => "\\t".into(),
        '\r' => "\\r".into(),
        other => other.to_string(),
    }
}

/// In a single-quoted scalar of YAML.
pub(crate) fn single(character: char) -> String {
    if character == '\'' { "''".into() } else { character.to_string() }
}

/// As AWS answers without a client.
pub(crate) fn percent(character: char) -> String {
    if character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '~' | '*') {
        return character.to_string();
    }
    character.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The whole text between what the host says before and behind it.
pub(crate) fn between(before: &str, text: &str, spelling: Spelling, behind: &str) -> Written {
    let mut out = Written::default();
    out.say(before);
    out.spell(text, 0, spelling);
    out.say(behind);
    out
}

/// The same where `${` and `%{` begin something of the host: there they are written `$${` and `%%{`.
pub(crate) fn template(before: &str, text: &str, spelling: Spelling, behind: &str) -> Written {
    let mut out = Written::default();
    out.say(before);
    interpolated(&mut out, text, 0, spelling);
    out.say(behind);
    out
}

/// Writes a text with its `${` doubled; `at` is where it begins in the example.
pub(crate) fn interpolated(out: &mut Written, text: &str, at: usize, spelling: Spelling) {
    let mut from = 0;
    while let Some(next) = text[from..].find(['$', '%']).map(|index| from + index) {
        out.spell(&text[from..next], at + from, spelling);
        let sign = &text[next..next + 1];
        let doubled = text[next + 1..].starts_with('{');
        out.stand(keylint_diagnostics::Span::new(at + next..at + next + 1), |out| {
            out.say(if doubled { sign } else { "" });
            out.say(sign);
        });
        from = next + 1;
    }
    out.spell(&text[from..], at + from, spelling);
}

/// A YAML block scalar: each line of the text is indented.
pub(crate) fn block(before: &str, text: &str, indentation: usize) -> Written {
    let mut out = Written::default();
    out.say(before);
    let blanks = " ".repeat(indentation);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        out.say(&blanks);
        out.spell(line, at, plain);
        at += line.len();
    }
    out.say("\n");
    out
}

//! Fills in the placeholders of `*.template` files, where the configuration says `expand-examples = true`: so a folder
//! can hold samples that leak, and the repository no token-shaped string.
//! Not here: what the placeholders mean (`keylint_rules::expand`).

use keylint_rules::expand;
use keylint_secrets::Checksum;

/// The ending of files with placeholders.
const ENDING: &str = ".template";
/// The text of a template with its placeholders filled in; `None` for other files. No placeholder holds a line end, so
/// lines stay where they are.
pub(crate) fn expand(path: &str, text: &[u8]) -> Option<String> {
    let text = path.strip_suffix(ENDING).and_then(|_| std::str::from_utf8(text).ok())?;
    Some(expand::template(text, seed(path), &checksum).text)
}

/// The same for each run, and another for each file, so that two files do not share a key.
fn seed(path: &str) -> u64 {
    path.bytes().fold(1, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(byte.into()))
}

/// The path that the expanded text is taken to have.
pub(crate) fn name(path: &str) -> &str {
    path.strip_suffix(ENDING).unwrap_or(path)
}

fn checksum(name: &str, token: &[u8]) -> Option<String> {
    Checksum::named(name)?.compute(token).and_then(|digits| String::from_utf8(digits).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_templates_are_expanded() {
        let check = |path: &str, want: Option<usize>| {
            assert_eq!(expand(path, b"a = {hex:8}\n{x}").map(|text| text.len()), want);
        };
        check("a.py", None);
        check("a.py.template", Some(16));
        assert_eq!(name("x/.env.template"), "x/.env");
    }
}

//! Lines of `.env`: which names have a value. Not here: files, which hosts read and write.

/// Name and value of a line, without quotes; a line without `=` is a name alone.
pub fn parts(line: &[u8]) -> (&[u8], &[u8]) {
    let line = line.trim_ascii();
    let line = line.strip_prefix(b"export ").unwrap_or(line);
    let Some(at) = memchr::memchr(b'=', line) else { return (line, b"") };
    let value = line[at + 1..].trim_ascii();
    let quoted = |quote: u8| value.len() >= 2 && value[0] == quote && value[value.len() - 1] == quote;
    let value = if quoted(b'"') || quoted(b'\'') { &value[1..value.len() - 1] } else { value };
    (line[..at].trim_ascii(), value)
}

/// Whether `lines` give the variable `name` another value than `value`, also as one of Terraform's.
pub fn is_taken<'l>(lines: impl IntoIterator<Item = &'l [u8]>, name: &str, value: &[u8]) -> bool {
    let terraform = format!("TF_VAR_{}", name.to_ascii_lowercase());
    let is = |key: &[u8]| key == name.as_bytes() || key == terraform.as_bytes();
    lines.into_iter().map(parts).any(|(key, have)| is(key) && have != value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        assert_eq!(parts(b"A='b c'"), (&b"A"[..], &b"b c"[..]));
        assert_eq!(parts(b"export A=\"b\"\r"), (&b"A"[..], &b"b"[..]));
        assert_eq!(parts(b"A = b=c"), (&b"A"[..], &b"b=c"[..]));
        let lines = [&b"A=b"[..], b"TF_VAR_c=d"];
        assert!(is_taken(lines, "A", b"x") && is_taken(lines, "C", b"x"));
        assert!(!is_taken(lines, "A", b"b") && !is_taken(lines, "B", b"x"));
    }
}

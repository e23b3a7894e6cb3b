//! Numbers, booleans and binary values as condition operators read them, from their texts.
//! Not here: dates and addresses.

use std::cmp::Ordering;

/// The sign, the whole part and the fraction of a number, without needless zeros.
fn parts(text: &str) -> Option<(bool, &str, &str)> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    let some = !whole.is_empty() && (!fraction.is_empty() || !digits.contains('.'));
    (plain && some).then(|| (negative, whole.trim_start_matches('0'), fraction.trim_end_matches('0')))
}

/// Whether the text is a number.
pub fn is_number(text: &str) -> bool {
    parts(text).is_some()
}

/// The order of two numbers.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (parts(a)?, parts(b)?);
    let size = a.1.len().cmp(&b.1.len()).then(a.1.cmp(b.1)).then(a.2.cmp(b.2));
    Some(match (a.0, b.0) {
        (false, false) => size,
        (true, true) => size.reverse(),
        (negative, _) => {
            let zeros = [a, b].iter().all(|parts| parts.1.is_empty() && parts.2.is_empty());
            match (zeros, negative) {
                (true, _) => Ordering::Equal,
                (false, true) => Ordering::Less,
                (false, false) => Ordering::Greater,
            }
        }
    })
}

/// Whether the text is `true` or `false`.
pub fn is_bool(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

/// Whether the text is base64.
pub fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len().is_multiple_of(4) && text.len() - body.len() <= 2 && body.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_numbers_by_what_they_are() {
        assert_eq!(compare("2700", "3600"), Some(Ordering::Less));
        assert_eq!(compare("10", "9.75"), Some(Ordering::Greater));
        assert_eq!(compare("-1", "0"), Some(Ordering::Less));
        assert_eq!(compare("-0", "0.0"), Some(Ordering::Equal));
        assert_eq!(compare("1.25", "1.3"), Some(Ordering::Less));
        assert_eq!(compare("-2", "-3"), Some(Ordering::Greater));
        assert_eq!(compare("1h", "2"), None);
        assert!(!is_number("1.") && !is_number("") && is_number("+1"));
        assert!(is_base64("QmluYXJ5") && is_base64("QmluYQ==") && !is_base64("Binary value") && !is_base64("a==="));
    }
}

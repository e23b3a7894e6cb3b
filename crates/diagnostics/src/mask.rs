//! How much of a secret may be shown. The only place that decides it; every sink asks here.

/// What stands for the hidden part: a fixed length, so that a mask does not tell how long the secret is.
pub const MASK: &str = "************";

/// At most this many bytes are shown at the end.
const MAX_SUFFIX: usize = 4;
/// The end is shown only where at least this many bytes stay hidden.
const MIN_HIDDEN: usize = 20;

/// What of a secret is shown: the first `prefix` and the last `suffix` bytes. The default shows nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mask {
    /// Length of the public prefix, such as `ghp_`.
    pub prefix: u8,
    /// Whether the last bytes may be shown too, to tell two tokens apart.
    pub suffix: bool,
}

impl Mask {
    /// Shows nothing: passwords, keys, anything without a public prefix.
    pub const HIDDEN: Mask = Mask { prefix: 0, suffix: false };

    /// A token whose first `prefix` bytes are the same for all tokens of its kind.
    pub fn token(prefix: usize) -> Mask {
        Mask { prefix: u8::try_from(prefix).unwrap_or(u8::MAX), suffix: prefix > 0 }
    }

    /// The secret as it may be printed. Anything but printable ASCII at the ends is hidden as well.
    pub fn apply(self, secret: &[u8]) -> String {
        let mut prefix = usize::from(self.prefix);
        let mut suffix = if self.suffix { MAX_SUFFIX } else { 0 };
        if secret.len() < prefix + suffix + MIN_HIDDEN {
            suffix = 0;
        }
        if secret.len() < prefix + 8 {
            prefix = 0;
        }
        let shown =
            |bytes: &[u8]| bytes.iter().all(u8::is_ascii_graphic).then(|| bytes.iter().map(|&b| b as char).collect());
        let head: String = shown(&secret[..prefix]).unwrap_or_default();
        let tail: String = shown(&secret[secret.len() - suffix..]).unwrap_or_default();
        format!("{head}{MASK}{tail}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_no_more_than_allowed() {
        let check = |mask: Mask, secret: &str, want: &str| assert_eq!(mask.apply(secret.as_bytes()), want);
        check(Mask::HIDDEN, "correct horse battery staple", MASK);
        check(Mask::token(4), "ghp_0123456789012345678901234567abcd", "ghp_************abcd");
        check(Mask::token(4), "ghp_01234567890123", "ghp_************");
        check(Mask::token(4), "ghp_0123", MASK);
        check(Mask::token(0), "0123456789012345678901234567890123456789", MASK);
        check(Mask::HIDDEN, "", MASK);
    }
}

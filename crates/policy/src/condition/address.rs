//! Addresses and ranges as `IpAddress` compares them: CIDR, and which of them no request from the internet has.
//! Not here: which keys hold the caller's address (`checks`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The address as written, in the bits of its kind.
    bits: u128,
    /// How many of its bits count.
    length: u32,
    /// Whether it is of IPv6.
    wide: bool,
}

/// Private, loopback and link-local ranges.
const PRIVATE: &[&str] = &[
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
];

impl Range {
    /// An address, or a range in CIDR form.
    pub fn parse(text: &str) -> Option<Range> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let (bits, wide) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(u32::from(address)), false),
            IpAddr::V6(address) => (u128::from(address), true),
        };
        let whole = if wide { 128 } else { 32 };
        let length = match length {
            None => whole,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
            Some(_) => return None,
        };
        (length <= whole).then_some(Range { bits, length, wide })
    }

    /// The bits that count.
    fn mask(&self) -> u128 {
        let whole: u32 = if self.wide { 128 } else { 32 };
        let all = if self.wide { u128::MAX } else { u128::from(u32::MAX) };
        all & !(u128::MAX.checked_shr(128 - (whole - self.length)).unwrap_or(0))
    }

    /// Whether every address of it is private.
    pub fn is_private(&self) -> bool {
        PRIVATE.iter().filter_map(|text| Range::parse(text)).any(|private| private.takes_in(self))
    }

    fn takes_in(&self, other: &Range) -> bool {
        self.wide == other.wide && self.length <= other.length && self.bits & self.mask() == other.bits & self.mask()
    }

    /// The same range without the bits that do not count, where there are any.
    pub fn trimmed(&self) -> Option<String> {
        let bits = self.bits & self.mask();
        if bits == self.bits {
            return None;
        }
        let address = if self.wide {
            IpAddr::V6(Ipv6Addr::from(bits))
        } else {
            IpAddr::V4(Ipv4Addr::from(u32::try_from(bits).ok()?))
        };
        Some(format!("{address}/{}", self.length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let private = |text: &str| Range::parse(text).expect(text).is_private();
        assert!(private("10.1.2.3") && private("192.168.0.0/16") && private("172.31.0.0/16") && private("fd00::/8"));
        assert!(
            !private("203.0.113.0/24") && !private("172.32.0.0/16") && !private("0.0.0.0/0") && !private("8.0.0.0/6")
        );
        assert_eq!(Range::parse("203.0.113.7/24").expect("range").trimmed().as_deref(), Some("203.0.113.0/24"));
        assert_eq!(Range::parse("2001:db8::1/32").expect("range").trimmed().as_deref(), Some("2001:db8::/32"));
        assert_eq!(Range::parse("203.0.113.7").expect("address").trimmed(), None);
        assert_eq!(Range::parse("0.0.0.0/0").expect("all").trimmed(), None);
        for wrong in
            ["203.0.113.0/33", "203.0.113", "10.0.0.0/8/8", "*", "", "10.0.0.1-10.0.0.9", "10.0.0.0/+8", "10.0.0.0/"]
        {
            assert_eq!(Range::parse(wrong), None, "{wrong}");
        }
    }
}

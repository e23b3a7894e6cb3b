//! The condition operators: what kind of value each compares, and how.
//! Not here: the qualifier and `IfExists` (`model::OperatorName`).

/// What kind of value an operator compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `String…`.
    String,
    /// `Arn…`.
    Arn,
    /// `Numeric…`.
    Numeric,
    /// `Date…`.
    Date,
    /// `Bool`.
    Bool,
    /// `BinaryEquals`.
    Binary,
    /// `IpAddress` and `NotIpAddress`.
    IpAddress,
    /// `Null`.
    Null,
}

impl Family {
    /// For people: "a boolean operator".
    pub fn title(self) -> &'static str {
        match self {
            Family::String => "a string operator",
            Family::Arn => "an ARN operator",
            Family::Numeric => "a numeric operator",
            Family::Date => "a date operator",
            Family::Bool => "`Bool`",
            Family::Binary => "`BinaryEquals`",
            Family::IpAddress => "`IpAddress` or `NotIpAddress`",
            Family::Null => "`Null`",
        }
    }
}

/// How an operator compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// As it is.
    Exactly,
    /// By a pattern of `*` and `?`.
    Pattern,
    /// Lower than the value, or as low.
    Below,
    /// Higher than the value, or as high.
    Above,
}

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatorInfo {
    /// As AWS writes it.
    pub name: &'static str,
    /// What it compares.
    pub family: Family,
    /// Whether it holds where nothing is equal.
    pub negated: bool,
    /// How it compares.
    pub compared: Compared,
}

const fn row(name: &'static str, family: Family, negated: bool, compared: Compared) -> OperatorInfo {
    OperatorInfo { name, family, negated, compared }
}

/// All operators. ARN operators compare by pattern whatever their name says.
pub const OPERATORS: &[OperatorInfo] = {
    use {Compared::*, Family::*};
    &[
        row("StringEquals", String, false, Exactly),
        row("StringLike", String, false, Pattern),
        row("StringNotEquals", String, true, Exactly),
        row("StringNotLike", String, true, Pattern),
        row("StringEqualsIgnoreCase", String, false, Exactly),
        row("StringNotEqualsIgnoreCase", String, true, Exactly),
        row("Bool", Bool, false, Exactly),
        row("Null", Null, false, Exactly),
        row("ArnLike", Arn, false, Pattern),
        row("ArnEquals", Arn, false, Pattern),
        row("ArnNotLike", Arn, true, Pattern),
        row("ArnNotEquals", Arn, true, Pattern),
        row("IpAddress", IpAddress, false, Exactly),
        row("NotIpAddress", IpAddress, true, Exactly),
        row("NumericEquals", Numeric, false, Exactly),
        row("NumericNotEquals", Numeric, true, Exactly),
        row("NumericLessThan", Numeric, false, Below),
        row("NumericLessThanEquals", Numeric, false, Below),
        row("NumericGreaterThan", Numeric, false, Above),
        row("NumericGreaterThanEquals", Numeric, false, Above),
        row("DateEquals", Date, false, Exactly),
        row("DateNotEquals", Date, true, Exactly),
        row("DateLessThan", Date, false, Below),
        row("DateLessThanEquals", Date, false, Below),
        row("DateGreaterThan", Date, false, Above),
        row("DateGreaterThanEquals", Date, false, Above),
        row("BinaryEquals", Binary, false, Exactly),
    ]
};

/// The operator of this name, without qualifier and `IfExists`. AWS takes it in any capitals.
pub fn find(base: &str) -> Option<&'static OperatorInfo> {
    OPERATORS.iter().find(|operator| operator.name.eq_ignore_ascii_case(base))
}

/// The operator that is meant by a name which is none: the only one that is nearest, at most two letters away.
pub fn nearest(base: &str) -> Option<&'static OperatorInfo> {
    nearest_of(base, OPERATORS.iter().map(|operator| (operator.name, operator)))
}

/// The qualifier that is meant by a word which is none.
pub fn nearest_qualifier(word: &str) -> Option<&'static str> {
    nearest_of(word, ["ForAllValues", "ForAnyValue"].into_iter().map(|name| (name, name)))
}

fn nearest_of<T>(word: &str, names: impl Iterator<Item = (&'static str, T)>) -> Option<T> {
    let word = word.to_ascii_lowercase();
    if word.len() > 40 {
        return None;
    }
    let mut best: Option<(usize, T)> = None;
    let mut alone = false;
    for (name, value) in names {
        let distance = distance(word.as_bytes(), name.to_ascii_lowercase().as_bytes());
        match &best {
            Some((least, _)) if *least < distance => {}
            Some((least, _)) if *least == distance => alone = false,
            _ => {
                best = Some((distance, value));
                alone = true;
            }
        }
    }
    best.filter(|(distance, _)| alone && *distance <= 2).map(|(_, value)| value)
}

/// How many letters must be put in, taken out or changed.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = before + usize::from(x != y);
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_meant() {
        assert_eq!(find("stringLike").map(|operator| operator.name), Some("StringLike"));
        assert_eq!(nearest("StringNotEqual").map(|operator| operator.name), Some("StringNotEquals"));
        assert_eq!(nearest("Boolean"), None);
        assert_eq!(nearest("IpAdress").map(|operator| operator.name), Some("IpAddress"));
        assert_eq!(nearest_qualifier("ForAnyValues"), Some("ForAnyValue"));
    }
}

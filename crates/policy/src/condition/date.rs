//! Dates as the date operators read them: the W3C profile of ISO 8601, and seconds since 1970.
//! Not here: comparing them.

/// How a text says a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `2026-09-26`, `2026-09-26T08:00:00Z` and the shorter and longer forms of the profile.
    Written,
    /// Seconds, or milliseconds, since 1970.
    Epoch,
}

/// The form of a date; `None` where it is none.
pub fn form(text: &str) -> Option<Form> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && text.len() != 4 {
        return Some(Form::Epoch);
    }
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let fields: Vec<&str> = date.split('-').collect();
    let number = |field: &str, len: usize, low: u32, high: u32| {
        let plain = field.len() == len && field.bytes().all(|byte| byte.is_ascii_digit());
        plain && field.parse().is_ok_and(|value: u32| (low..=high).contains(&value))
    };
    let day = match fields.as_slice() {
        [year] => number(year, 4, 0, 9999) && time.is_none(),
        [year, month] => number(year, 4, 0, 9999) && number(month, 2, 1, 12) && time.is_none(),
        [year, month, day] => number(year, 4, 0, 9999) && number(month, 2, 1, 12) && number(day, 2, 1, 31),
        _ => false,
    };
    let hour = time.is_none_or(|time| {
        let (clock, zone) = match time.find(['Z', 'z', '+', '-']) {
            Some(at) => (&time[..at], &time[at..]),
            None => (time, "Z"),
        };
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let mut fields = clock.split(':');
        let hours = fields.next().is_some_and(|hours| number(hours, 2, 0, 24));
        let rest = fields.clone().count() <= 2 && fields.all(|field| number(field, 2, 0, 60));
        let offset = zone.trim_start_matches(['Z', 'z', '+', '-']).replace(':', "");
        let zone = matches!(zone, "Z" | "z") || matches!(offset.len(), 2 | 4) && number(&offset, offset.len(), 0, 2400);
        hours && rest && zone && !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())
    });
    (day && hour).then_some(Form::Written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for date in
            ["2026", "2026-09", "2026-09-26", "2026-09-26T08:00Z", "2026-09-26T08:00:00.5+01:00", "2026-09-26T08:00:00"]
        {
            assert_eq!(form(date), Some(Form::Written), "{date}");
        }
        assert_eq!(form("1790323200"), Some(Form::Epoch));
        for wrong in
            ["", "tomorrow", "2026-13-01", "2026-09-26Tnoon", "26.09.2026", "2026-9-6", "2026-09-26T08:00:00+1"]
        {
            assert_eq!(form(wrong), None, "{wrong}");
        }
    }
}

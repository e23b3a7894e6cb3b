//! Numbers in words: the last line of a report.
//! Not here: counting (`Tally`).

use std::time::Duration;

use keylint_diagnostics::{Severity, SuppressionKind};

use crate::Summary;

/// `5 findings in 3 files (2 critical, 3 high), 3 at the gate · 1 ignored, 3 in baseline · 41 files, 1.2 MB in 9 ms`.
pub(crate) fn last_line(summary: &Summary, documents: u64, ascii: bool) -> String {
    let counts = &summary.counts;
    let mut parts = Vec::new();
    let findings = counts.findings();
    parts.push(if findings == 0 {
        "no findings".into()
    } else {
        let severities = Severity::ALL.iter().rev().filter(|&&severity| counts.severity(severity) > 0);
        let severities: Vec<_> =
            severities.map(|&severity| format!("{} {severity}", counts.severity(severity))).collect();
        let place = if documents > 0 { format!(" in {}", number(documents, "file")) } else { String::new() };
        let gate = if counts.at_gate > 0 { format!(", {} at the gate", counts.at_gate) } else { String::new() };
        format!("{}{place} ({}){gate}", number(findings, "finding"), severities.join(", "))
    });
    let kinds = SuppressionKind::ALL.iter().filter(|&&kind| counts.suppressed(kind) > 0);
    let kinds: Vec<_> = kinds.map(|&kind| format!("{} {}", counts.suppressed(kind), suppressed(kind))).collect();
    if !kinds.is_empty() {
        parts.push(kinds.join(", "));
    }
    let time = summary.elapsed.map_or(String::new(), |elapsed| format!(" in {}", time(elapsed)));
    parts.push(format!("{}, {}{time}", number(summary.files, "file"), bytes(summary.bytes)));
    if summary.excluded > 0 {
        parts.push(format!("{} excluded", summary.excluded));
    }
    let incomplete = summary.incomplete().count();
    if incomplete > 0 {
        parts.push(format!("{incomplete} not scanned"));
    } else if !summary.complete {
        parts.push("scan incomplete".into());
    }
    parts.join(if ascii { " - " } else { " · " })
}

fn suppressed(kind: SuppressionKind) -> &'static str {
    match kind {
        SuppressionKind::Inline => "ignored inline",
        SuppressionKind::Baseline => "in baseline",
        SuppressionKind::Config => "allowed by configuration",
    }
}

/// `1 file`, `2 files`.
pub(crate) fn number(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Bytes in powers of 1000, with one digit after the point below ten.
fn bytes(count: u64) -> String {
    let mut unit = 1;
    let mut names = ["kB", "MB", "GB", "TB"].into_iter();
    let mut name = None;
    while count / unit >= 1000 {
        let Some(next) = names.next() else { break };
        (unit, name) = (unit * 1000, Some(next));
    }
    match name {
        None => format!("{count} B"),
        Some(name) if count / unit < 10 => format!("{}.{} {name}", count / unit, count % unit / (unit / 10)),
        Some(name) => format!("{} {name}", count / unit),
    }
}

fn time(elapsed: Duration) -> String {
    let (seconds, millis) = (elapsed.as_secs(), elapsed.as_millis());
    match seconds {
        0 => format!("{millis} ms"),
        1..60 => format!("{seconds}.{} s", elapsed.subsec_millis() / 100),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times() {
        let check = |count, want: &str| assert_eq!(bytes(count), want);
        check(0, "0 B");
        check(999, "999 B");
        check(1_250_000, "1.2 MB");
        check(41_000, "41 kB");
        check(u64::MAX, "18446744 TB");
        let check = |millis, want: &str| assert_eq!(time(Duration::from_millis(millis)), want);
        check(9, "9 ms");
        check(1_250, "1.2 s");
        check(61_000, "1 min 1 s");
    }
}

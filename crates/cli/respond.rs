//! The command `respond`: what to do, in which order, about one secret that leaked.
//! Not here: the rules' own texts (`rules/`), or who goes first (`triage.rs`). The secret itself is never printed.

use std::{fmt::Write, process::ExitCode};

use anyhow::bail;
use keylint_report::printable;
use keylint_rules::About;

use crate::{
    args::{CheckArgs, GlobalArgs, RespondArgs},
    config_file,
    reports::{Entry, Report},
    shell,
    terminal::{Terminal, counted},
};

/// Fewer digits would name too many secrets; `keylint redact` prints as many.
const LEAST_DIGITS: usize = 4;
/// Places that are listed; the rest is counted.
const MAX_PLACES: usize = 50;

/// The CloudTrail query for a key id, which stands in a variable so that neither this text nor the shell's history
/// holds it: <https://docs.aws.amazon.com/cli/latest/reference/cloudtrail/lookup-events.html>
const CLOUDTRAIL: &str = "\
read -r ACCESS_KEY_ID    # paste the key id; it is read, not stored
aws sts get-access-key-info --access-key-id \"$ACCESS_KEY_ID\"
aws iam get-access-key-last-used --access-key-id \"$ACCESS_KEY_ID\"
aws cloudtrail lookup-events \\
  --lookup-attributes AttributeKey=AccessKeyId,AttributeValue=\"$ACCESS_KEY_ID\" \\
  --query 'Events[].[EventTime,EventName,EventSource,Username]' --output table
# CloudTrail's event history is kept for 90 days, region by region; ask a trail or CloudTrail Lake for more.";

/// How to take a text out of a history: <https://htmlpreview.github.io/?https://github.com/newren/git-filter-repo/blob/docs/html/git-filter-repo.html>
const HISTORY: &str = "\
Only once it is revoked: copies, forks and caches keep what was pushed.
umask 077; \"${EDITOR:-vi}\" ../replacements.txt    # one line: the secret, then ==>REMOVED
git clone --mirror URL ../clean.git && cd ../clean.git
git filter-repo --sensitive-data-removal --replace-text ../replacements.txt
keylint git    # look before the push: nothing of it may be left
git push --force --mirror origin
shred -u ../replacements.txt    # then every clone is made anew, and the host asked to drop its caches";

/// Runs `respond`.
pub(crate) fn run(args: &RespondArgs, global: &GlobalArgs) -> anyhow::Result<ExitCode> {
    let digits = digits(&args.fingerprint)?;
    let reports = if args.reports.is_empty() {
        let check = CheckArgs { paths: args.paths.clone(), rules: args.rules.clone(), ..CheckArgs::default() };
        vec![Report::scan(&check, global)?]
    } else {
        args.reports.iter().map(|path| Report::read(path)).collect::<Result<_, _>>()?
    };
    let mut entries = Vec::new();
    for (index, report) in reports.iter().enumerate() {
        entries.extend(report.entries(index)?.into_iter().filter(|entry| entry.fingerprint.starts_with(&digits)));
    }
    let Some(first) = entries.first() else {
        bail!("no finding has the fingerprint `{}`", printable(&args.fingerprint))
    };
    let mut others: Vec<&str> = entries.iter().map(|entry| entry.fingerprint.as_str()).collect();
    others.sort_unstable();
    others.dedup();
    if others.len() > 1 {
        bail!("`{digits}` begins several fingerprints: {}", others.join(", "));
    }
    let about = about(args, &first.rule)?;
    let bold = Terminal::detect(global.color).color;
    shell::print(runbook(&entries, &reports, &about, bold).as_bytes())
}

/// The digits of a fingerprint, also out of a placeholder such as `<secret:github-token:3f9a>`.
fn digits(text: &str) -> anyhow::Result<String> {
    let inner =
        text.strip_prefix("<secret:").and_then(|text| text.strip_suffix('>')).and_then(|text| text.rsplit_once(':'));
    let digits = inner.map_or(text, |(_, digits)| digits).to_ascii_lowercase();
    if digits.len() < LEAST_DIGITS || digits.len() > 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        bail!(
            "`{}` is no fingerprint: at least {LEAST_DIGITS} of its 32 hexadecimal digits are needed",
            printable(text)
        );
    }
    Ok(digits)
}

fn about(args: &RespondArgs, rule: &str) -> anyhow::Result<About> {
    let scope = config_file::here(&args.rules)?;
    let own = scope.loaded.rules.iter().find(|file| file.rule.id == rule).map(|file| file.about.clone());
    Ok(own.or_else(|| keylint_rules::about(rule).cloned()).unwrap_or_default())
}

fn runbook(entries: &[Entry], reports: &[Report], about: &About, bold: bool) -> String {
    let bold = |text: &str| if bold { format!("\x1b[1m{text}\x1b[0m") } else { text.to_string() };
    let first = &entries[0];
    let mut out = format!("{}: {}\n", bold(&printable(&first.rule)), printable(&first.message));
    let heads = entries.iter().filter(|entry| entry.in_head).count();
    let facts = [
        format!("fingerprint {}", first.fingerprint),
        format!("severity {}, confidence {}", first.severity, first.confidence),
        format!("{}, {heads} of them in what is checked out", counted(entries.len(), "place")),
        first.evidence.join(", "),
    ];
    for fact in facts.iter().filter(|fact| !fact.is_empty()) {
        let _ = writeln!(out, "  {}", printable(fact));
    }
    let aws = first.rule.starts_with("aws-");
    let audit = if aws { format!("{}\n{CLOUDTRAIL}", about.response.audit) } else { about.response.audit.clone() };
    let paths = {
        let mut paths: Vec<String> =
            entries.iter().filter(|entry| entry.in_head).map(|entry| quoted(&entry.path)).collect();
        paths.sort();
        paths.dedup();
        paths.truncate(MAX_PLACES);
        paths
    };
    let code = if paths.is_empty() {
        String::new()
    } else {
        format!("keylint check --diff {}\nkeylint check --fix --unsafe {}", paths.join(" "), paths.join(" "))
    };
    let steps = [
        ("Contain", about.response.contain.clone()),
        ("Revoke it, and issue another", about.response.revoke.clone()),
        ("Where it is used", places(entries, reports)),
        ("See what was done with it", audit),
        ("Take it out of the code", code),
        ("Take it out of the history", HISTORY.into()),
        ("What it is", about.docs.clone()),
        (
            "References",
            about.references.iter().cloned().chain([keylint_rules::page(&first.rule)]).collect::<Vec<_>>().join("\n"),
        ),
    ];
    let mut number = 0;
    for (title, text) in steps.iter().filter(|(_, text)| !text.trim().is_empty()) {
        number += 1;
        let _ = writeln!(out, "\n{}", bold(&format!("{number}. {title}")));
        for line in text.trim().lines() {
            let _ = writeln!(out, "   {line}");
        }
    }
    out
}

fn places(entries: &[Entry], reports: &[Report]) -> String {
    let name = |entry: &Entry| {
        let name = reports.get(entry.report).map(|report| report.name.as_str()).filter(|_| reports.len() > 1);
        printable(&name.map_or(entry.place(), |name| format!("{name}: {}", entry.place())))
    };
    let mut lines: Vec<String> = entries.iter().take(MAX_PLACES).map(name).collect();
    if entries.len() > MAX_PLACES {
        lines.push(format!("and {} more", entries.len() - MAX_PLACES));
    }
    lines.join("\n")
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./+=:@%,".contains(&b));
    if plain { path.into() } else { format!("'{}'", printable(&path.replace('\'', "'\\''"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_and_placeholders() {
        assert_eq!(digits("3F9a").ok().as_deref(), Some("3f9a"));
        assert_eq!(digits("<secret:github-token:3f9a>").ok().as_deref(), Some("3f9a"));
        assert!(digits("3f9").is_err() && digits("github").is_err());
    }
}

//! Finds other scanners in hooks and workflows, and says what stands there instead. Only says: a pipeline is its owner's.
//! Not here: what the scanners are configured with.

use std::{fs, path::Path};

use super::plan::{Patch, Plan};
use crate::place::slashed;

/// The file of the pre-commit framework.
const PRE_COMMIT: &str = ".pre-commit-config.yaml";
/// Repositories of hooks that keylint stands for, in lower case.
const HOOKS: [&str; 7] = [
    "gitleaks/gitleaks",
    "zricethezav/gitleaks",
    "betterleaks/betterleaks",
    "yelp/detect-secrets",
    "ibm/detect-secrets",
    "gitguardian/ggshield",
    "mongodb/kingfisher",
];
/// Actions that keylint stands for, in lower case.
const ACTIONS: [&str; 5] = [
    "gitleaks/gitleaks-action",
    "zricethezav/gitleaks-action",
    "gitguardian/ggshield-action",
    "gitguardian/ggshield/actions",
    "mongodb/kingfisher",
];
/// Programs that a hook or a step of one's own may run.
const PROGRAMS: [&str; 6] = ["gitleaks", "betterleaks", "detect-secrets", "secretlint", "ggshield", "kingfisher scan"];

/// Reads hooks and workflows below `root`.
pub(super) fn read(root: &Path, plan: &mut Plan) {
    if let Ok(text) = fs::read_to_string(root.join(PRE_COMMIT)) {
        hooks(&text, plan);
    }
    let folder = root.join(".github/workflows");
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "yml" || e == "yaml")).collect();
    paths.sort();
    for path in paths {
        if let Ok(text) = fs::read_to_string(&path) {
            workflow(&slashed(path.strip_prefix(root).unwrap_or(&path)), &text, plan);
        }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// What follows `key:`, without quotes or a comment.
fn value<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let rest = line.trim_start().trim_start_matches("- ").trim_start().strip_prefix(key)?.strip_prefix(':')?;
    Some(rest.split(" #").next().unwrap_or(rest).trim().trim_matches(['"', '\'']))
}

/// Replaces the entries of other scanners in the list of repositories; the first becomes keylint's, the others go.
fn hooks(text: &str, plan: &mut Plan) {
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].trim_start().starts_with("- repo:")).collect();
    let mut done = false;
    for (index, &start) in starts.iter().enumerate() {
        let deep = indent(lines[start]);
        let next = starts.get(index + 1).copied().unwrap_or(lines.len());
        let inside = |line: &&str| line.trim().is_empty() || indent(line) > deep;
        let mut end = start + 1 + lines[start + 1..next].iter().take_while(|line| inside(line)).count();
        while end > start + 1 && lines[end - 1].trim().is_empty() {
            end -= 1;
        }
        let repository = value(lines[start], "repo").unwrap_or_default().to_ascii_lowercase();
        if repository == "local" {
            for (at, line) in lines.iter().enumerate().take(end).skip(start) {
                if value(line, "entry").is_some_and(|entry| PROGRAMS.iter().any(|program| entry.contains(program))) {
                    plan.lose(format!("{PRE_COMMIT}:{}", at + 1), "a hook of your own: let it run `keylint --staged`");
                }
            }
        } else if HOOKS.iter().any(|hook| repository.trim_end_matches(".git").ends_with(hook)) {
            let pad = " ".repeat(deep);
            let entry = [
                format!("{pad}- repo: https://github.com/keylint/keylint"),
                format!("{pad}  rev: v{}", env!("CARGO_PKG_VERSION")),
                format!("{pad}  hooks:"),
                format!("{pad}    - id: keylint"),
            ];
            plan.patches.push(Patch {
                path: PRE_COMMIT.into(),
                line: start + 1,
                before: lines[start..end].iter().map(|line| line.to_string()).collect(),
                after: if done { Vec::new() } else { entry.to_vec() },
            });
            done = true;
        }
    }
}

/// Replaces the actions of other scanners in a workflow.
fn workflow(path: &str, text: &str, plan: &mut Plan) {
    for (index, line) in text.lines().enumerate() {
        if let Some(action) = value(line, "uses").map(str::to_ascii_lowercase) {
            let name = action.split('@').next().unwrap_or_default();
            if ACTIONS.iter().any(|known| name == *known || name.starts_with(&format!("{known}/"))) {
                let head = &line[..line.find("uses:").unwrap_or(0)];
                let version = env!("CARGO_PKG_VERSION").split('.').next().unwrap_or_default();
                plan.patches.push(Patch {
                    path: path.into(),
                    line: index + 1,
                    before: vec![line.into()],
                    after: vec![format!("{head}uses: keylint/keylint@v{version}")],
                });
            }
        } else if !line.trim_start().starts_with('#') && PROGRAMS.iter().any(|program| runs(line, program)) {
            plan.lose(format!("{path}:{}", index + 1), "a step of your own: let it run `keylint check`");
        }
    }
}

/// Whether a line runs `program`: it begins a command there.
fn runs(line: &str, program: &str) -> bool {
    let command = value(line, "run").unwrap_or(line.trim());
    let command = command.trim_start_matches("npx ").trim_start_matches("docker run ");
    command.strip_prefix(program).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_are_replaced_once() {
        let text = "repos:\n  - repo: https://github.com/gitleaks/gitleaks\n    rev: v8\n    hooks:\n      - id: gitleaks\n\n  # next\n  - repo: https://github.com/Yelp/detect-secrets\n    rev: v1\n    hooks:\n    - id: detect-secrets\n  - repo: local\n    hooks:\n    - id: x\n      entry: gitleaks protect\n";
        let mut plan = Plan::default();
        hooks(text, &mut plan);
        let got: Vec<_> =
            plan.patches.iter().map(|patch| (patch.line, patch.before.len(), patch.after.len())).collect();
        assert_eq!(got, [(2, 4, 4), (8, 4, 0)]);
        assert_eq!(plan.lost.len(), 1);
    }

    #[test]
    fn actions_are_replaced() {
        let mut plan = Plan::default();
        workflow(
            "w.yml",
            "steps:\n  - uses: gitleaks/gitleaks-action@v2\n  - run: gitleaks detect -v\n  - run: echo gitleaks",
            &mut plan,
        );
        assert_eq!(plan.patches[0].after, ["  - uses: keylint/keylint@v0"]);
        assert_eq!(plan.lost.len(), 1);
    }
}

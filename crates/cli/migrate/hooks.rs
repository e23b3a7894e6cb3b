//! Finds other scanners in hooks and workflows, and puts keylint in their place where reading the file again proves that
//! the rest is as it was; else says where they stand. Not here: what the scanners are configured with.

use std::{fs, path::Path};

use serde_json::Value as Json;

use super::{
    plan::{Change, Plan},
    tables::yaml,
};
use crate::place::slashed;

/// The files of the pre-commit framework.
const PRE_COMMIT: [&str; 2] = [".pre-commit-config.yaml", ".pre-commit-config.yml"];
/// Where keylint's hooks and action come from.
const OWN: &str = "keylint/keylint";
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
/// Other files and folders whose lines may run one of them.
const OTHERS: [&str; 15] = [
    ".husky",
    ".git/hooks/pre-commit",
    ".git/hooks/pre-push",
    ".circleci/config.yml",
    ".gitlab-ci.yml",
    ".lefthook.yml",
    ".lintstagedrc",
    ".lintstagedrc.json",
    "Jenkinsfile",
    "Makefile",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "justfile",
    "lefthook.yml",
    "package.json",
];
/// What a line of one's own is to run instead.
const INSTEAD: &str = "let it run `keylint check --staged` before a commit, or `keylint check`";

/// Reads hooks and workflows below `root`.
pub(super) fn read(root: &Path, plan: &mut Plan) {
    for name in PRE_COMMIT {
        if let Ok(text) = fs::read_to_string(root.join(name)) {
            hooks(name, &text, plan);
        }
    }
    for path in files(&root.join(".github/workflows")) {
        let is_yaml = path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
        if let Some(text) = fs::read_to_string(&path).ok().filter(|_| is_yaml) {
            workflow(&slashed(path.strip_prefix(root).unwrap_or(&path)), &text, plan);
        }
    }
    for path in OTHERS.iter().flat_map(|name| files(&root.join(name))) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let name = slashed(path.strip_prefix(root).unwrap_or(&path));
        for (index, line) in text.lines().enumerate().filter(|(_, line)| runs_any(line)) {
            let program = PROGRAMS.iter().find(|program| line.contains(*program)).copied().unwrap_or_default();
            plan.lose(format!("{name}:{}", index + 1), format!("`{program}` runs here: {INSTEAD}"));
        }
    }
}

/// The files in a folder, in order, or the file itself.
fn files(path: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = fs::read_dir(path) else { return vec![path.into()] };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// What follows `key:`, without quotes or a comment.
fn value<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let rest = line.trim_start().trim_start_matches("- ").trim_start().strip_prefix(key)?.strip_prefix(':')?;
    Some(rest.split(" #").next().unwrap_or(rest).trim().trim_matches(['"', '\'']))
}

/// Whether hooks come from one of the scanners.
fn is_rival(repository: &str) -> bool {
    let repository = repository.to_ascii_lowercase();
    HOOKS.iter().any(|hook| repository.trim_end_matches(".git").ends_with(hook))
}

/// Replaces the entries of other scanners in the list of repositories; the first becomes keylint's, the others go.
fn hooks(name: &str, text: &str, plan: &mut Plan) {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].trim_start().starts_with("- repo:")).collect();
    let repository = |start: usize| value(lines[start], "repo").unwrap_or_default();
    let mut done = starts.iter().any(|&start| repository(start).trim_end_matches(".git").ends_with(OWN));
    let (mut after, mut from) = (String::new(), 0);
    for (index, &start) in starts.iter().enumerate() {
        let deep = indent(lines[start]);
        let next = starts.get(index + 1).copied().unwrap_or(lines.len());
        let inside = |line: &&str| line.trim().is_empty() || indent(line) > deep;
        let mut end = start + 1 + lines[start + 1..next].iter().take_while(|line| inside(line)).count();
        while end > start + 1 && lines[end - 1].trim().is_empty() {
            end -= 1;
        }
        if repository(start) == "local" {
            for (at, line) in lines.iter().enumerate().take(end).skip(start) {
                if value(line, "entry").is_some_and(|entry| PROGRAMS.iter().any(|program| entry.contains(program))) {
                    plan.lose(format!("{name}:{}", at + 1), format!("a hook of your own: {INSTEAD}"));
                }
            }
        } else if is_rival(repository(start)) {
            after.push_str(&lines[from..start].concat());
            from = end;
            if !done {
                let pad = " ".repeat(deep);
                after.push_str(&format!(
                    "{pad}- repo: https://github.com/{OWN}\n{pad}  rev: v{}\n{pad}  hooks:\n{pad}    - id: keylint\n",
                    env!("CARGO_PKG_VERSION")
                ));
            }
            done = true;
        }
    }
    after.push_str(&lines[from..].concat());
    change(name, text, after, &without_scanners, plan);
}

/// The file without the entries of scanners, keylint's among them.
fn without_scanners(file: &mut Json) {
    if let Some(repositories) = file.get_mut("repos").and_then(Json::as_array_mut) {
        repositories.retain(|entry| {
            let name = entry.get("repo").and_then(Json::as_str).unwrap_or_default();
            !is_rival(name) && !name.trim_end_matches(".git").ends_with(OWN)
        });
    }
}

/// Notes the change of a file, if both its texts are the same but for what `strip` takes away.
fn change(name: &str, before: &str, after: String, strip: &dyn Fn(&mut Json), plan: &mut Plan) {
    if before == after {
        return;
    }
    let rest = |text: &str| {
        yaml(text).ok().map(|mut file| {
            strip(&mut file);
            file
        })
    };
    match rest(before).is_some_and(|file| Some(file) == rest(&after)) {
        true => plan.changes.push(Change { path: name.into(), before: before.into(), after }),
        false => plan.lose(name, "another scanner stands in it, in a way that cannot be changed safely"),
    }
}

/// Whether an action is one of the scanners'.
fn is_action(uses: &str) -> bool {
    let uses = uses.to_ascii_lowercase();
    let name = uses.split('@').next().unwrap_or_default();
    ACTIONS.iter().any(|known| name == *known || name.strip_prefix(known).is_some_and(|rest| rest.starts_with('/')))
}

/// Replaces the actions of other scanners in a workflow.
fn workflow(path: &str, text: &str, plan: &mut Plan) {
    let version = env!("CARGO_PKG_VERSION");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut after = String::new();
    for (index, line) in lines.iter().enumerate() {
        if value(line, "uses").is_some_and(is_action) {
            let head = &line[..line.find("uses:").unwrap_or(0)];
            let end = &line[line.trim_end_matches(['\r', '\n']).len()..];
            after.push_str(&format!("{head}uses: {OWN}@v{version}{end}"));
            let step = lines[index + 1..].iter().take_while(|line| !line.trim_start().starts_with("- "));
            let mut step = step.take_while(|line| line.trim().is_empty() || indent(line) >= head.trim_end().len());
            if step.any(|line| line.trim_start().starts_with("with:")) {
                plan.lose(format!("{path}:{}", index + 1), "what stands under `with` were the other action's inputs");
            }
            continue;
        }
        after.push_str(line);
        if runs_any(line) {
            plan.lose(format!("{path}:{}", index + 1), format!("a step of your own: {INSTEAD}"));
        }
    }
    change(path, text, after, &without_actions, plan);
}

/// The file without the names of the scanners' actions, keylint's among them.
fn without_actions(file: &mut Json) {
    match file {
        Json::Array(items) => items.iter_mut().for_each(without_actions),
        Json::Object(keys) => {
            let own = |uses: &str| is_action(uses) || uses.starts_with(&format!("{OWN}@"));
            if keys.get("uses").and_then(Json::as_str).is_some_and(own) {
                keys.remove("uses");
            }
            keys.values_mut().for_each(without_actions);
        }
        _ => {}
    }
}

/// Whether a line runs one of the programs.
fn runs_any(line: &str) -> bool {
    if line.trim_start().starts_with('#') {
        return false;
    }
    let runs = |command: &str, rest: fn(&str) -> bool| {
        let command = command.trim().trim_start_matches("- ").trim_start();
        let command = command.trim_start_matches("npx ").trim_start_matches("docker run ");
        PROGRAMS.iter().any(|program| command.strip_prefix(program).is_some_and(rest))
    };
    let whole = [line, value(line, "run").unwrap_or_default()];
    // `"lint": "eslint . && secretlint ."` runs the second one; a name in quotes alone is a dependency.
    let mut parts = line.split(['"', '\'', '&', ';', '|', '@']);
    whole.into_iter().any(|command| runs(command, |rest| rest.is_empty() || rest.starts_with(' ')))
        || parts.any(|command| runs(command, |rest| rest.starts_with(' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(read: impl Fn(&mut Plan)) -> (String, usize) {
        let mut plan = Plan::default();
        read(&mut plan);
        (plan.changes.iter().map(|change| change.after.as_str()).collect(), plan.lost.len())
    }

    #[test]
    fn hooks_are_replaced_once() {
        let text = "repos:\n  - repo: https://github.com/gitleaks/gitleaks\n    rev: v8\n    hooks:\n      - id: gitleaks\n\n  # next\n  - repo: https://github.com/Yelp/detect-secrets\n    rev: v1\n    hooks:\n    - id: detect-secrets\n  - repo: local\n    hooks:\n    - id: x\n      entry: gitleaks protect\n";
        let own = format!(
            "  - repo: https://github.com/keylint/keylint\n    rev: v{}\n    hooks:\n      - id: keylint\n",
            env!("CARGO_PKG_VERSION")
        );
        let rest = "\n  # next\n  - repo: local\n    hooks:\n    - id: x\n      entry: gitleaks protect\n";
        let want = format!("repos:\n{own}{rest}");
        assert_eq!(of(|plan| hooks("p", text, plan)), (want.clone(), 1));
        // A second time there is nothing to do; where keylint stands already, the others only go.
        assert_eq!(of(|plan| hooks("p", &want, plan)), (String::new(), 1));
        let both = format!("{}  - repo: https://github.com/gitleaks/gitleaks\n    hooks: []\n", want);
        assert_eq!(of(|plan| hooks("p", &both, plan)), (want, 1));
        // Not a list of lines.
        let odd = "repos: [{repo: a},\n  # \n- repo: https://github.com/gitleaks/gitleaks\n";
        assert_eq!(of(|plan| hooks("p", odd, plan)), (String::new(), 1));
    }

    #[test]
    fn actions_are_replaced() {
        let text = "steps:\r\n  - uses: gitleaks/gitleaks-action@v2\r\n    with:\r\n      a: b\r\n  - run: gitleaks detect -v\r\n  - run: echo gitleaks\r\n";
        let want = text.replace("gitleaks/gitleaks-action@v2", concat!("keylint/keylint@v", env!("CARGO_PKG_VERSION")));
        assert_eq!(of(|plan| workflow("w.yml", text, plan)), (want, 2));
        assert_eq!(of(|plan| workflow("w.yml", "steps:\n  - uses: actions/checkout@v4\n", plan)), (String::new(), 0));
    }

    #[test]
    fn commands_are_found() {
        let check = |line: &str, want: bool| assert_eq!(runs_any(line), want, "{line}");
        check("npx secretlint '**/*'", true);
        check("  \"lint\": \"eslint . && secretlint .\",", true);
        check("\t@gitleaks detect", true);
        check("  - gitleaks detect", true);
        check("  \"secretlint\": \"^9\",", false);
        check("# gitleaks detect", false);
        check("echo gitleaks", false);
    }
}

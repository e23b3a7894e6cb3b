//! Rule `specific-github-repo-and-branch-recommended`: a wildcard in the subject of tokens of GitHub Actions.

use super::web_identity::GITHUB;
use crate::{
    condition::{self, Compared},
    context::{Context, Problem},
    wildcard::is_pattern,
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()) {
        if !test.needs_key() || test.info.compared != Compared::Pattern || !test.statement.allows() {
            continue;
        }
        let is_subject =
            test.starts_with(GITHUB) && test.name().is_some_and(|name| name.to_ascii_lowercase().ends_with(":sub"));
        if !is_subject {
            continue;
        }
        let names_branch = condition::of(test.statement).any(|other| {
            other.starts_with(GITHUB) && other.name().is_some_and(|name| name.ends_with(":ref")) && other.needs_key()
        });
        for (value, text) in test.key.values.known().filter(|(_, text)| is_pattern(text)) {
            let repository: String = text.split(':').take(2).collect();
            if names_branch && !is_pattern(&repository) {
                continue;
            }
            let what = if is_pattern(&repository) { "repository" } else { "branch, tag, pull request and environment" };
            let message = format!(
                "`{text}` admits workflows of any {what} that the wildcard reaches: name the repository and the branch"
            );
            out.push(Problem::new(value.span, message));
        }
    }
}

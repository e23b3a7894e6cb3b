//! Rule `missing-github-repo-condition-key`: GitHub Actions trusted without saying which repository.

use super::web_identity;
use crate::context::{Context, Problem};

/// Claims that say whose workflow it is.
const CLAIMS: &[&str] = &[
    "sub",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "job_workflow_ref",
    "enterprise_id",
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for trusted in web_identity::trusted(cx).filter(|trusted| trusted.is_github()) {
        if !trusted.tests(|claim| CLAIMS.iter().any(|known| known.eq_ignore_ascii_case(claim))) {
            let message =
                format!("workflows of every repository of GitHub can assume the role: compare `{}:sub`", trusted.host);
            out.push(Problem::new(trusted.value.span, message));
        }
    }
}

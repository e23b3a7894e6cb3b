//! Rule `variable-usage-too-permissive`: a policy variable that the caller fills, where it decides whose request is admitted.

use super::reach::{self, LETTERS, Reach};
use crate::{
    condition::{self, Family},
    context::{Context, Problem},
    variable::variables,
};

/// Variables that AWS fills with an account or an organization, and nobody else.
const TRUSTED: &[&str] = &[
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:Ec2InstanceSourceVPC",
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    for test in condition::tests(cx.statements()) {
        if !matches!(test.info.family, Family::String | Family::Arn) || test.statement.denies() {
            continue;
        }
        let Some(reach) = reach::of(&test) else { continue };
        for (value, text) in test.key.values.known().filter(|(_, text)| text.contains("${")) {
            let filled = variables(text).filter(|variable| {
                let name = variable.inner.split(',').next().unwrap_or_default().trim();
                variable.closed && !variable.is_escape() && !TRUSTED.iter().any(|own| own.eq_ignore_ascii_case(name))
            });
            let open: Vec<_> = filled.map(|variable| variable.range).collect();
            if reach::is_too_far(reach, text, &open) {
                let name = &test.key.name.text;
                let message = match reach {
                    Reach::AfterLetters => {
                        format!("fewer than {LETTERS} letters stand before a policy variable in `{name}`")
                    }
                    _ => format!("a policy variable in `{name}` may come to admit values that belong to others"),
                };
                out.push(Problem::new(value.span, message));
            }
        }
    }
}

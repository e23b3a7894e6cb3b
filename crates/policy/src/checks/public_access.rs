//! Rule `public-access`: a resource policy that lets everybody in the world in.

use keylint_diagnostics::Severity;

use super::everybody::{everybody, is_fenced};
use crate::{
    PolicyKind,
    context::{Context, Problem},
};

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let what = match cx.policy.kind {
        PolicyKind::KmsKey => "use this key",
        PolicyKind::Secret => "use this secret",
        PolicyKind::Resource => "use this resource",
        _ => return,
    };
    for statement in cx.statements().iter().filter(|statement| statement.allows() && !is_fenced(cx, statement)) {
        let Some(value) = statement.principal.as_ref().and_then(everybody) else { continue };
        let mut problem = Problem::new(value.span, format!("everybody in the world may {what}"));
        for (_, key) in statement.condition_keys() {
            problem = problem.related(key.name.span, "this condition keeps no stranger out");
        }
        if let Some(action) = statement.action.as_ref().and_then(|values| values.items.first()) {
            problem = problem.witness(format!("{} by any AWS account", action.text));
        }
        if cx.policy.kind != PolicyKind::Resource {
            problem = problem.severity(Severity::Critical);
        }
        out.push(problem);
    }
}

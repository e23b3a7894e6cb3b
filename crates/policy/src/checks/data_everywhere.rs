//! Reading data of a kind wherever it is: one Allow of an identity policy that admits an action on every resource.
//! Not a check itself.

use crate::{
    PolicyKind,
    arn::{self, Arn},
    context::{Context, Problem},
    escalation::Grants,
    model::{Statement, UNKNOWN, Value},
    wildcard,
};

/// A kind of data.
pub(super) struct Data {
    /// The actions that read it.
    pub(super) actions: &'static [&'static str],
    /// All resources that hold it.
    pub(super) all: &'static str,
    /// What a holder can do, after "may".
    pub(super) may: &'static str,
}

/// A finding for each statement that admits one of the actions on all resources, with no condition.
pub(super) fn report(cx: &Context<'_>, data: &Data, out: &mut Vec<Problem>) {
    if cx.policy.kind != PolicyKind::Identity {
        return;
    }
    let allows = |statement: &&Statement| statement.allows() && statement.condition.is_empty();
    for statement in cx.statements().iter().filter(allows) {
        let Some(value) = statement.action.iter().flat_map(|values| &values.items).find(|value| admits(value, data))
        else {
            continue;
        };
        let resources = statement.resource.iter().flat_map(|values| &values.items);
        let Some(resource) = resources.clone().find(|value| is_everywhere(value, data)) else { continue };
        // Everything on everything is told once, by `full-administrator-access`.
        if Grants::new(std::iter::once(cx.policy), cx.catalogue).everything().is_some() || is_denied(cx, data) {
            return;
        }
        let problem = Problem::new(value.span, format!("the holder may {}", data.may));
        out.push(
            problem.related(resource.span, "on every resource").witness(format!("{} on {}", data.actions[0], data.all)),
        );
    }
}

/// Whether a resource is all that holds such data, be it of one region and one account, which only a run may know.
fn is_everywhere(value: &Value, data: &Data) -> bool {
    let (Some(own), Some(all)) = (Arn::parse(&value.text), Arn::parse(data.all)) else { return value.is("*") };
    !own.resource.contains(UNKNOWN)
        && wildcard::covers(own.service, all.service)
        && wildcard::covers(own.resource, all.resource)
}

/// `*` alone is not meant for this data.
fn admits(value: &Value, data: &Data) -> bool {
    if !value.known || value.text.starts_with('*') {
        return false;
    }
    data.actions.iter().any(|action| wildcard::admits_in_any_case(&value.text, action))
}

fn is_denied(cx: &Context<'_>, data: &Data) -> bool {
    cx.peers().flat_map(|policy| &policy.statements).any(|statement| {
        let actions = || statement.action.iter().flat_map(|values| &values.items);
        let resources = || statement.resource.iter().flat_map(|values| &values.items);
        statement.denies()
            && statement.condition.is_empty()
            && data
                .actions
                .iter()
                .all(|action| actions().any(|value| wildcard::admits_in_any_case(&value.text, action)))
            && resources().any(|value| arn::covers(&value.text, data.all))
    })
}

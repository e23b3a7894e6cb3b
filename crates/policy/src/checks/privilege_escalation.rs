//! Rule `privilege-escalation`: the policies of a principal together let it gain more permissions than they give.

use keylint_diagnostics::{Confidence, Evidence, EvidenceKind, Severity};

use crate::{
    PolicyKind,
    context::{Context, Problem},
    escalation::{Granted, Grants, Open, Way},
};

/// Further ways that are named.
const MAX_NAMED: usize = 5;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let Some(grants) = grants(cx) else { return };
    let open = grants.open();
    out.extend(worst(&open).filter(|worst| !worst.weak).map(|worst| problem(worst, &open)));
}

/// What the policies of a principal grant, told at the first of them.
pub(super) fn grants<'a>(cx: &Context<'a>) -> Option<Grants<'a>> {
    let first = cx.peers().find(|policy| policy.kind == PolicyKind::Identity)?;
    if !std::ptr::eq(first, cx.policy) {
        return None;
    }
    // Who may do everything has nowhere to go: that is `full-administrator-access`.
    Some(Grants::new(cx.peers(), cx.catalogue)).filter(|grants| grants.everything().is_none())
}

/// The worst of the open paths.
pub(super) fn worst<'o, 'p>(open: &'o [Open<'p>]) -> Option<&'o Open<'p>> {
    open.iter().min_by_key(|open| (open.weak, open.path.way))
}

/// Tells the worst path, and names the others.
pub(super) fn problem(worst: &Open<'_>, open: &[Open<'_>]) -> Problem {
    let path = worst.path;
    let at = |granted: &Granted<'_>| match (granted.action, &granted.statement.not_action) {
        (Some(value), _) => value.span,
        (None, Some(excluded)) => excluded.span,
        (None, None) => granted.statement.node.span,
    };
    let names: Vec<String> = path.actions.iter().map(|action| format!("`{action}`")).collect();
    let message = format!("{} together let the holder {}", names.join(" and "), path.does);
    let message = if names.len() == 1 { message.replacen(" together let", " lets", 1) } else { message };
    let last = worst.by.len() - 1;
    let mut problem = Problem::new(at(&worst.by[last]), message);
    for (action, granted) in path.actions.iter().zip(&worst.by).take(last) {
        problem = problem.related(at(granted), format!("grants `{action}`"));
    }
    for (action, granted) in path.actions.iter().zip(&worst.by) {
        let resource = granted.resource.map_or("any resource that is not excluded", |value| &*value.text);
        problem = problem.witness(format!("{action} on {resource}"));
    }
    let others: Vec<String> = open
        .iter()
        .filter(|other| !std::ptr::eq(other.path, path))
        .map(|other| other.path.actions.join(" + "))
        .collect();
    if !others.is_empty() {
        let more = others.len().saturating_sub(MAX_NAMED);
        let mut text = format!("also open: {}", others[..others.len() - more].join("; "));
        if more > 0 {
            text.push_str(&format!(" and {more} more"));
        }
        problem.evidence.push(Evidence { kind: EvidenceKind::Context, text });
    }
    match path.way {
        Way::ExistingCompute => problem.severity(Severity::Medium).confidence(Confidence::Medium),
        _ => problem,
    }
}

//! Entries of a list that another entry of it takes in: which belong together, and how they are taken out.
//! Not here: actions and resources (`redundant_action`, `redundant_resource`).

use keylint_diagnostics::{Applicability, Edit, Fix, Span};

use crate::{
    context::{Context, Problem},
    model::{Value, Values},
};

/// Longer lists are data; comparing each with each would cost too much.
const MAX_ENTRIES: usize = 2000;

/// Entries that speak of the same: their places in the list, and for each whether another one covers it.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// Places in the list, in its order.
    pub(super) members: Vec<usize>,
    /// Those that can go.
    pub(super) needless: Vec<usize>,
}

/// Groups the entries of a list in which one covers another. Access Analyzer reports all that hang together as one.
pub(super) fn groups(texts: &[String], covers: impl Fn(&str, &str) -> bool) -> Vec<Group> {
    if texts.len() < 2 || texts.len() > MAX_ENTRIES {
        return Vec::new();
    }
    let mut leader: Vec<usize> = (0..texts.len()).collect();
    let mut needless = vec![false; texts.len()];
    let mut join = |wide: usize, narrow: usize, needless: &mut Vec<bool>| {
        let (a, b) = (leader_of(&leader, wide), leader_of(&leader, narrow));
        leader[a.max(b)] = a.min(b);
        needless[narrow] = true;
    };
    // Equal ones first: sorted, they stand side by side, the earliest of them in front.
    let mut order: Vec<usize> = (0..texts.len()).collect();
    keylint_diagnostics::sort_by(&mut order, |&a, &b| (&texts[a], a).cmp(&(&texts[b], b)));
    let mut first = order[0];
    for &at in &order[1..] {
        if texts[at] == texts[first] {
            join(first, at, &mut needless);
        } else {
            first = at;
        }
    }
    for (wide, pattern) in texts.iter().enumerate() {
        let Some(star) = pattern.find(['*', '?']) else { continue };
        for (narrow, text) in texts.iter().enumerate() {
            let worth = wide != narrow && text != pattern && text.as_bytes().starts_with(&pattern.as_bytes()[..star]);
            // Two patterns of one meaning cover each other: the first one stays.
            if worth && covers(pattern, text) && (wide < narrow || !covers(text, pattern)) {
                join(wide, narrow, &mut needless);
            }
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut group_of = vec![usize::MAX; texts.len()];
    for at in 0..texts.len() {
        let leader = leader_of(&leader, at);
        if leader == at {
            group_of[at] = groups.len();
            groups.push(Group::default());
        }
        let group = &mut groups[group_of[leader]];
        group.members.push(at);
        if needless[at] {
            group.needless.push(at);
        }
    }
    groups.retain(|group| group.members.len() > 1);
    groups
}

fn leader_of(leader: &[usize], mut at: usize) -> usize {
    while leader[at] != at {
        at = leader[at];
    }
    at
}

/// One problem for a group: at its first member, the others beside it, and how to take out what is needless.
pub(super) fn problem(cx: &Context<'_>, values: &Values, items: &[&Value], group: &Group, what: &str) -> Problem {
    let names: Vec<&str> = group.needless.iter().map(|&at| &*items[at].text).take(3).collect();
    let more = group.needless.len() - names.len();
    let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let list = if more > 0 { format!("{list} and {more} more") } else { list };
    let says = if group.needless.len() == 1 { "says" } else { "say" };
    let mut problem =
        Problem::new(items[group.members[0]].span, format!("{list} {says} what another {what} says already"));
    for &at in &group.members[1..] {
        let kept = !group.needless.contains(&at);
        problem = problem.related(items[at].span, if kept { "takes it in" } else { "takes part in it" });
    }
    problem.fix(removal(cx, values, items, &group.needless))
}

/// Takes entries out of a list, each with the comma or the line that goes with it.
fn removal(cx: &Context<'_>, values: &Values, items: &[&Value], needless: &[usize]) -> Option<Fix> {
    // Where an element is not a string, the neighbours are not known.
    if !values.is_list || !values.complete || values.items.len() != items.len() {
        return None;
    }
    let kept = (0..items.len()).find(|at| !needless.contains(at))?;
    let mut edits = Vec::new();
    let mut cut = |start: u32, end: u32| {
        if start < end {
            edits.push(Edit { path: cx.path.into(), span: Span { start, end }, insert: Vec::new() });
        }
    };
    if kept > 0 {
        cut(items[0].span.start, items[kept].span.start);
    }
    for &at in needless.iter().filter(|&&at| at > kept) {
        cut(items[at - 1].span.end, items[at].span.end);
    }
    let title = if needless.len() == 1 { "remove the entry" } else { "remove the entries" };
    Some(Fix { title: title.into(), applicability: Applicability::Safe, edits })
}

//! Rule `redundant-statement`: two statements that say the same.

use keylint_syntax::tree::{Kind, Node};

use crate::{
    context::{Context, Problem},
    model::Statement,
};

/// More statements than a policy can hold are not compared each with each.
const MAX_STATEMENTS: usize = 500;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Problem>) {
    let statements = cx.statements();
    if statements.len() > MAX_STATEMENTS {
        return;
    }
    let shapes: Vec<_> = statements.iter().map(shape).collect();
    let mut told = vec![false; statements.len()];
    for (at, statement) in statements.iter().enumerate() {
        if told[at] || statement.effect.is_none() {
            continue;
        }
        let mut problem: Option<Problem> = None;
        for other in at + 1..statements.len() {
            if told[other] || shapes[at] != shapes[other] || !same_statement(&statement.node, &statements[other].node) {
                continue;
            }
            told[other] = true;
            let message = "another statement says the same but for its `Sid`";
            let own = problem.take().unwrap_or_else(|| Problem::new(statement.node.span, message));
            problem = Some(own.related(statements[other].node.span, "says it again"));
        }
        out.extend(problem);
    }
}

/// What two equal statements have in common, and what is cheap to find out.
fn shape(statement: &Statement) -> [usize; 5] {
    let lists = [&statement.action, &statement.not_action, &statement.resource, &statement.not_resource];
    let len = |at: usize| lists[at].iter().flat_map(|values| &values.items).map(|value| value.text.len()).sum();
    [len(0), len(1), len(2), len(3), statement.condition.len()]
}

/// Whether two statements are equal but for `Sid`, the order of lists and keys, and the case of actions.
fn same_statement(a: &Node, b: &Node) -> bool {
    let parts = |node: &Node| node.entries().iter().filter(|entry| entry.key.as_str() != Some("Sid")).count();
    parts(a) == parts(b)
        && a.entries().iter().filter(|entry| entry.key.as_str() != Some("Sid")).all(|entry| {
            let Some(key) = entry.key.as_str() else { return false };
            b.get(key).is_some_and(|value| same(&entry.value, value, key.ends_with("Action")))
        })
}

/// Whether two values are equal; a list of one is its element. What only a run knows is equal to nothing.
fn same(a: &Node, b: &Node, fold: bool) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::List(a), Kind::List(b)) => a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| same(a, b, fold))),
        (Kind::List(list), _) => matches!(list.as_slice(), [only] if same(only, b, fold)),
        (_, Kind::List(list)) => matches!(list.as_slice(), [only] if same(a, only, fold)),
        (Kind::Map(a), Kind::Map(_)) => {
            a.len() == b.entries().len()
                && a.iter().all(|entry| {
                    let value = entry.key.as_str().and_then(|key| b.get(key));
                    value.is_some_and(|value| same(&entry.value, value, false))
                })
        }
        _ => match (text(a), text(b)) {
            (Some(a), Some(b)) if fold => a.eq_ignore_ascii_case(b),
            (Some(a), Some(b)) => a == b,
            _ => false,
        },
    }
}

fn text(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Bool(value) => Some(if *value { "true" } else { "false" }),
        Kind::Number(text) => Some(text),
        _ => node.as_str(),
    }
}

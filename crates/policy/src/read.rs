//! From a spanned tree to the policy model. Lenient: what is malformed is left out here and reported by the checks, which
//! look at the tree itself. Not here: where in a document a policy stands (`hosts`).

use std::sync::Arc;

use keylint_diagnostics::Span;
use keylint_syntax::tree::{Entry, Kind, Node};

use crate::{
    PolicyKind,
    hosts::Found,
    model::{
        ConditionKey, Effect, Operator, OperatorName, Policy, Principal, PrincipalEntry, Statement, StatementNode,
        Value, Values,
    },
};

/// Reads a policy that a host has found.
pub fn policy(found: Found) -> Policy {
    let node = Arc::new(found.node);
    let statements: Vec<Statement> = StatementNode::all(&node).map(statement).collect();
    let (kind, kind_is_told) = match found.kind {
        Some(kind) => (kind, true),
        None => (guess(&statements), false),
    };
    Policy {
        kind,
        kind_is_told,
        service: found.service.or_else(|| service_of(kind)),
        attached: found.attached,
        version: find(&node, "Version").and_then(|entry| Value::of(&entry.value)),
        statements,
        node,
    }
}

/// The service that policies of a kind belong to.
fn service_of(kind: PolicyKind) -> Option<Box<str>> {
    match kind {
        PolicyKind::KmsKey => Some("kms".into()),
        PolicyKind::Secret => Some("secretsmanager".into()),
        PolicyKind::Trust => Some("sts".into()),
        _ => None,
    }
}

/// The kind of a policy that only its content tells. A service control policy looks like an identity policy, so a host
/// or the user has to say it.
fn guess(statements: &[Statement]) -> PolicyKind {
    if !statements.iter().any(|statement| statement.principals().next().is_some()) {
        return PolicyKind::Identity;
    }
    let every = |fits: &dyn Fn(&str) -> bool| {
        let mut actions =
            statements.iter().flat_map(|statement| statement.action.iter().flat_map(|a| &a.items)).peekable();
        actions.peek().is_some() && actions.all(|action| fits(&action.text.to_ascii_lowercase()))
    };
    if statements.iter().all(is_open) {
        return PolicyKind::VpcEndpoint;
    }
    if every(&|action| {
        action.starts_with("sts:assumerole")
            || matches!(action, "sts:tagsession" | "sts:setsourceidentity" | "sts:setcontext")
    }) {
        PolicyKind::Trust
    } else if every(&|action| action.starts_with("kms:")) {
        PolicyKind::KmsKey
    } else if every(&|action| action.starts_with("secretsmanager:")) {
        PolicyKind::Secret
    } else {
        PolicyKind::Resource
    }
}

/// Whether a statement lets everybody, written as a bare `*`, do everything with everything. That is what an endpoint has
/// from AWS; hardly a resource takes it, since its policy names its own actions.
fn is_open(statement: &Statement) -> bool {
    let star = |values: &Option<Values>| values.iter().flat_map(|values| &values.items).any(|value| value.is("*"));
    statement.allows()
        && statement.principal.as_ref().and_then(|principal| principal.bare.as_ref()).is_some_and(|value| value.is("*"))
        && star(&statement.action)
        && star(&statement.resource)
}

/// The entry named `key` of a map. Element names are case-sensitive for AWS, except that older policies got through
/// with others: those are reported by a check, and not read.
pub(crate) fn find<'n>(node: &'n Node, key: &str) -> Option<&'n Entry> {
    node.entries().iter().find(|entry| entry.key.is(key))
}

fn statement(tree: StatementNode) -> Statement {
    let node: &Node = &tree;
    // What stands there malformed is there all the same.
    let malformed = |entry: &Entry| unknown_values(entry.value.span, entry.key_span);
    let values = |key: &str| {
        find(node, key).map(|entry| values(&entry.value, entry.key_span).unwrap_or_else(|| malformed(entry)))
    };
    let effect_value = find(node, "Effect").and_then(|entry| Value::of(&entry.value));
    let condition = find(node, "Condition");
    Statement {
        sid: find(node, "Sid").and_then(|entry| Value::of(&entry.value)),
        effect: match effect_value.as_ref().and_then(Value::known) {
            Some("Allow") => Some(Effect::Allow),
            Some("Deny") => Some(Effect::Deny),
            _ => None,
        },
        effect_value,
        principal: find(node, "Principal").map(principal),
        not_principal: find(node, "NotPrincipal").map(principal),
        action: values("Action"),
        not_action: values("NotAction"),
        resource: values("Resource"),
        not_resource: values("NotResource"),
        condition: condition.map(|entry| operators(&entry.value)).unwrap_or_default(),
        condition_span: condition.map(|entry| entry.value.span),
        node: tree,
    }
}

/// A string, or a list of strings.
fn values(node: &Node, key_span: Span) -> Option<Values> {
    let base = Values { complete: true, ..unknown_values(node.span, key_span) };
    match &node.kind {
        Kind::List(elements) => {
            let items: Vec<Value> = elements.iter().filter_map(Value::of).collect();
            let complete = items.iter().all(|item| item.known) && items.len() == elements.len();
            Some(Values { items, is_list: true, complete, ..base })
        }
        Kind::Expression(_) => Some(Values { complete: false, ..base }),
        _ => Value::of(node).map(|value| Values { complete: value.known, items: vec![value], ..base }),
    }
}

fn principal(entry: &Entry) -> Principal {
    let bare = Value::of(&entry.value);
    let entries = entry.value.entries().iter().filter_map(|entry| {
        let name = Value::template(&entry.key.parts, entry.key_span);
        values(&entry.value, entry.key_span).map(|values| PrincipalEntry { name, values })
    });
    Principal { key_span: entry.key_span, span: entry.value.span, entries: entries.collect(), bare }
}

/// A condition that only a run knows is one operator that nobody knows, so that no check takes it for none.
fn operators(condition: &Node) -> Vec<Operator> {
    match unknown_value(condition) {
        Some(name) => vec![Operator {
            parts: OperatorName::parse(&name.text),
            span: condition.span,
            keys: unknown_key(condition).into_iter().collect(),
            name,
        }],
        None => condition.entries().iter().map(operator).collect(),
    }
}

fn operator(entry: &Entry) -> Operator {
    let name = Value::template(&entry.key.parts, entry.key_span);
    let keys = entry.value.entries().iter().filter_map(|entry| {
        let name = Value::template(&entry.key.parts, entry.key_span);
        values(&entry.value, entry.key_span).map(|values| ConditionKey { name, values })
    });
    let keys = keys.chain(unknown_key(&entry.value)).collect();
    Operator { parts: OperatorName::parse(&name.text), span: entry.value.span, keys, name }
}

/// What stands in the place of a map and is only known to a run.
fn unknown_value(node: &Node) -> Option<Value> {
    Value::of(node).filter(|value| !value.known)
}

/// The key, with its values, that stands for all keys of a map that only a run knows.
fn unknown_key(map: &Node) -> Option<ConditionKey> {
    unknown_value(map).map(|name| ConditionKey { name, values: unknown_values(map.span, map.span) })
}

fn unknown_values(span: Span, key_span: Span) -> Values {
    Values { key_span, span, items: Vec::new(), is_list: false, complete: false }
}

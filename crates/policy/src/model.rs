//! A policy as its readers know it: statements, actions, principals, conditions, each with the place where it is written.
//! Not here: how it is read out of a document (`read`, `hosts`), or what is wrong with it (`checks`).

use std::{ops::Deref, sync::Arc};

use keylint_diagnostics::Span;
use keylint_syntax::{
    OffsetMap,
    tree::{Kind, Node, Part},
};

use crate::PolicyKind;

/// Stands in [`Value::text`] for a part that only a run knows (`${var.bucket}`, `!Ref Bucket`). Unicode calls it the
/// object replacement character; no policy holds it.
pub const UNKNOWN: char = '\u{fffc}';

/// One policy document.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What it is attached to.
    pub kind: PolicyKind,
    /// The service of the resource that it is attached to (`s3`, `sqs`, `kms`), where known.
    pub service: Option<Box<str>>,
    /// Who or what it is attached to, by names that are equal for policies of the same principal in this document.
    pub attached: Vec<Box<str>>,
    /// Whether its kind was told (by where it stands, or by `--policy-type`) and not guessed from its content.
    pub kind_is_told: bool,
    /// The whole policy: a map, unless it is malformed.
    pub node: Arc<Node>,
    /// `Version`.
    pub version: Option<Value>,
    /// In their order; also a single one that stands without a list.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The whole statement.
    pub node: StatementNode,
    /// `Sid`.
    pub sid: Option<Value>,
    /// `Effect`, where it is one of the two words.
    pub effect: Option<Effect>,
    /// The value of `Effect` as written.
    pub effect_value: Option<Value>,
    /// `Principal`.
    pub principal: Option<Principal>,
    /// `NotPrincipal`.
    pub not_principal: Option<Principal>,
    /// `Action`.
    pub action: Option<Values>,
    /// `NotAction`.
    pub not_action: Option<Values>,
    /// `Resource`.
    pub resource: Option<Values>,
    /// `NotResource`.
    pub not_resource: Option<Values>,
    /// `Condition`, operator by operator.
    pub condition: Vec<Operator>,
    /// The whole value of `Condition`.
    pub condition_span: Option<Span>,
}

/// The tree of a statement, which is a part of its policy's.
#[derive(Clone, Debug)]
pub struct StatementNode {
    policy: Arc<Node>,
    /// Its place in the list.
    index: usize,
}

/// What a statement does to a request that it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Grants it, unless something denies it.
    Allow,
    /// Denies it, whatever grants it.
    Deny,
}

/// The value of an element that is a string or a list of strings.
#[derive(Clone, Debug)]
pub struct Values {
    /// The key, quotes included.
    pub key_span: Span,
    /// The whole value.
    pub span: Span,
    /// The strings; other things in the list are left out.
    pub items: Vec<Value>,
    /// Whether it is written as a list.
    pub is_list: bool,
    /// Whether `items` is all: no element and no part of the list is known only to a run.
    pub complete: bool,
}

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The key, quotes included.
    pub key_span: Span,
    /// The whole value.
    pub span: Span,
    /// `"*"` or another bare string in place of a map.
    pub bare: Option<Value>,
    /// `"AWS": …`, `"Service": …`, `"Federated": …`, `"CanonicalUser": …`.
    pub entries: Vec<PrincipalEntry>,
}

/// Principals of one type.
#[derive(Clone, Debug)]
pub struct PrincipalEntry {
    /// `AWS`, `Service`, `Federated`, `CanonicalUser` as written.
    pub name: Value,
    /// Who.
    pub values: Values,
}

/// `"StringEquals": { … }` of a condition.
#[derive(Clone, Debug)]
pub struct Operator {
    /// As written, with its qualifier and `IfExists`; the span is that of the key.
    pub name: Value,
    /// The parts of the name.
    pub parts: OperatorName,
    /// The whole value.
    pub span: Span,
    /// The keys that it compares.
    pub keys: Vec<ConditionKey>,
}

/// The parts of `ForAnyValue:StringEqualsIfExists`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatorName {
    /// `ForAllValues` or `ForAnyValue`, in this spelling, or what stands before the colon.
    pub qualifier: Option<Box<str>>,
    /// `StringEquals`, as written.
    pub base: Box<str>,
    /// Whether `IfExists` follows.
    pub if_exists: bool,
}

/// One key of a condition with its values.
#[derive(Clone, Debug)]
pub struct ConditionKey {
    /// The key as written; its span is that of the key, quotes included.
    pub name: Value,
    /// What it is compared with. Numbers and booleans stand as their text.
    pub values: Values,
}

/// A string of a policy.
#[derive(Clone, Debug)]
pub struct Value {
    /// The whole of it, quotes included: what Access Analyzer points at.
    pub span: Span,
    /// The text; [`UNKNOWN`] stands for each part that only a run knows.
    pub text: Box<str>,
    /// Whether there is no such part.
    pub known: bool,
    /// From `text` to the stored bytes, where all of it is literal.
    map: Option<OffsetMap>,
}

impl StatementNode {
    /// The statements of a policy, in their order: those of the list, or the one that stands without a list.
    pub(crate) fn all(policy: &Arc<Node>) -> impl Iterator<Item = StatementNode> {
        let count = match policy.get("Statement").map(|node| &node.kind) {
            Some(Kind::List(elements)) => elements.len(),
            Some(Kind::Map(_)) => 1,
            _ => 0,
        };
        (0..count).map(|index| StatementNode { policy: policy.clone(), index })
    }
}

impl Deref for StatementNode {
    type Target = Node;

    fn deref(&self) -> &Node {
        let whole = self.policy.get("Statement").unwrap_or(&self.policy);
        whole.elements().get(self.index).unwrap_or(whole)
    }
}

impl Value {
    /// A string, number or boolean of the tree; `None` for anything else. What is only known to a run is [`UNKNOWN`].
    pub fn of(node: &Node) -> Option<Value> {
        let plain = |text: &str, known| Some(Value { span: node.span, text: text.into(), known, map: None });
        match &node.kind {
            Kind::String(template) => Some(Value::template(&template.parts, node.span)),
            Kind::Number(text) => plain(text, true),
            Kind::Bool(value) => plain(if *value { "true" } else { "false" }, true),
            Kind::Expression(_) => plain("\u{fffc}", false),
            _ => None,
        }
    }

    /// A template standing at `span`.
    pub fn template(parts: &[Part], span: Span) -> Value {
        if let [Part::Text(text)] = parts {
            let literal = String::from_utf8_lossy(&text.bytes);
            let known = !literal.contains(UNKNOWN);
            return Value { span, known, text: literal.into(), map: Some(text.map.clone()) };
        }
        let mut text = String::new();
        let mut known = true;
        for part in parts {
            match part {
                Part::Text(part) => text.push_str(&String::from_utf8_lossy(&part.bytes)),
                Part::Unknown(_) => {
                    text.push(UNKNOWN);
                    known = false;
                }
            }
        }
        Value { span, text: text.into(), known, map: None }
    }

    /// The text, where all of it is known.
    pub fn known(&self) -> Option<&str> {
        self.known.then_some(&*self.text)
    }

    /// Whether it is known and equal to `text`.
    pub fn is(&self, text: &str) -> bool {
        self.known && &*self.text == text
    }

    /// Where the bytes `range` of the text are stored; the whole of it where that is not known.
    pub fn part(&self, range: std::ops::Range<usize>) -> Span {
        self.map.as_ref().map_or(self.span, |map| map.span(range))
    }

    /// Where the text stands without its quotes, if it can be replaced there as it is.
    pub fn inner(&self) -> Option<Span> {
        let map = self.map.as_ref()?;
        let span = map.span(0..self.text.len());
        // What stands for a name may be as long as the name.
        (span.len() == self.text.len() && map.span(0..1).len() == 1).then_some(span)
    }
}

impl Values {
    /// The known texts.
    pub fn known(&self) -> impl Iterator<Item = (&Value, &str)> {
        self.items.iter().filter_map(|value| value.known().map(|text| (value, text)))
    }
}

impl Statement {
    /// Whether it grants.
    pub fn allows(&self) -> bool {
        self.effect == Some(Effect::Allow)
    }

    /// Whether it denies.
    pub fn denies(&self) -> bool {
        self.effect == Some(Effect::Deny)
    }

    /// The conditions, key by key.
    pub fn condition_keys(&self) -> impl Iterator<Item = (&Operator, &ConditionKey)> {
        self.condition.iter().flat_map(|operator| operator.keys.iter().map(move |key| (operator, key)))
    }

    /// `Principal` and `NotPrincipal`, whichever stand.
    pub fn principals(&self) -> impl Iterator<Item = &Principal> {
        self.principal.iter().chain(&self.not_principal)
    }

    /// The principals of type `name` (`AWS`, `Service`, `Federated`) in `Principal`, a bare string counting as `AWS`.
    pub fn principals_of<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Value> {
        let principal = self.principal.as_ref();
        let bare = principal.and_then(|principal| principal.bare.as_ref()).filter(move |_| name == "AWS");
        let entries = principal.into_iter().flat_map(|principal| &principal.entries);
        bare.into_iter().chain(entries.filter(move |entry| entry.name.is(name)).flat_map(|entry| &entry.values.items))
    }
}

impl OperatorName {
    /// Takes `ForAnyValue:StringEqualsIfExists` apart. The case of the parts is kept, `IfExists` is found in any case.
    pub fn parse(text: &str) -> OperatorName {
        let (qualifier, rest) = match text.split_once(':') {
            Some((qualifier, rest)) => (Some(qualifier.into()), rest),
            None => (None, text),
        };
        let cut = rest.len().checked_sub("IfExists".len()).filter(|at| rest.is_char_boundary(*at));
        match cut.map(|at| rest.split_at(at)) {
            Some((base, end)) if end.eq_ignore_ascii_case("IfExists") && !base.is_empty() => {
                OperatorName { qualifier, base: base.into(), if_exists: true }
            }
            _ => OperatorName { qualifier, base: rest.into(), if_exists: false },
        }
    }
}

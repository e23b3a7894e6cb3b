//! Terraform's data source `aws_iam_policy_document` for a policy, in the native syntax and in JSON.
//! Not here: what it is attached to.

use keylint_diagnostics::Span;
use keylint_syntax::tree::{Entry, Kind, Node};

use super::{
    text::{interpolated, json},
    tree::{HCL, letters, object},
    written::Written,
};

/// The syntax of Terraform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Native,
    Json,
}

/// An argument or the blocks of one name.
enum Item<'n> {
    Argument { name: &'static str, key: Option<Span>, value: Value<'n> },
    Blocks { name: &'static str, blocks: Vec<Block<'n>> },
}

struct Block<'n> {
    /// What of the policy the block stands for, and what its name stands for.
    stands: Vec<Span>,
    key: Option<Span>,
    items: Vec<Item<'n>>,
}

enum Value<'n> {
    One(&'n Node),
    /// The key of an operator or of a condition, or a type of principals.
    Key(&'n Entry),
    Word(&'static str),
    List {
        stands: Span,
        elements: Vec<&'n Node>,
    },
}

/// Why a policy cannot be said by a data source.
pub(crate) type Unsayable = &'static str;

/// Writes the body of the data source, braces included.
pub(crate) fn body(out: &mut Written, policy: &Node, syntax: Syntax) -> Result<(), Unsayable> {
    let items = items(policy)?;
    braces(out, &items, syntax);
    Ok(())
}

fn items(policy: &Node) -> Result<Vec<Item<'_>>, Unsayable> {
    let mut out = Vec::new();
    let Kind::Map(entries) = &policy.kind else { return Err("a policy that is no map") };
    for entry in entries {
        match entry.key.as_str() {
            Some("Version") => out.push(argument("version", entry, one(&entry.value)?)),
            Some("Id") => out.push(argument("policy_id", entry, one(&entry.value)?)),
            Some("Statement") => {
                let statements = match &entry.value.kind {
                    Kind::List(elements) => elements.iter().collect(),
                    _ => vec![&entry.value],
                };
                let blocks: Result<Vec<_>, _> = statements.into_iter().map(statement).collect();
                out.push(Item::Blocks { name: "statement", blocks: blocks? });
            }
            _ => return Err("an element of a policy that the data source does not know"),
        }
    }
    Ok(out)
}

fn argument<'n>(name: &'static str, entry: &Entry, value: Value<'n>) -> Item<'n> {
    Item::Argument { name, key: Some(entry.key_span), value }
}

fn one(node: &Node) -> Result<Value<'_>, Unsayable> {
    match &node.kind {
        Kind::String(_) => Ok(Value::One(node)),
        _ => Err("a value that is no string"),
    }
}

fn list(node: &Node) -> Result<Value<'_>, Unsayable> {
    let elements: Vec<&Node> = match &node.kind {
        Kind::List(elements) => elements.iter().collect(),
        _ => vec![node],
    };
    let simple = |node: &&Node| matches!(node.kind, Kind::String(_) | Kind::Bool(_) | Kind::Number(_));
    if !elements.iter().all(simple) {
        return Err("a value that is neither a string nor a list of strings");
    }
    Ok(Value::List { stands: node.span, elements })
}

fn statement(node: &Node) -> Result<Block<'_>, Unsayable> {
    let Kind::Map(entries) = &node.kind else { return Err("a statement that is no map") };
    let mut items = Vec::new();
    let mut behind = Vec::new();
    for entry in entries {
        let value = &entry.value;
        match entry.key.as_str() {
            Some("Sid") => items.push(argument("sid", entry, one(value)?)),
            Some("Effect") => items.push(argument("effect", entry, one(value)?)),
            Some("Action") => items.push(argument("actions", entry, list(value)?)),
            Some("NotAction") => items.push(argument("not_actions", entry, list(value)?)),
            Some("Resource") => items.push(argument("resources", entry, list(value)?)),
            Some("NotResource") => items.push(argument("not_resources", entry, list(value)?)),
            Some("Principal") => behind.push(principals("principals", entry)?),
            Some("NotPrincipal") => behind.push(principals("not_principals", entry)?),
            Some("Condition") => behind.push(conditions(entry)?),
            _ => return Err("an element of a statement that the data source does not know"),
        }
    }
    items.extend(behind);
    Ok(Block { stands: vec![node.span], key: None, items })
}

fn principals<'n>(name: &'static str, entry: &'n Entry) -> Result<Item<'n>, Unsayable> {
    let of = |items, first: bool| {
        let (stands, key) = if first { (vec![entry.value.span], Some(entry.key_span)) } else { (Vec::new(), None) };
        Block { stands, key, items }
    };
    let bare = |value| Item::Argument { name: "type", key: None, value };
    if entry.value.as_str() == Some("*") {
        let identifiers = Value::List { stands: entry.value.span, elements: vec![&entry.value] };
        let items = vec![bare(Value::Word("*")), Item::Argument { name: "identifiers", key: None, value: identifiers }];
        return Ok(Item::Blocks { name, blocks: vec![Block { stands: Vec::new(), ..of(items, true) }] });
    }
    let Kind::Map(entries) = &entry.value.kind else { return Err("a principal that is a string but not `*`") };
    if entries.is_empty() {
        return Err("a principal that is an empty map");
    }
    let mut blocks = Vec::new();
    for inner in entries {
        let identifiers = Item::Argument { name: "identifiers", key: None, value: list(&inner.value)? };
        blocks.push(of(vec![bare(Value::Key(inner)), identifiers], blocks.is_empty()));
    }
    Ok(Item::Blocks { name, blocks })
}

fn conditions(entry: &Entry) -> Result<Item<'_>, Unsayable> {
    let mut blocks = Vec::new();
    let Kind::Map(operators) = &entry.value.kind else { return Err("a condition that is no map") };
    for operator in operators {
        let Kind::Map(keys) = &operator.value.kind else { return Err("an operator without a map") };
        if keys.is_empty() {
            return Err("an operator without keys");
        }
        for (number, key) in keys.iter().enumerate() {
            let first = blocks.is_empty();
            let word = |name, value| Item::Argument { name, key: None, value };
            let mut stands = if first { vec![entry.value.span] } else { Vec::new() };
            stands.extend((number == 0).then_some(operator.value.span));
            blocks.push(Block {
                stands,
                key: first.then_some(entry.key_span),
                items: vec![
                    word("test", Value::Key(operator)),
                    word("variable", Value::Key(key)),
                    word("values", list(&key.value)?),
                ],
            });
        }
    }
    if blocks.is_empty() {
        return Err("a condition without operators");
    }
    Ok(Item::Blocks { name: "condition", blocks })
}

fn braces(out: &mut Written, items: &[Item<'_>], syntax: Syntax) {
    out.say(if syntax == Syntax::Json { "{ " } else { "{\n" });
    for (index, item) in items.iter().enumerate() {
        if syntax == Syntax::Json && index > 0 {
            out.say(", ");
        }
        match item {
            Item::Argument { name, key, value } => {
                word(out, name, *key, syntax);
                out.say(if syntax == Syntax::Json { ": " } else { " = " });
                written(out, value);
                out.say(if syntax == Syntax::Json { "" } else { "\n" });
            }
            Item::Blocks { name, blocks } => several(out, name, blocks, syntax),
        }
    }
    out.say(if syntax == Syntax::Json { " }" } else { "}" });
}

fn several(out: &mut Written, name: &str, blocks: &[Block<'_>], syntax: Syntax) {
    if syntax == Syntax::Json {
        let start = out.text.len();
        word(out, name, None, syntax);
        blocks.iter().filter_map(|block| block.key).for_each(|key| out.stood(key, start));
        out.say(": [");
    }
    for (index, block) in blocks.iter().enumerate() {
        out.say(if syntax == Syntax::Json && index > 0 { ", " } else { "" });
        let start = out.text.len();
        if syntax == Syntax::Native {
            word(out, name, block.key, syntax);
            out.say(" ");
        }
        braces(out, &block.items, syntax);
        block.stands.iter().for_each(|span| out.stood(*span, start));
        out.say(if syntax == Syntax::Json { "" } else { "\n" });
    }
    out.say(if syntax == Syntax::Json { "]" } else { "" });
}

fn word(out: &mut Written, name: &str, key: Option<Span>, syntax: Syntax) {
    let start = out.text.len();
    out.say(&if syntax == Syntax::Json { format!("\"{name}\"") } else { name.into() });
    if let Some(key) = key {
        out.stood(key, start);
    }
}

fn written(out: &mut Written, value: &Value<'_>) {
    match value {
        Value::One(node) => scalar(out, node),
        Value::Key(entry) => out.stand(entry.key_span, |out| {
            out.say("\"");
            letters(out, &entry.key, json);
            out.say("\"");
        }),
        Value::Word(text) => out.say(&format!("\"{text}\"")),
        // A list of one is that one to Terraform.
        Value::List { stands, elements } => match elements.as_slice() {
            [only] => {
                out.say("[");
                out.stand(*stands, |out| scalar(out, only));
                out.say("]");
            }
            several => out.stand(*stands, |out| {
                out.say("[");
                for (index, element) in several.iter().enumerate() {
                    out.say(if index > 0 { ", " } else { "" });
                    scalar(out, element);
                }
                out.say("]");
            }),
        },
    }
}

/// Policy variables are written `&{name}` here, since `${name}` is Terraform's own.
fn scalar(out: &mut Written, node: &Node) {
    let Kind::String(template) = &node.kind else { return object(out, node, HCL) };
    out.stand(node.span, |out| {
        out.say("\"");
        let text = template.as_str().expect("UTF-8");
        let at = node.span.start as usize + 1;
        if text.len() + 2 == node.span.len() {
            let mut rest = text;
            while let Some(next) = rest.find("${") {
                let from = at + text.len() - rest.len();
                interpolated(out, &rest[..next], from, json);
                out.stand(Span::new(from + next..from + next + 1), |out| out.say("&"));
                rest = &rest[next + 1..];
            }
            interpolated(out, rest, at + text.len() - rest.len(), json);
        } else {
            letters(out, template, json);
        }
        out.say("\"");
    });
}

//! Turns patterns of paths, as gitleaks and detect-secrets have them, into globs where a glob says the same.
//! Not here: patterns of secrets (`pattern.rs`).

use regex_syntax::ast::{Ast, Flag, GroupKind, RepetitionKind, parse::Parser};

/// The glob of `exclude` that takes the same paths as `pattern` searched in them; `None` where there is none.
pub(super) fn glob(pattern: &str) -> Option<String> {
    let ast = Parser::new().parse(pattern).ok()?;
    let mut parts = match &ast {
        Ast::Concat(concat) => &concat.asts[..],
        other => std::slice::from_ref(other),
    };
    // `.*` at an end says nothing in a search.
    while let [first, rest @ ..] = parts
        && anything(first)
    {
        parts = rest;
    }
    let (begin, parts) = match parts {
        [Ast::Assertion(assertion), rest @ ..] if is_start(assertion) => (Begin::Root, rest),
        [first, rest @ ..] if is_start_or_slash(first) => (Begin::Name, rest),
        parts => (Begin::Anywhere, parts),
    };
    let mut parts = parts;
    while let [rest @ .., last] = parts
        && anything(last)
    {
        parts = rest;
    }
    let (ended, parts) = match parts {
        [rest @ .., Ast::Assertion(assertion)] if is_end(assertion) => (true, rest),
        parts => (false, parts),
    };
    let mut body = String::new();
    for part in parts {
        body.push_str(&piece(part)?);
    }
    // A glob of `exclude` takes a folder with all that is in it, and one without a slash inside fits at any depth.
    let folder = body.ends_with('/');
    let body = body.trim_end_matches('/');
    if body.is_empty() || body.contains("//") {
        return None;
    }
    let tail = match (folder, ended) {
        (true, false) => "/",
        (false, true) => "",
        (false, false) => "*",
        (true, true) => return None,
    };
    let inner = body.trim_start_matches('/').contains('/');
    Some(match begin {
        Begin::Root => format!("/{}{tail}", body.trim_start_matches('/')),
        Begin::Name if inner => format!("**/{body}{tail}"),
        Begin::Name => format!("{body}{tail}"),
        Begin::Anywhere if body.starts_with('/') && inner => format!("**{body}{tail}"),
        Begin::Anywhere if body.starts_with('/') => format!("{}{tail}", &body[1..]),
        Begin::Anywhere if inner => format!("**/*{body}{tail}"),
        Begin::Anywhere => format!("*{body}{tail}"),
    })
}

/// Where the body of a pattern begins.
enum Begin {
    /// At the root.
    Root,
    /// At the root or after a slash.
    Name,
    /// In the middle of a name.
    Anywhere,
}

fn is_start(assertion: &regex_syntax::ast::Assertion) -> bool {
    use regex_syntax::ast::AssertionKind::{StartLine, StartText};
    matches!(assertion.kind, StartLine | StartText)
}

fn is_end(assertion: &regex_syntax::ast::Assertion) -> bool {
    use regex_syntax::ast::AssertionKind::{EndLine, EndText};
    matches!(assertion.kind, EndLine | EndText)
}

/// `(^|/)`, in either order and with or without a group number.
fn is_start_or_slash(ast: &Ast) -> bool {
    let Ast::Group(group) = ast else { return false };
    let Ast::Alternation(alternation) = &*group.ast else { return false };
    let start = |ast: &Ast| matches!(ast, Ast::Assertion(assertion) if is_start(assertion));
    let slash = |ast: &Ast| matches!(ast, Ast::Literal(literal) if literal.c == '/');
    matches!(&alternation.asts[..], [a, b] if start(a) && slash(b) || slash(a) && start(b))
}

/// `.*`, alone or in a group.
fn anything(ast: &Ast) -> bool {
    match ast {
        Ast::Repetition(repetition) => {
            matches!(repetition.op.kind, RepetitionKind::ZeroOrMore) && matches!(&*repetition.ast, Ast::Dot(_))
        }
        Ast::Group(group) if !matches!(group.kind, GroupKind::NonCapturing(ref flags) if has_flags(flags)) => {
            anything(&group.ast)
        }
        _ => false,
    }
}

fn has_flags(flags: &regex_syntax::ast::Flags) -> bool {
    flags.flag_state(Flag::CaseInsensitive).is_some()
}

/// What stands for a part in a glob.
fn piece(ast: &Ast) -> Option<String> {
    Some(match ast {
        Ast::Literal(literal) if matches!(literal.c, '*' | '?' | '[' | ']' | '{' | '}' | '\\' | ',' | '!') => {
            return None;
        }
        Ast::Literal(literal) => literal.c.to_string(),
        Ast::Repetition(repetition) if matches!(repetition.op.kind, RepetitionKind::ZeroOrMore) => {
            not_slash(&repetition.ast).then(|| "*".to_string())?
        }
        Ast::Group(group) if !matches!(group.kind, GroupKind::NonCapturing(ref flags) if has_flags(flags)) => {
            match &*group.ast {
                Ast::Alternation(alternation) => {
                    let branches: Option<Vec<_>> = alternation.asts.iter().map(piece).collect();
                    let branches = branches.filter(|branches| branches.iter().all(|branch| !branch.contains('/')))?;
                    format!("{{{}}}", branches.join(","))
                }
                inner => piece(inner)?,
            }
        }
        Ast::Concat(concat) => concat.asts.iter().map(piece).collect::<Option<Vec<_>>>()?.concat(),
        _ => return None,
    })
}

/// `[^/]`, which is what a star of a glob stands for.
fn not_slash(ast: &Ast) -> bool {
    use regex_syntax::ast::{ClassSet, ClassSetItem};
    let Ast::ClassBracketed(class) = ast else { return false };
    let item = match &class.kind {
        ClassSet::Item(ClassSetItem::Union(union)) if union.items.len() == 1 => &union.items[0],
        ClassSet::Item(item) => item,
        ClassSet::BinaryOp(_) => return false,
    };
    class.negated && matches!(item, ClassSetItem::Literal(literal) if literal.c == '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_say_the_same_or_nothing() {
        let check = |pattern: &str, want: &str| assert_eq!(glob(pattern).unwrap_or_default(), want, "{pattern}");
        check(r"^vendor/", "/vendor/");
        check(r"^vendor/.*", "/vendor/");
        check(r"(^|/)node_modules/", "node_modules/");
        check(r"(?:^|/)a/b/", "**/a/b/");
        check(r"package-lock\.json$", "*package-lock.json");
        check(r".*\.lock$", "*.lock");
        check(r"(.*?)(jpg|gif)$", "*{jpg,gif}");
        check(r"^docs/[^/]*\.md$", "/docs/*.md");
        check(r"/fixtures/", "fixtures/");
        check(r"test_data", "*test_data*");
        check(r"^a/.*/b$", "");
        check(r"(?i)readme", "");
        check(r"\d+\.txt$", "");
        check(r".*", "");
        check(r"(", "");
    }
}

//! HCL trees: the language as Terraform writes it, heredocs and templates, broken blocks among whole ones.
//! Not here: what holds of all trees (`mod.rs`).

use keylint_syntax::Text;
use keylint_syntax::tree::{Body, Entry, Expression, Kind, MAX_DEPTH, Node, Part, Template, hcl};

use super::{at, check, document, error};

/// Reads what must parse, and checks what holds of every tree.
fn read(text: &str) -> Body {
    let (body, errors) = hcl(&document(text));
    assert_eq!(errors, [], "{text}");
    check_body(&body, text);
    body
}

fn check_body(body: &Body, text: &str) {
    for entry in &body.attributes {
        assert_eq!(entry.key.as_str(), Some(at(text, entry.key_span)));
        check(&entry.value, text, false);
    }
    for block in &body.blocks {
        assert_eq!(&*block.kind, at(text, block.kind_span));
        assert!(at(text, block.span).starts_with(&*block.kind) && at(text, block.span).ends_with('}'));
        block.labels.iter().for_each(|(_, span)| assert!(block.span.contains(*span)));
        check_body(&block.body, text);
    }
}

/// The value in one line: references bare, strings in quotes, what only a run knows in `‹›`.
fn shown(node: &Node) -> String {
    let list = |nodes: &[Node]| nodes.iter().map(shown).collect::<Vec<_>>().join(", ");
    match &node.kind {
        Kind::Null => "null".into(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(written) => written.to_string(),
        Kind::String(template) => format!("{:?}", in_line(template)),
        Kind::List(elements) => format!("[{}]", list(elements)),
        Kind::Map(entries) => {
            let entry = |entry: &Entry| format!("{}: {}", in_line(&entry.key), shown(&entry.value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Kind::Expression(Expression::Reference(name)) => name.to_string(),
        Kind::Expression(Expression::Call { name, arguments }) => format!("{name}({})", list(arguments)),
        Kind::Expression(Expression::Conditional(first, second)) => format!("({} or {})", shown(first), shown(second)),
        Kind::Expression(Expression::Other) => "other".into(),
    }
}

fn in_line(template: &Template) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => String::from_utf8_lossy(&text.bytes).into_owned(),
        Part::Unknown(node) => format!("‹{}›", shown(node)),
    };
    template.parts.iter().map(part).collect()
}

#[test]
fn expressions() {
    for (text, want) in [
        ("1", "1"),
        ("-1.5e-3", "-1.5e-3"),
        ("true", "true"),
        ("null", "null"),
        ("nullable", "nullable"),
        (r#""""#, r#""""#),
        (r#""a\n\t\"\\\u00e4\U0001F600""#, r#""a\n\t\"\\ä😀""#),
        (r#""$${a} %%{b} $5 100% $$ c""#, r#""${a} %{b} $5 100% $$ c""#),
        (r#""${var.a}""#, "var.a"),
        (r#""x-${ var.a }-y""#, r#""x-‹var.a›-y""#),
        (r#""${"in ${a}"}/""#, r#""‹\"in ‹a›\"›/""#),
        (r#""a ${~ b ~} c""#, r#""a‹b›c""#),
        (r#""x%{ if a }y${b}%{ else }}%{ endif ~}  z""#, r#""x‹other›z""#),
        (r#""%{ for a in b }%{ if a }${a}%{ endif }%{ endfor }""#, "other"),
        ("var . a [ \"k y\" ] [ 0 ].b.0", "var.a[\"k y\"][0].b.0"),
        ("data.aws_iam_policy_document.x.json", "data.aws_iam_policy_document.x.json"),
        ("a.b-c[each.key]", "a.b-c[each.key]"),
        ("a.*.b", "other"),
        ("a[*].b", "other"),
        ("f(a).b", "other"),
        ("jsonencode({\n  A = [\"x\", ]\n  \"B\" : 1, c = null })", r#"jsonencode({A: ["x"], B: 1, c: null})"#),
        ("concat([a], b...)", "concat([a], b)"),
        ("f(\n  1, # one\n  2,\n)", "f(1, 2)"),
        ("provider::aws::f()", "provider::aws::f()"),
        ("a ? \"b\" : c ? d : e", "(\"b\" or (d or e))"),
        ("(a\n  ? 1\n  : 2\n)", "(1 or 2)"),
        ("a + 1", "other"),
        ("!a && (b == \"c\" || d >= -1)", "other"),
        ("a / b % c", "other"),
        ("(\n\"x\"\n)", "\"x\""),
        ("[\n  1, 2 # two\n  , 3\n]", "[1, 2, 3]"),
        ("[]", "[]"),
        ("{}", "{}"),
        ("{ (a.b) = 1, \"${c}/*\" = 2, 3 = 4, for = 5 }", "{‹a.b›: 1, ‹c›/*: 2, 3: 4, for: 5}"),
        ("{\n  a = 1 // x\n\n  b = 2 # y\n  c = 3 }", "{a: 1, b: 2, c: 3}"),
        ("{ a = 1, a = 2 }", "{a: 1, a: 2}"),
        ("[for a in b : upper(a) if a != \"\"]", "other"),
        ("{for k, v in b : k => v... if\n k\n}", "other"),
        ("{ for a in b : a => (a) ?\n 1 :\n 2 }", "other"),
        ("[format(\"a\")]", "[format(\"a\")]"),
        ("/* a */ 1 /* b */ // c", "1"),
    ] {
        let text = format!("x = {text}\ny = 1\n");
        let body = read(&text);
        assert_eq!(shown(&body.attributes[0].value), want, "{text}");
        assert_eq!(body.attributes.len(), 2, "{text}");
    }
}

#[test]
fn heredocs() {
    for (text, want) in [
        ("x = <<EOF\na\n  b\nEOF\n", "a\n  b\n"),
        ("x = <<-EOF\n    a\n\n      ${b}\n    EOF\n", "a\n\n  ‹b›\n"),
        ("x = <<-EOF\r\n  a\r\n  EOF\r\n", "a\r\n"),
        ("x = <<A_1\nA_12\n\\n \"q\" $${c} %{ if d ~}\n  e\n%{ endif }\n  A_1  \n", "A_12\n\\n \"q\" ${c} ‹other›\n"),
        ("x = <<E\nE", ""),
        ("x = f(<<E\n{\"a\": \"${b[\"c\"]}\"}\nE\n)\n", "{\"a\": \"‹b[\"c\"]›\"}\n"),
    ] {
        let body = read(text);
        let node = match &body.attributes[0].value.kind {
            Kind::Expression(Expression::Call { arguments, .. }) => &arguments[0],
            _ => &body.attributes[0].value,
        };
        let Kind::String(template) = &node.kind else { panic!("{node:?}") };
        assert_eq!(in_line(template), want, "{text}");
        assert!(at(text, node.span).starts_with("<<"));
    }
    let text = "x = <<-EOF\n    {\n      \"Action\": \"ä:*\"\n    }\n    EOF\n";
    let body = read(text);
    let Kind::String(template) = &body.attributes[0].value.kind else { panic!("{body:?}") };
    let [Part::Text(inner)] = template.parts.as_slice() else { panic!("{template:?}") };
    let policy = keylint_syntax::tree::json(inner).expect("parses");
    assert_eq!(at(text, policy.get("Action").expect("is there").span), "\"ä:*\"");
}

#[test]
fn places() {
    let text = "\u{feff}x = -1 # a\ny = \"${ var.a }-b\" \nz = f( [1 , {a=2}] )\n";
    let body = read(text);
    let place = |index: usize| at(text, body.attributes[index].value.span);
    assert_eq!([place(0), place(1), place(2)], ["-1", "\"${ var.a }-b\"", "f( [1 , {a=2}] )"]);
    let Kind::String(template) = &body.attributes[1].value.kind else { panic!("{body:?}") };
    let [Part::Unknown(unknown), Part::Text(rest)] = template.parts.as_slice() else { panic!("{template:?}") };
    assert_eq!(at(text, unknown.span), "${ var.a }");
    assert_eq!(at(text, rest.map.span(0..2)), "-b");
}

#[test]
fn blocks() {
    let text = r#"
# A comment
terraform {}
resource "aws_iam_policy" p-1 {
  name = "n" // why
  dynamic "statement" {
    for_each = var.s
    content { effect = "Allow" }
  }
  tags = { a = "b" } /* many
  lines */
}
locals { a = 1 }
"#;
    let body = read(text);
    let kinds: Vec<_> = body.blocks.iter().map(|block| (&*block.kind, block.labels.len())).collect();
    assert_eq!(kinds, [("terraform", 0), ("resource", 2), ("locals", 0)]);
    let policy = &body.blocks[1];
    assert_eq!(policy.labels.iter().map(|label| &*label.0).collect::<Vec<_>>(), ["aws_iam_policy", "p-1"]);
    assert_eq!(at(text, policy.labels[0].1), "\"aws_iam_policy\"");
    assert_eq!(policy.body.attributes.len(), 2);
    let content = &policy.body.blocks[0].body.blocks[0];
    assert_eq!(at(text, content.span), "content { effect = \"Allow\" }");
}

#[test]
fn a_broken_block_does_not_cost_the_others() {
    for (broken, place) in [
        ("  b = \n", "\n"),
        ("  b = [1, 2\n}\n", "}"),
        ("  b = \"x\n", "\"x"),
        ("  b = \"${x\"\n", "\""),
        ("  b = f(1 2)\n", "2"),
        ("  b = 1 2\n", "2"),
        ("  b = { a 1 }\n", "1"),
        ("  \"b\" = 1\n", "\""),
        ("  b = <<EOF\n  x\n", "<<EOF"),
        ("  b = \"\\q\"\n", "\\q"),
        ("  b = \"%{ if x }\"\n", "%{"),
        ("  b = \"%{ endif }\"\n", "%{ endif"),
        ("  b {\n", "{"),
        ("  b \"${c}\" {}\n", "\"${c}\""),
        ("  b = 1 /* x\n", "/*"),
        ("  b = a ? 1\n", "\n"),
        ("  b = a.\n", "\n"),
        ("  b = [for a b : c]\n", "b"),
        ("  = 1\n", "="),
        ("  b = ^\n", "^"),
        ("  ; \n", ";"),
        ("  b = <<é\n", "<<é"),
    ] {
        let text =
            format!("a \"first\" {{\n  x = 1\n}}\na \"second\" {{\n{broken}}}\na \"third\" {{\n  y = 2\n}}\nz = 3\n");
        let (body, errors) = hcl(&document(&text));
        check_body(&body, &text);
        assert_eq!(errors.iter().map(|found| error(&text, found).0).collect::<Vec<_>>(), [place], "{text}\n{errors:?}");
        let labels: Vec<_> = body.blocks.iter().map(|block| &*block.labels[0].0).collect();
        assert_eq!((labels, body.attributes.len()), (vec!["first", "third"], 1), "{text}");
    }
    let (body, errors) = hcl(&document("}\na {}\n] b\nc = 1\n"));
    assert_eq!((body.blocks.len(), body.attributes.len(), errors.len()), (1, 1, 2));
}

#[test]
fn bytes_that_are_no_text() {
    let (body, errors) = hcl(&Text::identity(b"# caf\xe9\nx = \"\xff\"\n", 0));
    assert_eq!((body.attributes.len(), errors), (1, vec![]));
}

#[test]
fn deep_and_long_texts() {
    let small = || {
        for open in [
            "[",
            "(",
            "{a=",
            "f(",
            "\"${",
            "a[",
            "b {\n",
            "!",
            "-",
            "a ? ",
            "a ? 1 : ",
            "1 + ",
            "%{ if a }",
            "[for a in ",
        ] {
            let text = format!("{}{}", if open.starts_with('b') { "" } else { "x = " }, open.repeat(10_000));
            let (body, errors) = hcl(&document(&text));
            assert!(body.attributes.is_empty() && body.blocks.is_empty() && !errors.is_empty(), "{open}");
        }
    };
    // A web worker has little more.
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(small).expect("starts");
    thread.join().expect("ends");
    let deepest = MAX_DEPTH - 1;
    read(&format!("x = {}1{}\n", "[".repeat(deepest), "]".repeat(deepest)));
    let body = read(&format!("x = [{}]\n", "\"é\",\n".repeat(50_000)));
    assert_eq!(body.attributes[0].value.elements().len(), 50_000);
    // Every block is open: each of the first heads is tried, then no more than the rest.
    let (_, errors) = hcl(&document(&"a {\n".repeat(20_000)));
    assert!(!errors.is_empty());
    // What nothing closes goes on to the end of the text, which is looked for a few times and not from every line.
    for open in ["a = <<X\n", "a = /*\n", "a = \"${<<X\n", "a {\n b = <<-X\n}\n"] {
        let (_, errors) = hcl(&document(&open.repeat(1000)));
        assert!((1..100).contains(&errors.len()), "{open} {}", errors.len());
    }
}

/// No clock: a cost that is not linear keeps this from ending.
#[test]
fn long_chains() {
    let many = 300_000;
    let body = read(&format!("x = a{}\n", ".b[0]".repeat(many)));
    let Kind::Expression(Expression::Reference(written)) = &body.attributes[0].value.kind else {
        panic!("{:?}", body.attributes[0].value.span)
    };
    assert_eq!(written.len(), 1 + 5 * many);
    let body = read(&format!("x = a{}()\n", "::b".repeat(many)));
    assert!(matches!(body.attributes[0].value.kind, Kind::Expression(Expression::Call { .. })));
    let body = read(&format!("x = \"%{{ if a }}{}%{{ endif }}\"\n", "text %{~ else }".repeat(many)));
    assert_eq!(body.attributes[0].value.kind, Kind::Expression(Expression::Other));
}

#[test]
fn every_cut_and_every_odd_byte_is_borne() {
    let text = "a \"b\" c {\n x = \"\\u00e4${d.e[0]}$${\"\n y = <<-E\n  f ${~ g ~}\n  %{ if h }i%{ endif }\n E\n}\nz = [1, {j = k}, (l ? m : n)] # o\n";
    for cut in 0..=text.len() {
        for byte in [b'"', b'\\', b'\n', b'{', b'}', b'$', 0xff, b'%', b'~', b'<', b'('] {
            let bytes = [&text.as_bytes()[..cut], &[byte], &text.as_bytes()[cut..]].concat();
            for bytes in [&bytes[..], &text.as_bytes()[..cut]] {
                let (body, errors) = hcl(&Text::identity(bytes, 0));
                if let Ok(text) = std::str::from_utf8(bytes) {
                    check_body(&body, text);
                }
                assert!(
                    errors
                        .iter()
                        .all(|error| error.span.start <= error.span.end && error.span.end as usize <= bytes.len())
                );
            }
        }
    }
}

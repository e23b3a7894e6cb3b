//! Terraform modules: the files of a folder say together what one file would say, locals are known, and of statements of one
//! `sid` the upper one is left. Not here: how the resources of one file are joined (`attached.rs`).

use keylint_diagnostics::{Diagnostic, Document};
use keylint_policy::{Detector, MAX_MODULE, Module, is_of_module};

/// The findings of the first file of a module.
fn scan(files: &[(&str, &str)]) -> Vec<Diagnostic> {
    let documents: Vec<Document<'_>> = files.iter().map(|(path, text)| Document::new(path, text.as_bytes())).collect();
    let detector = Detector::new(keylint_rules::builtin(), b"test", None);
    detector.scan_in_module(&documents[0], &Module::new(&documents))
}

/// What `rule` says of the first file, as the texts that it points at.
fn found<'t>(rule: &str, files: &[(&str, &'t str)]) -> Vec<&'t str> {
    let diagnostics = scan(files);
    let of_rule = diagnostics.iter().filter(|diagnostic| diagnostic.rule.as_str() == rule);
    of_rule.map(|diagnostic| &files[0].1[diagnostic.primary.span.range()]).collect()
}

const ROLE: &str = r#"
resource "aws_iam_role" "app" {
  name = "app"
}
resource "aws_iam_role_policy" "pass" {
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.pass.json
}
resource "aws_iam_role_policy" "run" {
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.run.json
}
"#;

fn document(name: &str, arguments: &str, statements: &[(&str, &str)]) -> String {
    let statement = |(sid, actions): &(&str, &str)| {
        format!("  statement {{\n    sid       = \"{sid}\"\n    actions   = {actions}\n    resources = [\"*\"]\n  }}\n")
    };
    let statements: String = statements.iter().map(statement).collect();
    format!("data \"aws_iam_policy_document\" \"{name}\" {{\n  {arguments}\n{statements}}}\n")
}

fn pass() -> String {
    document("pass", "", &[("Pass", r#"["iam:PassRole"]"#)])
}

fn run() -> String {
    document("run", "", &[("Run", r#"["lambda:CreateFunction", "lambda:InvokeFunction"]"#)])
}

#[test]
fn the_policies_of_a_principal_stand_in_several_files() {
    let (pass, run) = (pass(), run());
    let check = |files: &[(&str, &str)], want: &[&str]| {
        assert_eq!(found("privilege-escalation", files), want, "{files:?}");
    };
    let told = ["\"lambda:InvokeFunction\""];
    // It is told once: in the file that holds the last part of it.
    check(&[("m/run.tf", &run), ("m/role.tf", ROLE), ("m/pass.tf", &pass)], &told);
    check(&[("m/pass.tf", &pass), ("m/role.tf", ROLE), ("m/run.tf", &run)], &[]);
    check(&[("m/role.tf", ROLE), ("m/pass.tf", &pass), ("m/run.tf", &run)], &[]);
    check(&[("m/run.tf", &run), ("m/pass.tf", &pass)], &[]);
    check(&[("m/run.tf", &run)], &[]);
    let all = format!("{ROLE}{pass}{run}");
    check(&[("m/main.tf", &all), ("m/other.tf", "variable \"policy\" {}")], &told);
    // What a file says is the same whatever it is called and however it is ordered.
    check(&[("m/a.tofu", &run), ("m/z.tf", &pass), ("m/b.tf", ROLE)], &told);
    // Examples of one thing are no module.
    check(&[("m/run.tf", &run), ("m/role.tf", ROLE), ("m/pass.tf", &pass), ("m/pass-2.tf", &pass)], &[]);
    let role = ROLE.replace("role   =", "user   =");
    check(&[("m/run.tf", &run), ("m/role.tf", &role), ("m/pass.tf", &pass)], &told);
}

#[test]
fn a_label_names_the_file_that_it_stands_in() {
    let (pass, run) = (pass(), run());
    let diagnostics = scan(&[("m/run.tf", &run), ("m/role.tf", ROLE), ("m/pass.tf", &pass)]);
    let told = diagnostics.iter().find(|diagnostic| diagnostic.rule.as_str() == "privilege-escalation");
    let labels: Vec<(Option<&str>, &str)> = told
        .iter()
        .flat_map(|told| &told.related)
        .map(|label| (label.path.as_deref(), &if label.path.is_some() { &pass } else { &run }[label.span.range()]))
        .collect();
    assert_eq!(labels, [(Some("m/pass.tf"), "\"iam:PassRole\""), (None, "\"lambda:CreateFunction\"")]);
}

#[test]
fn a_file_that_does_not_parse_takes_nothing_from_the_others() {
    let (pass, run) = (pass(), run());
    let files =
        [("m/run.tf", run.as_str()), ("m/a.tf", "resource \"aws_iam_x\" {{{ \"Statement\" = ["), ("m/role.tf", ROLE)];
    let broken = [&files[..], &[("m/pass.tf", &pass)]].concat();
    assert_eq!(found("privilege-escalation", &broken).len(), 1);
    let json = [&files[..1], &[("m/b.tf.json", "{\"policy\": "), ("m/role.tf", ROLE), ("m/pass.tf", &pass)]].concat();
    assert_eq!(found("privilege-escalation", &json).len(), 1);
    assert_eq!(found("json-syntax-error", &json), Vec::<&str>::new());
}

#[test]
fn what_overrides_and_what_is_too_large_is_read_alone() {
    assert!(is_of_module("m/main.tf") && is_of_module("a.tf.json") && is_of_module("a.tofu"));
    assert!(!is_of_module("m/main_override.tf") && !is_of_module("override.tf.json") && !is_of_module("a.hcl"));
    let (pass, run) = (pass(), run());
    let large = format!("{ROLE}# {}\n", "x".repeat(MAX_MODULE));
    assert_eq!(
        found("privilege-escalation", &[("run.tf", &run), ("r.tf", &large), ("p.tf", &pass)]),
        Vec::<&str>::new()
    );
}

#[test]
fn a_file_that_has_changed_is_read_alone() {
    let (pass, run) = (pass(), run());
    let documents = [("run.tf", &*run), ("role.tf", ROLE), ("pass.tf", &*pass)];
    let documents = documents.map(|(path, text)| Document::new(path, text.as_bytes()));
    let module = Module::new(&documents);
    let detector = Detector::new(keylint_rules::builtin(), b"test", None);
    let opens = |path: &str, text: &str| {
        let found = detector.scan_in_module(&Document::new(path, text.as_bytes()), &module);
        found.iter().any(|diagnostic| diagnostic.rule.as_str() == "privilege-escalation")
    };
    assert!(opens("run.tf", &run));
    assert!(!opens("run.tf", &run.replace("Run", "Runs")));
    assert!(!opens("new.tf", &run));
}

#[test]
fn a_module_is_put_together_around_a_file() {
    let (pass, run) = (pass(), run());
    let detector = Detector::new(keylint_rules::builtin(), b"test", None);
    let opens = |module: &Module, own: &Document<'_>| {
        let found = detector.scan_in_module(own, module);
        found.iter().any(|diagnostic| diagnostic.rule.as_str() == "privilege-escalation")
    };
    let others = [("pass.tf", &*pass), ("role.tf", ROLE), ("run.tf", "# another text"), ("x.md", "no Statement")];
    let names = || others.map(|(name, _)| name.to_string());
    let mut asked = Vec::new();
    let read = |name: &str| {
        asked.push(name.to_string());
        Ok::<_, ()>(others.iter().find(|(other, _)| *other == name).map(|(_, text)| text.as_bytes().to_vec()))
    };
    let own = Document::new("m/run.tf", run.as_bytes());
    let module = Module::around(&own, names(), read).expect("nothing fails");
    assert_eq!(asked, ["pass.tf", "role.tf"]);
    assert!(opens(&module, &own) && module.knows(&own));
    // The file becomes another one, and another file does.
    let renamed = run.replace("Run", "Runs");
    let renamed = Document::new("m/run.tf", renamed.as_bytes());
    assert!(!module.knows(&renamed) && opens(&module.with(&[renamed]), &renamed));
    let gone = Document::new("m/role.tf", b"");
    assert!(!module.knows(&gone) && module.with(&[gone]).knows(&gone));
    assert!(!opens(&module.with(&[gone]), &own));
    assert_eq!(Module::around(&own, names(), |_| Err(3)).err(), Some(3));
    let many = (0..2000).map(|index| format!("{index}.tf"));
    assert!(Module::around(&own, many, |_| Ok::<_, ()>(None)).expect("nothing fails").is_too_large());
}

#[test]
fn another_file_says_what_a_policy_is_attached_to() {
    let bucket = document("b", "", &[("", r#"["s3:GetObject"]"#)]).replace(
        "    resources",
        "    principals {\n      type        = \"*\"\n      identifiers = [\"*\"]\n    }\n    resources",
    );
    let use_of = |argument: &str| format!("resource \"{argument} = data.aws_iam_policy_document.b.json\n}}\n");
    let bucket_policy = use_of("aws_s3_bucket_policy\" \"b\" {\n  policy");
    let trust = use_of("aws_iam_role\" \"b\" {\n  assume_role_policy");
    let rules = |other: &str| -> Vec<String> {
        let diagnostics = scan(&[("m/policies.tf", &bucket), ("m/main.tf", other)]);
        diagnostics.iter().map(|diagnostic| diagnostic.rule.to_string()).collect()
    };
    assert!(rules(&bucket_policy).contains(&"resource-policy-without-tls".to_string()), "{:?}", rules(&bucket_policy));
    assert!(rules(&trust).contains(&"role-trusts-everybody".to_string()), "{:?}", rules(&trust));
}

#[test]
fn a_local_is_what_it_is_set_to() {
    let policy = |actions: &str| document("x", "", &[("", actions)]);
    let text = |locals: &str, actions: &str| format!("locals {{\n  {locals}\n}}\n{}", policy(actions));
    let check = |locals: &str, actions: &str, want: &[&str]| {
        let text = text(locals, actions);
        assert_eq!(found("invalid-action", &[("main.tf", &text)]), want, "{text}");
    };
    check("a = [\"s3:GetObjcet\"]", "local.a", &["local.a"]);
    check("a = \"s3:GetObjcet\"", "[local.a]", &["local.a"]);
    check("a = \"GetObjcet\"", "[\"s3:${local.a}\"]", &["\"s3:${local.a}\""]);
    check("a = local.b\n  b = [\"s3:GetObjcet\"]", "local.a", &["local.a"]);
    check("a = local.b\n  b = local.a", "local.a", &[]);
    check("a = var.b", "local.a", &[]);
    check("a = [var.b]", "local.a", &[]);
    check("a = {b = \"s3:GetObjcet\"}", "local.a", &[]);
    // A variable is what somebody sets it to, whatever its default says.
    let text = format!("variable \"a\" {{\n  default = [\"s3:GetObjcet\"]\n}}\n{}", policy("var.a"));
    assert_eq!(found("invalid-action", &[("main.tf", &text)]), Vec::<&str>::new());
    // The place of a name is no place to write the right name in.
    let text = "locals {\n  abcdef = \"s3:GetObjcet\"\n}\n".to_string() + &policy("[local.abcdef]");
    assert!(scan(&[("main.tf", &text)]).iter().all(|diagnostic| diagnostic.fixes.is_empty()));
    let other = policy("local.a");
    let locals = "locals {\n  a = [\"s3:GetObjcet\"]\n}\n";
    assert_eq!(found("invalid-action", &[("m/main.tf", &other), ("m/locals.tf", locals)]), ["local.a"]);
}

#[test]
fn names_that_stand_for_much_are_written_so_often_and_no_more() {
    let long = format!("locals {{\n  a = [{}]\n}}\n", "\"s3:GetObject\", ".repeat(10_000));
    let uses = document("x", "", &vec![("", "local.a"); 1_000]);
    scan(&[("main.tf", &(long + &uses))]);
}

#[test]
fn a_statement_of_the_same_sid_overrides() {
    let part = document(
        "part",
        "",
        &[("Pass", r#"["iam:PassRole"]"#), ("Run", r#"["lambda:CreateFunction", "lambda:InvokeFunction"]"#)],
    );
    let narrow = document("narrow", "", &[("Pass", r#"["iam:GetRole"]"#)]);
    let name = |name: &str| format!("data.aws_iam_policy_document.{name}.json");
    let check = |arguments: &str, own: &[(&str, &str)], used: &str, want: bool| {
        let whole = document("whole", arguments, own);
        let user =
            format!("resource \"aws_iam_user_policy\" \"x\" {{\n  user   = \"bob\"\n  policy = {}\n}}\n", name(used));
        let text = format!("{part}{narrow}{whole}{user}");
        assert_eq!(found("privilege-escalation", &[("main.tf", &text)]).len() == 1, want, "{text}");
    };
    let source = format!("source_policy_documents = [{}]", name("part"));
    let over = format!("override_policy_documents = [{}]", name("narrow"));
    let read: (&str, &str) = ("Pass", r#"["iam:GetRole"]"#);
    check(&source, &[], "whole", true);
    check(&source, &[read], "whole", false);
    check(&source, &[("", read.1)], "whole", true);
    check(&format!("source_json = {}", name("part")), &[read], "whole", false);
    check(&format!("{source}\n  {over}"), &[], "whole", false);
    check(&format!("override_policy_documents = [{}]", name("part")), &[read], "whole", true);
    check(&format!("override_policy_documents = [{}, {}]", name("part"), name("narrow")), &[], "whole", false);
    check(&format!("override_policy_documents = [{}, {}]", name("narrow"), name("part")), &[], "whole", true);
    // Who takes in the whole takes in what is left in it; who uses the part itself has all of it.
    let outer =
        |own: &[(&str, &str)]| document("outer", &format!("source_policy_documents = [{}]", name("whole")), own);
    for (own, want) in [(&[][..], true), (&[read][..], false)] {
        let text = format!(
            "{part}{}{}resource \"aws_iam_user_policy\" \"x\" {{\n  user   = \"bob\"\n  policy = {}\n}}\n",
            document("whole", &source, &[]),
            outer(own),
            name("outer")
        );
        assert_eq!(found("privilege-escalation", &[("main.tf", &text)]).len() == 1, want, "{text}");
    }
    check(&source, &[read], "part", true);
}

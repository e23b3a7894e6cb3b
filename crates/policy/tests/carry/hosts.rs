//! The hosts that examples are carried to: a path, and how a policy stands in a document there.
//! Not here: what is expected of it.

use keylint_policy::PolicyKind;
use keylint_syntax::tree::{Kind, Node};

use super::{
    document::{self, Syntax},
    places::Place,
    text::{self, between, block, template},
    tree,
    written::Written,
};

/// What is carried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carried<'e> {
    /// The JSON text.
    pub(crate) text: &'e str,
    /// Its tree, where it parses.
    pub(crate) tree: Option<&'e Node>,
    pub(crate) kind: PolicyKind,
    pub(crate) cloudformation: Place,
    pub(crate) terraform: Place,
}

/// What a host makes of an example.
#[derive(Debug)]
pub(crate) enum Form {
    Written(Written),
    /// The host holds policies of other kinds.
    OtherKind,
    /// The host cannot say this policy.
    Unsayable(&'static str),
}

/// A host.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Host {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
    /// Whether the place tells what the policy is attached to.
    pub(crate) tells: bool,
    pub(crate) write: fn(&Carried<'_>) -> Form,
}

const fn host(name: &'static str, path: &'static str, tells: bool, write: fn(&Carried<'_>) -> Form) -> Host {
    Host { name, path, tells, write }
}

/// All hosts.
pub(crate) const HOSTS: &[Host] = &[
    host("cloudformation-flow", "template.yaml", true, |e| whole(cfn_yaml(e), " ", e.text, text::plain, "\n")),
    host("cloudformation-block", "template.yaml", true, |e| in_yaml(&cfn_yaml(e), e.tree, 8)),
    host("cloudformation-scalar", "template.yml", true, |e| Form::Written(block(&(cfn_yaml(e) + " |\n"), e.text, 8))),
    host("cloudformation-quoted", "template.yml", true, |e| whole(cfn_yaml(e), " '", e.text, text::single, "'\n")),
    host("cloudformation-json", "stack.template", true, |e| whole(cfn_json(e), " ", e.text, text::plain, "}}}}")),
    host("cloudformation-json-string", "stack.json", true, |e| whole(cfn_json(e), "\"", e.text, text::json, "\"}}}}")),
    host("cdk", "cdk.out/App.template.json", true, cdk),
    host("sam", "template.yaml", true, sam),
    host("serverless", "serverless.yml", true, serverless),
    host("terraform-jsonencode", "main.tf", true, jsonencode),
    host("terraform-heredoc", "main.tf", true, |e| {
        Form::Written(template(&(tf(e) + "<<POLICY\n"), e.text, text::plain, "\nPOLICY\n}\n"))
    }),
    host("terraform-quoted", "main.tf", true, |e| {
        Form::Written(template(&(tf(e) + "\""), e.text, text::hcl, "\"\n}\n"))
    }),
    host("terraform-data", "main.tf", true, |e| data(e, Syntax::Native)),
    host("terraform-json", "main.tf.json", true, |e| {
        Form::Written(template(&(tf_json(e) + "\""), e.text, text::json, "\"}}}}"))
    }),
    host("terraform-json-data", "main.tf.json", true, |e| data(e, Syntax::Json)),
    host("terraform-plan", "plan.json", true, plan),
    host("terraform-state", "terraform.tfstate.json", true, state),
    host("string", "any.json", false, |e| whole("{\"Policy\": \"".into(), "", e.text, text::json, "\"}")),
    host("string-percent", "any.json", false, |e| whole("{\"Document\": \"".into(), "", e.text, text::percent, "\"}")),
    host("list", "any.json", false, |e| whole("[1, {\"x\": [".into(), "", e.text, text::plain, "]}]")),
    host("yaml", "any.yaml", false, |e| in_yaml("x:\n  - policy:", e.tree, 6)),
    host("get-policy-version", "answer.json", true, |e| {
        let before = "{\"PolicyVersion\": {\"IsDefaultVersion\": true, \"VersionId\": \"v3\", \"Document\": ";
        identity(e, between(before, e.text, text::plain, "}}"))
    }),
    host("get-role-policy", "answer.json", true, |e| {
        let before = "{\"RoleName\": \"app\", \"PolicyName\": \"p\", \"PolicyDocument\": ";
        identity(e, between(before, e.text, text::plain, "}"))
    }),
    host("get-account-authorization-details", "answer.json", true, details),
    host("answer", "answer.json", true, answer),
    host("python", "app.py", false, |e| literal("import json\n\nPOLICY = ", e.tree, tree::PYTHON)),
    host("python-text", "app.py", false, |e| {
        if e.text.contains('\\') {
            return Form::Unsayable("a backslash means something in a string of Python");
        }
        Form::Written(between("POLICY = \"\"\"", e.text, text::plain, "\"\"\"\n"))
    }),
    host("typescript", "src/app.ts", false, |e| literal("export const policy = ", e.tree, tree::SCRIPT)),
];

fn whole(before: String, more: &str, text: &str, spelling: text::Spelling, behind: &str) -> Form {
    Form::Written(between(&(before + more), text, spelling, behind))
}

const BROKEN: Form = Form::Unsayable("a broken text has no tree");

fn cfn_yaml(e: &Carried<'_>) -> String {
    let Place { resource, property, also } = e.cloudformation;
    let also = also.map(|(name, word)| format!("      {name}: {word}\n")).unwrap_or_default();
    format!("Resources:\n  Thing:\n    Type: {resource}\n    Properties:\n{also}      {property}:")
}

fn cfn_json(e: &Carried<'_>) -> String {
    let Place { resource, property, also } = e.cloudformation;
    let also = also.map(|(name, word)| format!("\"{name}\": \"{word}\", ")).unwrap_or_default();
    format!("{{\"Resources\": {{\"Thing\": {{\"Type\": \"{resource}\", \"Properties\": {{{also}\"{property}\": ")
}

/// A key of YAML that is written already, and the policy in block style behind it.
fn in_yaml(before: &str, tree: Option<&Node>, depth: usize) -> Form {
    let Some(tree) = tree else { return BROKEN };
    let mut out = Written::default();
    out.say(before);
    tree::yaml(&mut out, tree, depth);
    out.say("\n");
    Form::Written(out)
}

fn cdk(e: &Carried<'_>) -> Form {
    let Place { resource, property, also } = e.cloudformation;
    let also = also.map(|(name, word)| format!("    \"{name}\": \"{word}\",\n")).unwrap_or_default();
    let before = format!(
        "{{\n \"Resources\": {{\n  \"ThingE8C5A41F\": {{\n   \"Type\": \"{resource}\",\n   \"Properties\": {{\n{also}    \"{property}\": "
    );
    let behind = "\n   },\n   \"Metadata\": {\"aws:cdk:path\": \"App/Thing/Resource\"}\n  }\n }\n}\n";
    whole(before, "", e.text, text::plain, behind)
}

fn identity(e: &Carried<'_>, written: Written) -> Form {
    if e.kind == PolicyKind::Identity { Form::Written(written) } else { Form::OtherKind }
}

fn sam(e: &Carried<'_>) -> Form {
    if e.kind != PolicyKind::Identity {
        return Form::OtherKind;
    }
    let before = "Transform: AWS::Serverless-2016-10-31\nResources:\n  App:\n    Type: AWS::Serverless::Function\n    \
                  Properties:\n      Policies:\n        - AWSLambdaExecute\n        -";
    match e.tree {
        Some(Node { kind: Kind::Map(_), .. }) => in_yaml_element(before, e.tree, 10),
        _ => BROKEN,
    }
}

/// The same, of an element of a list.
fn in_yaml_element(before: &str, tree: Option<&Node>, depth: usize) -> Form {
    let Some(tree) = tree else { return BROKEN };
    let mut out = Written::default();
    out.say(before);
    tree::yaml_element(&mut out, tree, depth);
    out.say("\n");
    Form::Written(out)
}

fn serverless(e: &Carried<'_>) -> Form {
    if e.kind != PolicyKind::Identity {
        return Form::OtherKind;
    }
    let Some(statement) = e.tree.and_then(|tree| tree.get("Statement")) else { return BROKEN };
    let mut out = Written::default();
    out.say("service: app\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:");
    let start = out.text.len() + "\n        ".len();
    match &statement.kind {
        Kind::List(_) => tree::yaml(&mut out, statement, 8),
        _ => {
            out.say("\n        -");
            tree::yaml_element(&mut out, statement, 10);
        }
    }
    // The list is all that stands there of the policy.
    if let Some(tree) = e.tree {
        out.stood(tree.span, start);
    }
    out.say("\n");
    Form::Written(out)
}

fn tf(e: &Carried<'_>) -> String {
    let Place { resource, property, also } = e.terraform;
    let also = also.map(|(name, word)| format!("  {name} = \"{word}\"\n")).unwrap_or_default();
    format!("resource \"{resource}\" \"thing\" {{\n{also}  {property} = ")
}

fn tf_json(e: &Carried<'_>) -> String {
    let Place { resource, property, also } = e.terraform;
    let also = also.map(|(name, word)| format!("\"{name}\": \"{word}\", ")).unwrap_or_default();
    format!("{{\"resource\": {{\"{resource}\": {{\"thing\": {{{also}\"{property}\": ")
}

fn jsonencode(e: &Carried<'_>) -> Form {
    let Some(tree) = e.tree else { return BROKEN };
    let mut out = Written::default();
    out.say(&(tf(e) + "jsonencode("));
    tree::object(&mut out, tree, tree::HCL);
    out.say(")\n}\n");
    Form::Written(out)
}

fn data(e: &Carried<'_>, syntax: Syntax) -> Form {
    let Some(tree) = e.tree else { return BROKEN };
    let mut out = Written::default();
    let Place { resource, property, also } = e.terraform;
    let json = syntax == Syntax::Json;
    out.say(if json { "{\"data\": {\"aws_iam_policy_document\": {\"thing\": " } else { "" });
    let start = out.text.len();
    out.say(if json { "" } else { "data \"aws_iam_policy_document\" \"thing\" " });
    if let Err(reason) = document::body(&mut out, tree, syntax) {
        return Form::Unsayable(reason);
    }
    out.stood(tree.span, start);
    if json {
        let also = also.map(|(name, word)| format!("\"{name}\": \"{word}\", ")).unwrap_or_default();
        out.say(&format!("}}}}, \"resource\": {{\"{resource}\": {{\"thing\": {{{also}\"{property}\": "));
        out.say("\"${data.aws_iam_policy_document.thing.json}\"}}}}");
    } else {
        let also = also.map(|(name, word)| format!("  {name} = \"{word}\"\n")).unwrap_or_default();
        out.say(&format!("\nresource \"{resource}\" \"thing\" {{\n{also}  {property} = "));
        out.say("data.aws_iam_policy_document.thing.json\n}\n");
    }
    Form::Written(out)
}

/// A resource as a plan and a state show it, up to the policy.
fn values(e: &Carried<'_>) -> String {
    let Place { resource, property, also } = e.terraform;
    let also = also.map(|(name, word)| format!("\"{name}\": \"{word}\", ")).unwrap_or_default();
    format!(
        "{{\"address\": \"{resource}.thing\", \"mode\": \"managed\", \"type\": \"{resource}\", \"name\": \"thing\", \
         \"values\": {{{also}\"{property}\": \""
    )
}

fn plan(e: &Carried<'_>) -> Form {
    let before = "{\"format_version\": \"1.2\", \"terraform_version\": \"1.9.5\", \"planned_values\": {\"root_module\": \
                  {\"child_modules\": [{\"address\": \"module.a\", \"resources\": [";
    // Each policy stands in the changes too, and is not told twice.
    let changes = "\"resource_changes\": [{\"change\": {\"actions\": [\"create\"], \"after\": {}}}]";
    whole(before.into(), &values(e), e.text, text::json, &format!("\"}}}}]}}]}}}}, {changes}}}"))
}

fn state(e: &Carried<'_>) -> Form {
    let before = "{\"format_version\": \"1.0\", \"terraform_version\": \"1.9.5\", \"values\": {\"root_module\": {\"resources\": [";
    whole(before.into(), &values(e), e.text, text::json, "\"}}]}}}")
}

fn details(e: &Carried<'_>) -> Form {
    let role = "{\"UserDetailList\": [], \"RoleDetailList\": [{\"RoleName\": \"app\", \"RoleId\": \"x\", ";
    match e.kind {
        PolicyKind::Identity => {
            let before = format!("{role}\"RolePolicyList\": [{{\"PolicyName\": \"p\", \"PolicyDocument\": ");
            whole(before, "", e.text, text::plain, "}]}], \"Policies\": []}")
        }
        PolicyKind::Trust => {
            let before = format!("{role}\"AssumeRolePolicyDocument\": ");
            whole(before, "", e.text, text::plain, "}], \"Policies\": []}")
        }
        _ => Form::OtherKind,
    }
}

/// What `aws` prints of the policy of a resource or an organization.
fn answer(e: &Carried<'_>) -> Form {
    let (before, behind) = match e.kind {
        PolicyKind::Trust => ("{\"Role\": {\"RoleName\": \"app\", \"AssumeRolePolicyDocument\": ", "}}"),
        PolicyKind::KmsKey => ("{\"PolicyName\": \"default\", \"Policy\": \"", "\"}"),
        PolicyKind::Secret => ("{\"ARN\": \"x\", \"Name\": \"db\", \"ResourcePolicy\": \"", "\"}"),
        PolicyKind::Scp => (
            "{\"Policy\": {\"PolicySummary\": {\"Name\": \"p\", \"Type\": \"SERVICE_CONTROL_POLICY\"}, \"Content\": \"",
            "\"}}",
        ),
        PolicyKind::Rcp => (
            "{\"Policy\": {\"PolicySummary\": {\"Name\": \"p\", \"Type\": \"RESOURCE_CONTROL_POLICY\"}, \"Content\": \"",
            "\"}}",
        ),
        PolicyKind::VpcEndpoint => ("{\"VpcEndpoints\": [{\"VpcEndpointId\": \"x\", \"PolicyDocument\": \"", "\"}]}"),
        PolicyKind::Resource => ("{\"Attributes\": {\"QueueArn\": \"x\", \"Policy\": \"", "\"}}"),
        _ => return Form::OtherKind,
    };
    let spelling = if e.kind == PolicyKind::Trust { text::plain } else { text::json };
    whole(before.into(), "", e.text, spelling, behind)
}

fn literal(before: &str, tree: Option<&Node>, style: tree::Style) -> Form {
    let Some(tree) = tree else { return BROKEN };
    let mut out = Written::default();
    out.say(before);
    tree::object(&mut out, tree, style);
    out.say("\n");
    Form::Written(out)
}

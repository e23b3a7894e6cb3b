//! Every JSON example of every rule, carried into every host where such a policy can stand: the rule finds the same, on the
//! characters that the marked text was written to, and stays silent where the example is silent.
//! Not here: the examples as they stand in the rule files (`rules.rs`).

mod carry;
mod edits;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::Range,
    path::Path,
};

use carry::hosts::{Carried, Form, HOSTS, Host};
use edits::apply;
use keylint_diagnostics::{Diagnostic, Document, Edit};
use keylint_policy::{Detector, PolicyKind, hosts::Found, read};
use keylint_rules::{Family, Rule, RuleFile, expand};
use keylint_syntax::{
    Text,
    tree::{Kind, Node, json},
};

fn files() -> Vec<RuleFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/policy");
    let mut paths: Vec<_> = fs::read_dir(folder).expect("rules").map(|entry| entry.expect("entry").path()).collect();
    paths.sort();
    let read = |path: &Path| {
        let id = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name");
        RuleFile::parse(Family::Policy, id, &fs::read_to_string(path).expect("readable")).expect("a rule file")
    };
    paths.iter().filter(|path| path.extension().is_some_and(|e| e == "toml")).map(|path| read(path)).collect()
}

/// What a rule says of a document, by place.
fn scan(rule: &Rule, kind: Option<PolicyKind>, path: &str, text: &str) -> Vec<Diagnostic> {
    Detector::new(std::slice::from_ref(rule), b"test", kind).scan(&Document::new(path, text.as_bytes()))
}

/// An example in JSON.
struct Case {
    text: String,
    marked: Vec<Range<usize>>,
    tree: Option<Node>,
    /// What `--policy-type` says, and what the policy is without it.
    said: Option<PolicyKind>,
    kind: PolicyKind,
    /// The text that the fix makes of it.
    fixed: Option<String>,
}

fn cases(file: &RuleFile) -> Vec<Case> {
    let of_json = |path: &str| Path::new(path).file_name().is_some_and(|name| name == "policy.json");
    let examples = file.examples.iter().filter(|example| example.path.as_deref().is_none_or(of_json));
    examples
        .map(|example| {
            let expanded = expand::example(example, 1, &|_, _| None);
            let tree = json(&Text::identity(expanded.text.as_bytes(), 0)).ok();
            let said = example.policy_type.as_deref().and_then(|word| word.parse().ok());
            let guess = tree.clone().map_or(PolicyKind::Identity, |node| read(Found::bare(node)).kind);
            let marked = expanded.marked.iter().map(|&(start, end)| start..end).collect();
            Case { text: expanded.text, marked, tree, said, kind: said.unwrap_or(guess), fixed: example.fixed.clone() }
        })
        .collect()
}

/// What came of carrying an example to a host.
enum Outcome {
    /// As many findings as the example has marks, and whether a fix was made of the example's.
    Same {
        findings: usize,
        fixed: bool,
    },
    Elsewhere,
    Different(String),
}

fn carry(rule: &Rule, case: &Case, host: &Host) -> Outcome {
    let (cloudformation, terraform) = carry::places::of(case.kind, case.tree.as_ref());
    let carried = Carried { text: &case.text, tree: case.tree.as_ref(), kind: case.kind, cloudformation, terraform };
    let written = match (host.write)(&carried) {
        Form::Written(written) => written,
        Form::OtherKind => return Outcome::Elsewhere,
        Form::Unsayable(reason) => return Outcome::Different(reason.into()),
    };
    let kind = if host.tells { None } else { case.said };
    let found = scan(rule, kind, host.path, &written.text);
    let spans: Vec<Range<usize>> = found.iter().map(|diagnostic| diagnostic.primary.span.range()).collect();
    let wanted: Vec<Vec<Range<usize>>> = case.marked.iter().map(|mark| written.places(mark)).collect();
    let text: String = written.text.chars().take(1500).collect();
    if !fit(&wanted, &spans) {
        let show =
            |range: &Range<usize>| written.text.get(range.clone()).unwrap_or("?").chars().take(200).collect::<String>();
        let want: Vec<_> = wanted.iter().map(|places| places.iter().map(show).collect::<Vec<_>>()).collect();
        let got: Vec<_> = spans.iter().map(|range| (range.clone(), show(range))).collect();
        return Outcome::Different(format!("want {want:?}\n    got {got:?}\n    in {text}"));
    }
    let plain = scan(rule, case.said, "policy.json", &case.text);
    let said = messages(&plain);
    if messages(&found) != said {
        return Outcome::Different(format!("says {:?} in place of {said:?}\n    in {text}", messages(&found)));
    }
    let edits: Vec<&Edit> = found.iter().filter_map(|d| d.fixes.first()).flat_map(|fix| &fix.edits).collect();
    let Some(fixed) = case.fixed.as_ref().filter(|_| !edits.is_empty()) else {
        return Outcome::Same { findings: spans.len(), fixed: false };
    };
    let now = apply(&written.text, edits);
    match after(rule, kind, host, &now, fixed) {
        Ok(()) => Outcome::Same { findings: spans.len(), fixed: true },
        Err(why) => Outcome::Different(format!("{why} after the fix: {now}")),
    }
}

fn messages(found: &[Diagnostic]) -> Vec<&str> {
    let mut messages: Vec<&str> = found.iter().map(|diagnostic| &*diagnostic.message).collect();
    messages.sort_unstable();
    messages
}

/// Whether a host whose document is fixed holds the policy that the example is fixed to.
fn after(rule: &Rule, kind: Option<PolicyKind>, host: &Host, now: &str, fixed: &str) -> Result<(), String> {
    if !scan(rule, kind, host.path, now).is_empty() {
        return Err("still found".into());
    }
    let hosted = keylint_policy::hosts::find(&Document::new(host.path, now.as_bytes()), false);
    let [policy] = hosted.policies.as_slice() else { return Err("not one policy".into()) };
    let (mut want, mut got) = (String::new(), String::new());
    shape(&json(&Text::identity(fixed.as_bytes(), 0)).expect("JSON"), &mut want);
    shape(&policy.node, &mut got);
    // A data source writes other shapes: lists for single values, and what is not said.
    let same = want == got || host.name.ends_with("-data") || host.name == "serverless";
    if same { Ok(()) } else { Err(format!("{got} in place of {want}")) }
}

/// What a tree says.
fn shape(node: &Node, out: &mut String) {
    match &node.kind {
        Kind::String(text) => out.push_str(&format!("{:?}", text.as_str())),
        Kind::List(elements) => {
            out.push('[');
            elements.iter().for_each(|element| shape(element, out));
            out.push(']');
        }
        Kind::Map(entries) => {
            let mut written: Vec<String> = entries
                .iter()
                .map(|entry| {
                    let mut text = format!("{:?}:", entry.key.as_str());
                    shape(&entry.value, &mut text);
                    text
                })
                .collect();
            written.sort();
            out.push_str(&format!("{{{}}}", written.concat()));
        }
        other => out.push_str(&format!("{other:?}")),
    }
}

/// Whether each finding stands at a place of one mark, and each mark has one.
fn fit(wanted: &[Vec<Range<usize>>], found: &[Range<usize>]) -> bool {
    let mut left = found.to_vec();
    let mut take = |places: &Vec<Range<usize>>| {
        let at = left.iter().position(|span| places.contains(span));
        at.map(|at| left.swap_remove(at)).is_some()
    };
    wanted.iter().all(&mut take) && left.is_empty()
}

#[test]
fn examples_hold_in_every_host() {
    let only = std::env::var("KEYLINT_RULE").ok();
    let mut complaints = Vec::new();
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut excused = BTreeSet::new();
    for file in files().iter().filter(|file| only.as_ref().is_none_or(|only| file.rule.id.contains(only.as_str()))) {
        for (number, case) in cases(file).iter().enumerate() {
            for host in HOSTS {
                let count = counts.entry(host.name).or_default();
                match carry(&file.rule, case, host) {
                    Outcome::Same { findings, fixed } => {
                        count[0] += 1;
                        count[1] += findings;
                        count[2] += usize::from(fixed);
                    }
                    Outcome::Elsewhere => {}
                    Outcome::Different(how) => match carry::excused::by(&file.rule.id, host.name) {
                        Some(entry) => {
                            count[3] += 1;
                            excused.insert(entry);
                        }
                        None => complaints.push(format!("{} example {number} in {}: {how}", file.rule.id, host.name)),
                    },
                }
            }
        }
    }
    if only.is_none() {
        let needless = (0..carry::excused::EXCUSED.len()).filter(|entry| !excused.contains(entry));
        complaints.extend(needless.map(|entry| format!("needs no excuse: {:?}", carry::excused::EXCUSED[entry])));
    }
    print(&counts);
    assert!(complaints.is_empty(), "{} complaints\n{}", complaints.len(), complaints.join("\n"));
}

/// Says how many examples each host carried; `--nocapture` shows it.
#[expect(clippy::print_stdout, reason = "for people who run the test alone")]
fn print(counts: &BTreeMap<&str, [usize; 4]>) {
    println!("{:36}{:>10}{:>10}{:>10}{:>10}", "host", "examples", "findings", "fixed", "excused");
    for (name, [carried, findings, fixed, excused]) in counts {
        println!("{name:36}{carried:>10}{findings:>10}{fixed:>10}{excused:>10}");
    }
}

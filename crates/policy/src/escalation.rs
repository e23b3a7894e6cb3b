//! Whether the policies of a principal open a way to more permissions: which statement grants which action on what, after
//! denies and conditions. Not here: the ways themselves (`escalation/paths.rs`), or how a finding reads (`checks`).

mod paths;

pub use paths::{PATHS, Path, Way};

use std::sync::OnceLock;

use crate::{
    arn::{self, Arn},
    catalogue::{Catalogue, Index, ResourceType},
    model::{Effect, Operator, Policy, Statement, UNKNOWN, Value, Values},
    wildcard,
};

/// The account in a pattern of resources that a principal may own: twelve digits, so that AWS's own `aws` does not fit.
const ACCOUNT: &str = "????????????";

/// Keys whose condition a holder of the credentials meets, or can choose to meet: they do not keep anybody from anything.
const MET: &[&str] = &[
    "aws:securetransport",
    "aws:requestedregion",
    "aws:principalorgid",
    "aws:principalaccount",
    "aws:principaltype",
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
];

/// What the policies of one principal say.
#[derive(Debug)]
pub struct Grants<'p> {
    allows: Vec<&'p Statement>,
    denies: Vec<&'p Statement>,
    boundary: Vec<&'p Statement>,
    bounded: bool,
    /// Whether a role may be passed although `iam:PassedToService` names the service that it is passed to.
    passes: bool,
    catalogue: &'p Catalogue,
}

/// The value of a statement that admits an action; `Some(None)` where `NotAction` does not exclude it.
fn admitting<'p>(statement: &'p Statement, action: &str) -> Option<Option<&'p Value>> {
    let admits = |value: &&Value| wildcard::admits_in_any_case(&value.text, action);
    if let Some(actions) = &statement.action {
        return actions.items.iter().find(admits).map(Some);
    }
    let excluded = statement.not_action.as_ref()?;
    (excluded.complete && excluded.items.iter().find(admits).is_none()).then_some(None)
}

/// The actions of all paths, for which most policies have no word.
struct Names {
    /// In lower case, sorted.
    names: Vec<String>,
    by_name: Option<Index>,
    /// For each path, the places of its actions.
    of_paths: Vec<Vec<usize>>,
}

impl Names {
    fn get() -> &'static Names {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(|| {
            let lower = |action: &&str| action.to_ascii_lowercase();
            let mut names: Vec<String> = PATHS.iter().flat_map(|path| path.actions).map(lower).collect();
            keylint_diagnostics::sort(&mut names);
            names.dedup();
            let place = |action: &&str| names.binary_search(&lower(action)).ok();
            let of_paths = PATHS.iter().map(|path| path.actions.iter().filter_map(place).collect()).collect();
            Names { by_name: Index::new(names.iter().map(String::as_str)), names, of_paths }
        })
    }

    /// Marks the actions that a pattern admits.
    fn mark(&self, pattern: &str, spoken: &mut [bool]) {
        let front = pattern.bytes().take_while(|byte| !matches!(byte, b'*' | b'?')).count();
        if front == pattern.len() {
            let index = self.by_name.as_ref();
            if let Some(place) = index.and_then(|index| index.find(pattern, |place| &self.names[place])) {
                spoken[place] = true;
            }
            return;
        }
        let lower = pattern.to_ascii_lowercase();
        let first = self.names.partition_point(|name| name.as_str() < &lower[..front]);
        for (name, spoken) in self.names.iter().zip(spoken).skip(first) {
            if !name.starts_with(&lower[..front]) {
                break;
            }
            *spoken = *spoken || wildcard::admits(&lower, name);
        }
    }
}

/// A path that is open, and what opens each of its actions.
#[derive(Debug)]
pub struct Open<'p> {
    /// The path.
    pub path: &'static Path,
    /// For each action of the path, in its order, the value that grants it and the resource that it grants it on.
    pub by: Vec<Granted<'p>>,
    /// Whether it may say nothing new, since the same policies let the holder run all such computations.
    pub weak: bool,
}

/// What grants one action.
#[derive(Clone, Copy, Debug)]
pub struct Granted<'p> {
    /// The statement.
    pub statement: &'p Statement,
    /// The value of `Action`, or of `NotAction`'s list as a whole.
    pub action: Option<&'p Value>,
    /// The value of `Resource`; none where it is `NotResource`.
    pub resource: Option<&'p Value>,
}

impl<'p> Grants<'p> {
    /// Of the identity policies among `policies`, which belong to one principal, and its boundary.
    pub fn new(policies: impl Iterator<Item = &'p Policy>, catalogue: &'p Catalogue) -> Grants<'p> {
        let mut grants = Grants {
            allows: Vec::new(),
            denies: Vec::new(),
            boundary: Vec::new(),
            bounded: false,
            passes: false,
            catalogue,
        };
        for policy in policies {
            let boundary = policy.kind == crate::PolicyKind::Boundary;
            if !boundary && policy.kind != crate::PolicyKind::Identity {
                continue;
            }
            grants.bounded |= boundary;
            for statement in &policy.statements {
                match statement.effect {
                    Some(Effect::Deny) => grants.denies.push(statement),
                    Some(Effect::Allow) if boundary => grants.boundary.push(statement),
                    Some(Effect::Allow) => grants.allows.push(statement),
                    None => {}
                }
            }
        }
        grants
    }

    /// The same, with `iam:PassedToService` taken for what it is: no hindrance where it names the very service.
    pub fn through_passed_service(self) -> Grants<'p> {
        Grants { passes: true, ..self }
    }

    /// The paths that are open, in the order of the table.
    pub fn open(&self) -> Vec<Open<'p>> {
        // Most policies speak of few of the actions; the resources are looked at where all of a path are spoken of.
        let names = Names::get();
        let mut spoken = vec![false; names.names.len()];
        for statement in &self.allows {
            match &statement.action {
                Some(actions) => actions.items.iter().for_each(|value| names.mark(&value.text, &mut spoken)),
                None => names.names.iter().zip(&mut spoken).for_each(|(name, spoken)| {
                    *spoken = *spoken || admitting(statement, name).is_some();
                }),
            }
        }
        let paths = PATHS.iter().zip(&names.of_paths);
        let whole = |(_, places): &(&Path, &Vec<usize>)| places.iter().all(|&place| spoken[place]);
        paths.filter(whole).filter_map(|(path, _)| self.opens(path)).collect()
    }

    /// Whether everything is allowed: every action on every resource.
    pub fn everything(&self) -> Option<Granted<'p>> {
        let star = |value: &&Value| matches!(&*value.text, "*" | "*:*" | "**");
        self.allows.iter().find_map(|&statement| {
            let action = statement.action.as_ref()?.items.iter().find(star)?;
            let resource = statement.resource.as_ref()?.items.iter().find(star)?;
            let denied = self.denies.iter().any(|deny| deny.condition.is_empty() && covers_all(deny));
            let free = statement.condition.iter().all(|operator| self.is_met(operator, &[]));
            let granted = Granted { statement, action: Some(action), resource: Some(resource) };
            (free && !denied && !self.bounded).then_some(granted)
        })
    }

    fn opens(&self, path: &'static Path) -> Option<Open<'p>> {
        let by = path.actions.iter().map(|action| self.granted(action, path)).collect::<Option<Vec<_>>>()?;
        // `lambda:*` says by itself that the holder runs the service.
        let whole = |granted: &Granted<'_>| granted.action.is_some_and(|value| is_whole_service(&value.text));
        let runs = || by.iter().any(whole) || path.makers.iter().any(|action| self.granted(action, path).is_some());
        let weak = path.way == Way::ExistingCompute && runs();
        Some(Open { path, by, weak })
    }

    /// What grants an action so that the path can use it: on some resource of each kind that the action needs at once.
    fn granted(&self, action: &str, path: &Path) -> Option<Granted<'p>> {
        let reach = reach_of(action, path);
        let mut first = None;
        for needed in self.targets(action) {
            let granted = self.allows.iter().find_map(|&statement| {
                let value = admitting(statement, action)?;
                if !statement.condition.iter().all(|operator| self.is_met(operator, path.passed_to)) {
                    return None;
                }
                let resource = self.useful(statement, &Need { action, targets: &needed, reach, path })?;
                Some(Granted { statement, action: value, resource })
            })?;
            first = first.or(Some(granted));
        }
        first
    }

    /// A resource of the statement that is of use, on which nothing denies the action, and within the boundary.
    fn useful(&self, statement: &'p Statement, need: &Need<'_>) -> Option<Option<&'p Value>> {
        if let Some(resources) = &statement.resource {
            return resources.items.iter().find_map(|value| {
                let pattern = pattern_of(value);
                (need.serves(&pattern) && self.left(need, &pattern)).then_some(Some(value))
            });
        }
        (need.is_beside(statement.not_resource.as_ref()?) && self.left(need, "*")).then_some(None)
    }

    /// Whether the action on a resource is within the boundary and not denied as a whole.
    fn left(&self, need: &Need<'_>, resource: &str) -> bool {
        let left = |resource: &str| {
            let denied = self.denies.iter().any(|deny| {
                deny.condition.is_empty() && admitting(deny, need.action).is_some() && need.is_denied(deny, resource)
            });
            !denied && (!self.bounded || self.boundary.iter().any(|within| self.is_within(within, need, resource)))
        };
        // A deny of all roles leaves other things of `*`, but nothing of use.
        if resource == "*" { need.targets.iter().any(|target| left(target)) } else { left(resource) }
    }

    /// Whether a statement of the boundary leaves as much of a resource as is needed.
    fn is_within(&self, within: &Statement, need: &Need<'_>, resource: &str) -> bool {
        let both = |pattern: &str| need.serves(pattern) && arn::meet(pattern, resource);
        let reaches = match (&within.resource, &within.not_resource) {
            (Some(resources), _) => resources.items.iter().any(|value| both(&pattern_of(value))),
            (None, Some(excluded)) => need.is_beside(excluded) && !excludes(excluded, resource),
            (None, None) => false,
        };
        let met = |operator: &Operator| self.is_met(operator, need.path.passed_to);
        reaches && admitting(within, need.action).is_some() && within.condition.iter().all(met)
    }

    /// The kinds of resources that an action needs at once, each as patterns of which one has to be reached; `*` alone for
    /// an action that knows no resources.
    fn targets(&self, action: &str) -> Vec<Vec<String>> {
        let service = action.split(':').next().unwrap_or_default();
        let one = |rest: &str| vec![format!("arn:*:{rest}")];
        match action {
            "iam:PassRole" | "sts:AssumeRole" => return vec![one("iam::????????????:role/*")],
            // A command needs a document that runs what it is given, and an instance.
            "ssm:SendCommand" => {
                return vec![one("ec2:*:????????????:instance/*"), one("ssm:*:*:document/AWS-RunShellScript")];
            }
            "ssm:StartSession" => return vec![one("ec2:*:????????????:instance/*")],
            _ => {}
        }
        let Some(known) = self.catalogue.action(action) else { return vec![one(&format!("{service}:*:*:*"))] };
        let pattern = |resource: &ResourceType<'_>| {
            let pattern = resource.arn_pattern();
            let arn = Arn::parse(&pattern)?;
            let account = if arn.account.is_empty() { "" } else { ACCOUNT };
            Some(format!("arn:*:{}:{}:{account}:{}", arn.service, arn.region, arn.resource))
        };
        let mut required: Vec<Vec<String>> = Vec::new();
        let mut optional: Vec<String> = Vec::new();
        for used in known.resources() {
            let Some(pattern) = pattern(&used.resource) else { continue };
            if used.required {
                required.push(vec![pattern]);
            } else {
                optional.push(pattern);
            }
        }
        match (required.is_empty(), optional.is_empty()) {
            (false, _) => required,
            (true, false) => vec![optional],
            (true, true) => vec![vec!["*".into()]],
        }
    }

    /// Whether somebody who holds the credentials meets a condition. What is not sure to be met counts as not met.
    fn is_met(&self, operator: &Operator, passed_to: &[&str]) -> bool {
        operator.keys.iter().all(|key| {
            let name = key.name.text.to_ascii_lowercase();
            if name == "iam:passedtoservice" {
                let of_text = operator.parts.base.starts_with("String") && !operator.parts.base.contains("Not");
                let admits = |value: &Value| passed_to.iter().any(|service| wildcard::admits(&value.text, service));
                return self.passes && of_text && key.values.items.iter().any(admits);
            }
            if name == "aws:currenttime" {
                return self.still_holds(operator, key.values.items.first());
            }
            MET.contains(&&*name) && !operator.parts.base.contains("Not") && &*operator.parts.base != "Null"
        })
    }

    /// Whether a condition on the date can hold from the day of the catalogue on, which is surely past.
    fn still_holds(&self, operator: &Operator, value: Option<&Value>) -> bool {
        let Some(day) = value.and_then(Value::known).and_then(|text| text.get(..10)) else { return false };
        match &*operator.parts.base {
            "DateLessThan" | "DateLessThanEquals" => day > self.catalogue.date(),
            "DateGreaterThan" | "DateGreaterThanEquals" | "DateNotEquals" => true,
            _ => false,
        }
    }
}

/// What an action of a path needs, so that the path can use it.
struct Need<'n> {
    action: &'n str,
    /// Patterns of resources, of which one has to be reached.
    targets: &'n [String],
    reach: Reach,
    path: &'n Path,
}

impl Need<'_> {
    fn serves(&self, pattern: &str) -> bool {
        self.targets.iter().any(|target| self.reach.admits(pattern, target)) && !is_service_linked(pattern)
    }

    /// Whether a deny leaves nothing of use of a resource.
    fn is_denied(&self, deny: &Statement, resource: &str) -> bool {
        if let Some(resources) = &deny.resource {
            return resources.items.iter().any(|value| value.known && excludes_one(value, resource));
        }
        let Some(excluded) = &deny.not_resource else { return false };
        let left = |pattern: &str| self.serves(pattern) && arn::meet(pattern, resource);
        excluded.complete && !excluded.items.iter().any(|value| left(&pattern_of(value)))
    }

    /// Whether what is excluded leaves one of the targets.
    fn is_beside(&self, excluded: &Values) -> bool {
        self.targets.iter().any(|target| !excludes(excluded, target))
    }
}

/// How far a grant has to reach for an action to be of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Any resource of the kind: the principal makes its own.
    Any,
    /// More than one resource, so that one can be chosen.
    Several,
    /// The same, or the user that the principal is itself.
    Own,
    /// All resources of the kind: with a part of them, all that is reached may be as narrow as the principal itself.
    All,
}

impl Reach {
    fn admits(self, pattern: &str, target: &str) -> bool {
        // An action without resources is granted on `*` only.
        if target == "*" {
            return pattern == "*";
        }
        let several = || pattern == "*" || Arn::parse(pattern).is_some_and(|arn| wildcard::is_pattern(arn.resource));
        match self {
            Reach::Any => arn::meet(pattern, target),
            Reach::Several => arn::meet(pattern, target) && several(),
            Reach::Own => arn::meet(pattern, target) && (several() || pattern.ends_with(OWN)),
            Reach::All => {
                // Of one account and one region, but all that is there.
                let (Some(own), Some(all)) = (Arn::parse(pattern), Arn::parse(target)) else {
                    return pattern == "*";
                };
                arn::meet(pattern, target) && wildcard::covers(own.resource, all.resource)
            }
        }
    }
}

fn reach_of(action: &str, path: &Path) -> Reach {
    match (action, path.way) {
        ("iam:PassRole" | "sts:AssumeRole", _) => Reach::All,
        ("iam:PutUserPolicy" | "iam:AttachUserPolicy", Way::Grant) => Reach::Own,
        (_, Way::Grant | Way::TakeOver) => Reach::Several,
        (_, Way::ExistingCompute) => Reach::All,
        (_, Way::NewCompute) => Reach::Any,
    }
}

/// Whether an action is all of one service: `lambda:*`.
fn is_whole_service(action: &str) -> bool {
    action.split_once(':').is_some_and(|(service, name)| name == "*" && !wildcard::is_pattern(service))
}

/// Whether a pattern admits only roles that are linked to a service: nobody but that service can change or assume them.
fn is_service_linked(pattern: &str) -> bool {
    Arn::parse(pattern).is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("role/aws-service-role/"))
}

/// Whether a statement speaks of every action on every resource.
fn covers_all(statement: &Statement) -> bool {
    let star =
        |values: &Option<Values>| values.iter().flat_map(|values| &values.items).any(|value| &*value.text == "*");
    star(&statement.action) && star(&statement.resource)
}

/// Whether one of the values covers the resource.
fn excludes(values: &Values, resource: &str) -> bool {
    values.items.iter().any(|value| excludes_one(value, resource))
}

/// Whether the value covers the resource, in the partition that the policy is in.
fn excludes_one(value: &Value, resource: &str) -> bool {
    let pattern = pattern_of(value);
    let wide = Arn::parse(&pattern).map(|arn| {
        let [_, service, region, account, resource] = arn.parts();
        format!("arn:*:{service}:{region}:{account}:{resource}")
    });
    arn::covers(wide.as_deref().unwrap_or(&pattern), resource)
}

/// A resource as a pattern: what a run fills in is any account or region, but one name; so is a policy variable.
fn pattern_of(value: &Value) -> String {
    let text = without_variables(&value.text);
    if !text.contains(UNKNOWN) {
        return text;
    }
    match Arn::parse(&text) {
        Some(arn) => {
            let [partition, service, region, account, resource] = arn.parts();
            let any = |part: &str| if part.contains(UNKNOWN) { "*".to_string() } else { part.to_string() };
            let resource = resource.replace(UNKNOWN, "x");
            format!("arn:{}:{}:{}:{}:{resource}", any(partition), any(service), any(region), any(account))
        }
        None => text.replace(UNKNOWN, "x"),
    }
}

/// Stands in a pattern for `${aws:username}`. No name holds it.
const OWN: &str = "=self=";

/// `${aws:username}` and the like stand for one name: that of the caller.
fn without_variables(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else { break };
        out.push_str(before);
        match name {
            "*" | "?" | "$" => out.push_str(name),
            _ if name.eq_ignore_ascii_case("aws:username") => out.push_str(OWN),
            _ => out.push_str("self"),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

//! Finds the configuration in force for a document, follows `extends`, reads user rules and the baseline, and builds one
//! engine for each distinct configuration. Not here: the keys and their meaning (`keylint_engine::config`).

use std::{collections::BTreeMap, sync::Arc};

use keylint_engine::{
    Config, Engine,
    baseline::Baseline,
    config::{self, ConfigFile},
    glob::Globs,
};
use keylint_report::Gate;
use keylint_rules::{About, Family, RuleFile};

use crate::{
    files::{Files, Pending},
    ignored::Ignores,
    uri::Uri,
};

/// Where a configuration file may stand in a folder; the first one that exists is taken.
pub(crate) const NAMES: [&str; 3] = ["keylint.toml", ".keylint.toml", ".config/keylint.toml"];
/// The baseline, where none is named.
pub(crate) const BASELINE: &str = "keylint.baseline.json";
/// Configurations that extend each other in a row; more is a circle that renames itself.
const MAX_CHAIN: usize = 16;

/// What is wrong with a file that a configuration needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) uri: Uri,
    /// From 1.
    pub(crate) line: u32,
    pub(crate) reason: String,
}

/// A baseline in force.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) uri: Uri,
    /// The folder that its paths are relative to.
    pub(crate) root: Uri,
    pub(crate) baseline: Baseline,
}

/// A configuration in force.
#[derive(Debug)]
pub(crate) struct Scope {
    /// The folder that paths and globs are relative to.
    pub(crate) base: Uri,
    pub(crate) engine: Arc<Engine>,
    pub(crate) gate: Gate,
    pub(crate) accepted: Option<Accepted>,
    /// Where a new baseline would stand, and the folder of its paths.
    pub(crate) new_baseline: (Uri, Uri),
    /// What is wrong; the scope is then the default one.
    pub(crate) problem: Option<Problem>,
    exclude: Option<Globs>,
    /// The files that it was read from; a change of one makes it anew.
    sources: Vec<Uri>,
    loaded: Loaded,
}

impl Scope {
    /// Whether `path`, relative to the base, is not to be scanned.
    pub(crate) fn excludes(&self, path: &str) -> bool {
        self.exclude.as_ref().is_some_and(|globs| globs.fit(path))
    }

    /// What a rule says to people.
    pub(crate) fn about(&self, rule: &str) -> Option<&About> {
        self.own(rule).map(|file| &file.about).or_else(|| keylint_rules::about(rule))
    }

    /// The rule of the user with this id.
    pub(crate) fn own(&self, rule: &str) -> Option<&RuleFile> {
        self.loaded.rules.iter().find(|file| file.rule.id == rule)
    }

    /// An engine with this configuration and another key.
    pub(crate) fn with_key(&self, key: Vec<u8>, today: Option<String>) -> Option<Engine> {
        Engine::new(self.loaded.config(Some(key), today)).ok()
    }
}

/// A configuration file with what it points to.
#[derive(Clone, Debug, Default, PartialEq)]
struct Loaded {
    file: ConfigFile,
    rules: Vec<RuleFile>,
    /// The baseline that is named, and the folder of its paths.
    baseline: Option<(Uri, Uri)>,
    sources: Vec<Uri>,
}

impl Loaded {
    fn config(&self, key: Option<Vec<u8>>, today: Option<String>) -> Config {
        let config = self.file.clone().into_config(self.rules.clone(), today);
        Config { fingerprint_key: key, ..config }
    }
}

/// Why a configuration cannot be used.
enum Refusal {
    Pending,
    Wrong(Problem),
}

impl From<Pending> for Refusal {
    fn from(_: Pending) -> Refusal {
        Refusal::Pending
    }
}

/// What an engine was built from, and the engine.
type Built = (ConfigFile, Vec<RuleFile>, Option<Vec<u8>>, Arc<Engine>);

/// The configurations, by folder.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    by_folder: BTreeMap<Uri, Arc<Scope>>,
    engines: Vec<Built>,
    ignores: Ignores,
}

impl Scopes {
    /// Forgets all configurations. Engines are kept, since most changes leave most of them as they are.
    pub(crate) fn clear(&mut self) {
        let Scopes { by_folder, ignores, .. } = self;
        by_folder.clear();
        *ignores = Ignores::default();
    }

    /// Whether any configuration was read from `uri`.
    pub(crate) fn reads(&self, uri: &Uri) -> bool {
        self.by_folder.values().any(|scope| scope.sources.contains(uri))
    }

    /// The files that configurations were read from and whose names say nothing.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &Uri> {
        self.by_folder.values().flat_map(|scope| &scope.sources)
    }

    /// What is wrong with the file `uri`, if a configuration needs it.
    pub(crate) fn problem(&self, uri: &Uri) -> Option<&Problem> {
        self.by_folder.values().filter_map(|scope| scope.problem.as_ref()).find(|problem| problem.uri == *uri)
    }

    /// Everything that is wrong.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.by_folder.values().filter_map(|scope| scope.problem.as_ref())
    }

    /// Whether `uri`, below `top`, is ignored.
    pub(crate) fn ignores(
        &mut self,
        uri: &Uri,
        top: &Uri,
        repository: bool,
        files: &mut Files<'_>,
    ) -> Result<bool, Pending> {
        self.ignores.has(uri, top, repository, files)
    }

    /// Whether git would leave out the file `uri` of the repository `top`.
    pub(crate) fn keeps_from_git(&mut self, uri: &Uri, top: &Uri, files: &mut Files<'_>) -> Result<bool, Pending> {
        self.ignores.keeps_from_git(uri, top, files)
    }

    /// The configuration in force in `folder`, looked for up to `top`.
    pub(crate) fn of(&mut self, folder: &Uri, top: &Uri, files: &mut Files<'_>) -> Result<Arc<Scope>, Pending> {
        if let Some(scope) = self.by_folder.get(folder) {
            return Ok(Arc::clone(scope));
        }
        let scope = match find(folder, top, files)? {
            Some((base, uri)) if base != *folder => match self.by_folder.get(&base) {
                Some(scope) => Arc::clone(scope),
                None => self.load(&base, Some(uri), top, files)?,
            },
            Some((base, uri)) => self.load(&base, Some(uri), top, files)?,
            None => match self.by_folder.get(top) {
                Some(scope) => Arc::clone(scope),
                None => self.load(top, None, top, files)?,
            },
        };
        self.by_folder.insert(scope.base.clone(), Arc::clone(&scope));
        self.by_folder.insert(folder.clone(), Arc::clone(&scope));
        // The oldest one, since what is in use now was built or asked for last.
        if self.engines.len() > MAX_ENGINES {
            self.engines.remove(0);
        }
        Ok(scope)
    }

    /// Builds the scope of the configuration `uri`, or the default one.
    fn load(&mut self, base: &Uri, uri: Option<Uri>, top: &Uri, files: &mut Files<'_>) -> Result<Arc<Scope>, Pending> {
        let loaded = match &uri {
            Some(uri) => load(uri, &mut Vec::new(), files),
            None => Ok(Loaded::default()),
        };
        let scope = match loaded {
            Ok(loaded) => self.build(base, top, loaded, files),
            Err(refusal) => Err(refusal),
        };
        match scope {
            Ok(scope) => Ok(Arc::new(scope)),
            Err(Refusal::Pending) => Err(Pending),
            Err(Refusal::Wrong(problem)) => {
                // The rules that everybody has are better than none; the problem is shown.
                let sources: Vec<Uri> = uri.into_iter().chain([problem.uri.clone()]).collect();
                let loaded = Loaded { sources, ..Loaded::default() };
                let scope = match self.build(base, top, loaded.clone(), files) {
                    // The baseline is what is wrong.
                    Err(Refusal::Wrong(_)) => self.scope(base, loaded, None, files),
                    scope => scope,
                };
                match scope {
                    Ok(scope) => Ok(Arc::new(Scope { problem: Some(problem), ..scope })),
                    Err(_) => Err(Pending),
                }
            }
        }
    }

    fn build(&mut self, base: &Uri, top: &Uri, loaded: Loaded, files: &mut Files<'_>) -> Result<Scope, Refusal> {
        let named = loaded.baseline.clone();
        let place = match named {
            Some(place) => Some(place),
            None => beside(base, top, files)?,
        };
        let accepted = match place {
            None => None,
            Some((uri, root)) => {
                let wrong = |reason: String| Refusal::Wrong(Problem { uri: uri.clone(), line: 1, reason });
                let text = files.text(&uri)?.ok_or_else(|| wrong("the baseline cannot be read".into()))?;
                let baseline = Baseline::parse(&text, uri.name()).map_err(|error| wrong(error.reason))?;
                Some(Accepted { uri, root, baseline })
            }
        };
        self.scope(base, loaded, accepted, files)
    }

    fn scope(
        &mut self,
        base: &Uri,
        loaded: Loaded,
        accepted: Option<Accepted>,
        files: &mut Files<'_>,
    ) -> Result<Scope, Refusal> {
        let wrong = |reason: String| {
            let uri = loaded.sources.first().unwrap_or(base).clone();
            Refusal::Wrong(Problem { uri, line: 1, reason })
        };
        let exclude = match &loaded.file.exclude[..] {
            [] => None,
            patterns => Some(config::exclude(patterns).map_err(|error| wrong(format!("`exclude`: {error}")))?),
        };
        let key = accepted.as_ref().map(|accepted| accepted.baseline.key.clone());
        let engine = self.engine(&loaded, key, files).map_err(wrong)?;
        let mut sources = loaded.sources.clone();
        sources.extend(accepted.as_ref().map(|accepted| accepted.uri.clone()));
        let gate = Gate::new(loaded.file.fail_on, loaded.file.min_confidence);
        let new_baseline = loaded.baseline.clone().unwrap_or_else(|| (base.join(BASELINE), base.clone()));
        let base = base.clone();
        Ok(Scope { base, engine, gate, accepted, new_baseline, problem: None, exclude, sources, loaded })
    }

    fn engine(&mut self, loaded: &Loaded, key: Option<Vec<u8>>, files: &mut Files<'_>) -> Result<Arc<Engine>, String> {
        let same = |built: &&Built| built.0 == loaded.file && built.1 == loaded.rules && built.2 == key;
        if let Some((.., engine)) = self.engines.iter().find(same) {
            return Ok(Arc::clone(engine));
        }
        let today = files.host.today();
        let engine = Engine::new(loaded.config(key.clone(), today)).map_err(|error| error.to_string())?;
        let engine = Arc::new(engine);
        self.engines.push((loaded.file.clone(), loaded.rules.clone(), key, Arc::clone(&engine)));
        Ok(engine)
    }

    /// Forgets the engines too, so that a new day is seen.
    pub(crate) fn reset(&mut self) {
        *self = Scopes::default();
    }
}

/// Engines that are kept; a workspace with more configurations builds some again.
const MAX_ENGINES: usize = 8;

/// The nearest configuration file from `folder` up to `top`, and the folder that it is in force for.
fn find(folder: &Uri, top: &Uri, files: &mut Files<'_>) -> Result<Option<(Uri, Uri)>, Pending> {
    let mut pending = false;
    for base in folder.ancestors().take_while(|above| above.is_in(top)) {
        for name in NAMES {
            let uri = base.join(name);
            match files.read(&uri) {
                // Of a place nearer by it is not known yet.
                Ok(Some(_)) if pending => return Err(Pending),
                Ok(Some(_)) => return Ok(Some((base, uri))),
                Ok(None) => {}
                // All are asked for at once, since a host may fetch each over a network.
                Err(Pending) => pending = true,
            }
        }
    }
    if pending { Err(Pending) } else { Ok(None) }
}

/// The baseline that stands beside the configuration or above it.
fn beside(base: &Uri, top: &Uri, files: &mut Files<'_>) -> Result<Option<(Uri, Uri)>, Pending> {
    for folder in base.ancestors().take_while(|above| above.is_in(top)) {
        let uri = folder.join(BASELINE);
        if files.read(&uri)?.is_some() {
            return Ok(Some((uri, folder)));
        }
    }
    Ok(None)
}

/// Reads a configuration file and everything that it extends. `chain` holds the files that lead here.
fn load(uri: &Uri, chain: &mut Vec<Uri>, files: &mut Files<'_>) -> Result<Loaded, Refusal> {
    let wrong = |line: usize, reason: String| {
        let line = u32::try_from(line).unwrap_or(1);
        Refusal::Wrong(Problem { uri: uri.clone(), line, reason })
    };
    if chain.contains(uri) || chain.len() >= MAX_CHAIN {
        return Err(wrong(1, "configuration files extend each other in a circle".into()));
    }
    chain.push(uri.clone());
    let text = files.text(uri)?.ok_or_else(|| wrong(1, "the configuration cannot be read".into()))?;
    let mut file = config::parse(&text, uri.name()).map_err(|error| wrong(error.line, error.reason))?;
    let folder = uri.parent().unwrap_or_default();
    let mut sources = vec![uri.clone()];
    let rules = match file.rules.take() {
        Some(rules) => user_rules(&folder.join(&rules), &mut sources, files)?,
        None => Vec::new(),
    };
    let root = if folder.name() == ".config" { folder.parent().unwrap_or_default() } else { folder.clone() };
    let baseline = file.baseline.take().map(|named| (folder.join(&named), root));
    let Some(base) = file.extends.take() else { return Ok(Loaded { file, rules, baseline, sources }) };
    let mut base = load(&folder.join(&base), chain, files)?;
    sources.append(&mut base.sources);
    // A rule of the nearer file replaces one of the same id.
    base.rules.retain(|rule| rules.iter().all(|own| own.rule.id != rule.rule.id));
    base.rules.extend(rules);
    let baseline = baseline.or(base.baseline);
    Ok(Loaded { file: file.over(base.file), rules: base.rules, baseline, sources })
}

/// Reads the rule files of a folder: `ID.toml` for secrets, or `FAMILY/ID.toml`.
fn user_rules(folder: &Uri, sources: &mut Vec<Uri>, files: &mut Files<'_>) -> Result<Vec<RuleFile>, Refusal> {
    let families = Family::ALL.into_iter().map(|family| (folder.join(family.as_str()), family));
    let mut rules = Vec::new();
    for (folder, family) in [(folder.clone(), Family::Secret)].into_iter().chain(families) {
        for uri in files.children(&folder)? {
            let Some(id) = uri.name().strip_suffix(".toml").map(str::to_string) else { continue };
            let text = files.text(&uri)?.unwrap_or_default();
            let rule = RuleFile::parse(family, &id, &text);
            sources.push(uri.clone());
            // Between its first line and its last one the reason quotes the file.
            let said = |reason: &str| {
                [reason.lines().next(), reason.lines().skip(1).last()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(": ")
            };
            rules.push(rule.map_err(|error| Refusal::Wrong(Problem { uri, line: 1, reason: said(&error.reason) }))?);
        }
    }
    Ok(rules)
}

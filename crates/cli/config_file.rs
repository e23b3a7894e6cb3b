//! Finds configuration files, follows `extends`, reads user rules, and builds one engine for each distinct
//! configuration. Not here: the keys and their meaning (`keylint_engine::config`).

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, anyhow, bail};
use keylint_engine::{
    Config, Engine,
    config::{self, ConfigFile},
    glob::Globs,
};
use keylint_report::Gate;
use keylint_rules::{Family, RuleFile};

use crate::{
    args::{GateChoice, RuleChoice},
    baseline::{self, Accepted},
    place::{Here, slashed, tops},
};

/// Where a configuration file may stand in a folder; the first one that exists is taken.
pub(crate) const NAMES: [&str; 3] = ["keylint.toml", ".keylint.toml", ".config/keylint.toml"];

/// A configuration with what it points to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Loaded {
    /// The keys, with those of the files that it extends.
    pub(crate) file: ConfigFile,
    /// The user rules.
    pub(crate) rules: Vec<RuleFile>,
    /// The baseline that the files name, and the folder of the file that does.
    pub(crate) baseline: Option<(PathBuf, PathBuf)>,
    /// The files that were read, the nearest first.
    pub(crate) sources: Vec<PathBuf>,
}

/// A configuration in force for some documents.
pub(crate) struct Scope {
    /// The folder that paths and globs are relative to.
    pub(crate) base: PathBuf,
    /// The configuration, as it was read.
    pub(crate) loaded: Loaded,
    /// Which findings fail.
    pub(crate) gate: Gate,
    /// The rules, ready to scan. Lives as long as the process, as every thread's scanner borrows it.
    pub(crate) engine: &'static Engine,
    /// Tells configurations apart that may find other things in the same document.
    pub(crate) digest: u64,
    /// What was accepted, and what stands before paths relative to `base` in the paths of that file.
    pub(crate) accepted: Option<(&'static Accepted, String)>,
    /// Paths that are not scanned, relative to `base`.
    exclude: Globs,
    /// The baseline itself, if it lies below `base`: its key and fingerprints are no secrets.
    own: Option<String>,
}

impl Scope {
    /// Whether `path`, relative to the base, is not to be scanned.
    pub(crate) fn excludes(&self, path: &str) -> bool {
        self.own.as_deref() == Some(path) || self.exclude.fit(path)
    }

    /// Whether any path is excluded, so that callers need not build one.
    pub(crate) fn excludes_any(&self) -> bool {
        !self.loaded.file.exclude.is_empty()
    }

    /// Whether templates are scanned with their placeholders filled in.
    pub(crate) fn expands_examples(&self) -> bool {
        self.loaded.file.expand_examples.unwrap_or(false)
    }
}

/// What an engine was built from (keys, user rules, key of the fingerprints), and the engine.
type Built = (ConfigFile, Vec<RuleFile>, Vec<u8>, &'static Engine);

/// The configurations of a run, by folder.
pub(crate) struct Scopes {
    choice: RuleChoice,
    gate: GateChoice,
    /// Folders above which nothing is looked for, since they are the roots of repositories or of the scan.
    tops: BTreeSet<PathBuf>,
    today: String,
    /// In force in a folder, whatever file is there.
    instead: Option<(PathBuf, Loaded)>,
    by_folder: RwLock<HashMap<PathBuf, &'static Scope>>,
    engines: Mutex<Vec<Built>>,
    baselines: Mutex<Vec<&'static Accepted>>,
}

impl Scopes {
    /// The configurations for scans below `tops`.
    pub(crate) fn new(choice: &RuleChoice, tops: BTreeSet<PathBuf>) -> Scopes {
        Scopes {
            choice: choice.clone(),
            gate: GateChoice::default(),
            tops,
            today: today(SystemTime::now()),
            instead: None,
            by_folder: RwLock::default(),
            engines: Mutex::default(),
            baselines: Mutex::default(),
        }
    }

    /// With a configuration for a folder, and a baseline that is used instead of the text of its file.
    pub(crate) fn with(mut self, instead: Option<(PathBuf, Loaded)>, accepted: Option<Accepted>) -> Scopes {
        self.instead = instead;
        if let Some(accepted) = accepted {
            self.baselines = Mutex::new(vec![Box::leak(Box::new(accepted))]);
        }
        self
    }

    /// With what the command line says of the gate.
    pub(crate) fn gated(self, gate: GateChoice) -> Scopes {
        Scopes { gate, ..self }
    }

    /// Today, `YYYY-MM-DD`.
    pub(crate) fn today(&self) -> &str {
        &self.today
    }

    /// The baselines that were met.
    pub(crate) fn baselines(&self) -> Vec<&'static Accepted> {
        self.baselines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The file of the baseline for `folder`, whether it exists or not, and the folder of its paths.
    pub(crate) fn baseline_of(&self, folder: &Path) -> anyhow::Result<(PathBuf, PathBuf)> {
        let (base, loaded) = match (self.own(folder)?, folder.parent()) {
            (Some(loaded), _) => (folder, loaded),
            (None, Some(parent)) if !self.tops.contains(folder) => return self.baseline_of(parent),
            (None, _) => (folder, self.chosen()?),
        };
        Ok(self.named_baseline(base, &loaded).unwrap_or_else(|| (base.join(baseline::NAME), base.into())))
    }

    /// The baseline that is named, or stands beside the configuration or above it.
    fn named_baseline(&self, base: &Path, loaded: &Loaded) -> Option<(PathBuf, PathBuf)> {
        let tops = || base.ancestors().find(|above| self.tops.contains(*above)).unwrap_or(base);
        if let Some(path) = &self.choice.baseline {
            return Some((std::path::absolute(path).unwrap_or_else(|_| path.clone()), tops().into()));
        }
        if let Some((path, root)) = &loaded.baseline {
            return Some((path.clone(), root.clone()));
        }
        let top = tops();
        let beside = base.ancestors().take_while(|above| above.starts_with(top));
        let exists =
            |path: &PathBuf| path.is_file() || self.baselines().first().is_some_and(|accepted| accepted.path == *path);
        let found = beside.map(|above| (above.join(baseline::NAME), above.to_path_buf()));
        if self.choice.isolated { None } else { found.into_iter().find(|(path, _)| exists(path)) }
    }

    fn accepted(&self, base: &Path, loaded: &Loaded) -> anyhow::Result<Option<&'static Accepted>> {
        let known = self.baselines();
        // A run that was given a baseline and finds none of its own uses that one.
        let Some((path, root)) = self.named_baseline(base, loaded) else {
            return Ok(known.first().copied().filter(|accepted| base.starts_with(&accepted.root)));
        };
        if let Some(accepted) = known.iter().find(|accepted| accepted.path == path) {
            return Ok(Some(accepted));
        }
        let mut accepted = Accepted::read(path, root)?;
        accepted.number = known.len();
        let accepted: &'static Accepted = Box::leak(Box::new(accepted));
        self.baselines.lock().unwrap_or_else(PoisonError::into_inner).push(accepted);
        Ok(Some(accepted))
    }

    /// The configuration in force in `folder`, which is absolute.
    pub(crate) fn of(&self, folder: &Path) -> anyhow::Result<&'static Scope> {
        if let Some(scope) = self.by_folder.read().unwrap_or_else(PoisonError::into_inner).get(folder) {
            return Ok(scope);
        }
        let scope = match (self.own(folder)?, folder.parent()) {
            (Some(loaded), _) => self.build(folder, loaded)?,
            (None, Some(parent)) if !self.tops.contains(folder) => self.of(parent)?,
            (None, _) => self.top(folder)?,
        };
        self.by_folder.write().unwrap_or_else(PoisonError::into_inner).insert(folder.into(), scope);
        Ok(scope)
    }

    /// The engines that were built.
    pub(crate) fn engines(&self) -> Vec<&'static Engine> {
        let engines = self.engines.lock().unwrap_or_else(PoisonError::into_inner);
        engines.iter().map(|(_, _, _, engine)| *engine).collect()
    }

    /// Tells the configurations of two runs apart, as the WebAssembly does it: by their files alone.
    pub(crate) fn hash(&self) -> String {
        let engines = self.engines.lock().unwrap_or_else(PoisonError::into_inner);
        let texts: BTreeSet<String> = engines.iter().map(|(file, rules, ..)| format!("{file:?} {rules:?}")).collect();
        format!("{:016x}", fnv(texts.iter().flat_map(|text| text.bytes())))
    }

    /// Everything that decides what an engine finds, but for the rules that are built in.
    fn digest(&self, file: &ConfigFile, rules: &[RuleFile]) -> u64 {
        let RuleChoice { compliance, policy_type, policies_only, .. } = &self.choice;
        fnv(format!("{file:?} {rules:?} {compliance:?} {policy_type:?} {policies_only}").bytes())
    }

    /// The configuration of this very folder, unless the command line has chosen.
    fn own(&self, folder: &Path) -> anyhow::Result<Option<Loaded>> {
        if let Some((_, loaded)) = self.instead.as_ref().filter(|(chosen, _)| chosen == folder) {
            return Ok(Some(loaded.clone()));
        }
        let chosen = self.choice.config.is_some() || self.choice.isolated;
        in_folder(folder).filter(|_| !chosen).map(|path| load(&path)).transpose()
    }

    /// What is in force where no file is found.
    fn top(&self, folder: &Path) -> anyhow::Result<&'static Scope> {
        self.build(folder, self.chosen()?)
    }

    /// The configuration of the command line, else the default one.
    fn chosen(&self) -> anyhow::Result<Loaded> {
        match &self.choice.config {
            Some(path) => load(path),
            None => Ok(Loaded::default()),
        }
    }

    fn build(&self, base: &Path, mut loaded: Loaded) -> anyhow::Result<&'static Scope> {
        if self.choice.preview {
            loaded.file.preview = Some(true);
        }
        if let Some(edition) = &self.choice.rules_edition {
            loaded.file.rules_edition = Some(edition.clone());
        }
        // Without a file it is the command line that is wrong, and says so itself.
        let named = |error: anyhow::Error| match loaded.sources.first() {
            Some(path) => error.context(format!("`{}`", path.display())),
            None => error,
        };
        let exclude = config::exclude(&loaded.file.exclude);
        let exclude = exclude.map_err(|reason| named(anyhow!("`exclude`: {reason}")))?;
        let accepted = self.accepted(base, &loaded)?;
        let engine = self.engine(&loaded, accepted).map_err(named)?;
        let own = accepted.and_then(|accepted| accepted.path.strip_prefix(base).ok()).map(slashed);
        let accepted = accepted.map(|accepted| (accepted, accepted.prefix(base)));
        // Few are built in a run, and threads refer to them until its end.
        let gate = self.gate.over(&loaded.file);
        let digest = self.digest(&loaded.file, &loaded.rules);
        Ok(Box::leak(Box::new(Scope { base: base.into(), loaded, gate, engine, digest, accepted, exclude, own })))
    }

    fn engine(&self, loaded: &Loaded, accepted: Option<&Accepted>) -> anyhow::Result<&'static Engine> {
        let key = accepted.map(|accepted| accepted.baseline.key.clone());
        let mut engines = self.engines.lock().unwrap_or_else(PoisonError::into_inner);
        let same = engines.iter().find(|(file, rules, known, _)| {
            *file == loaded.file && *rules == loaded.rules && *known == key.clone().unwrap_or_default()
        });
        if let Some((.., engine)) = same {
            return Ok(engine);
        }
        let config = Config { fingerprint_key: key.clone(), ..self.config(loaded) };
        let engine: &'static Engine = Box::leak(Box::new(Engine::new(config)?));
        engines.push((loaded.file.clone(), loaded.rules.clone(), key.unwrap_or_default(), engine));
        Ok(engine)
    }

    fn config(&self, loaded: &Loaded) -> Config {
        let config = loaded.file.clone().into_config(loaded.rules.clone(), Some(self.today.clone()));
        let only = self.choice.policies_only;
        let others = [Family::Secret, Family::Code].map(|family| family.as_str().to_string());
        let others = others.into_iter().filter(|_| only);
        Config {
            // To select the family would select its rules in preview too.
            ignore: config.ignore.into_iter().chain(others).collect(),
            policy_type: self.choice.policy_type,
            policies_anywhere: only,
            compliance: self.choice.compliance.clone(),
            ..config
        }
    }
}

/// FNV-1a, <http://www.isthe.com/chongo/tech/comp/fnv>: stable, and nobody gains by a collision.
fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// The configuration in force in the current folder.
pub(crate) fn here(choice: &RuleChoice) -> anyhow::Result<&'static Scope> {
    let here = Here::new()?;
    Scopes::new(choice, tops(&here, [here.path().to_path_buf()])).of(here.path())
}

/// The configuration file that stands in `folder`.
pub(crate) fn in_folder(folder: &Path) -> Option<PathBuf> {
    NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

/// Reads a configuration file and everything that it extends.
pub(crate) fn load(path: &Path) -> anyhow::Result<Loaded> {
    load_chain(path, &mut Vec::new())
}

/// `chain` holds the files that lead here, to tell a cycle.
fn load_chain(path: &Path, chain: &mut Vec<PathBuf>) -> anyhow::Result<Loaded> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read the configuration `{}`", path.display()))?;
    let identity = fs::canonicalize(path).unwrap_or_else(|_| path.into());
    if chain.contains(&identity) {
        let way: Vec<_> = chain.iter().chain([&identity]).map(|path| format!("`{}`", path.display())).collect();
        bail!("configuration files extend each other in a circle: {}", way.join(" → "));
    }
    chain.push(identity);
    let mut file = config::parse(&text, &path.display().to_string())?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let rules = match file.rules.take() {
        Some(rules) => user_rules(&folder.join(rules))?,
        None => Vec::new(),
    };
    let root = if folder.ends_with(".config") { folder.parent().unwrap_or(folder) } else { folder };
    let baseline = file.baseline.take().map(|named| (absolute(&folder.join(named)), absolute(root)));
    let Some(base) = file.extends.take() else {
        return Ok(Loaded { file, rules, baseline, sources: vec![path.into()] });
    };
    let mut base = load_chain(&folder.join(base), chain).with_context(|| format!("`{}` extends it", path.display()))?;
    base.sources.insert(0, path.into());
    // A rule of the nearer file replaces one of the same id.
    base.rules.retain(|rule| rules.iter().all(|own| own.rule.id != rule.rule.id));
    base.rules.extend(rules);
    let baseline = baseline.or(base.baseline.take());
    Ok(Loaded { file: file.over(base.file), baseline, ..base })
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.into())
}

/// Reads the rule files of a folder: `ID.toml` for secrets, or `FAMILY/ID.toml`.
fn user_rules(folder: &Path) -> anyhow::Result<Vec<RuleFile>> {
    let mut rules = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), Family::Secret)];
    let families = Family::ALL.into_iter().map(|family| (folder.join(family.as_str()), family));
    folders.extend(families.filter(|(folder, _)| folder.is_dir()));
    for (folder, family) in folders {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot read the rules in `{}`", folder.display()))?;
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        for path in paths {
            let named = || format!("cannot read the rule `{}`", path.display());
            let id =
                path.file_stem().and_then(|stem| stem.to_str()).context("its name is not UTF-8").with_context(named)?;
            let text = fs::read_to_string(&path).with_context(named)?;
            rules.push(RuleFile::parse(family, id, &text).with_context(|| format!("`{}`", path.display()))?);
        }
    }
    Ok(rules)
}

/// The date of `now` in UTC, `YYYY-MM-DD`.
pub(crate) fn today(now: SystemTime) -> String {
    let days = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400) as i64;
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn knows_the_date() {
        let check = |days: u64, want: &str| assert_eq!(today(UNIX_EPOCH + Duration::from_secs(days * 86_400)), want);
        check(0, "1970-01-01");
        check(11_016, "2000-02-29");
        check(20_779, "2026-11-22");
    }
}

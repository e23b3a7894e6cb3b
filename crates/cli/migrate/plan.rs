//! What a migration would write, and what it could not take over: filled by the readers, shown and written by
//! `migrate.rs`. Not here: the formats of other scanners.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use keylint_engine::config::{Allow, exclude};

use crate::{
    config_show::{allow_values, list, quoted},
    place::slashed,
};

/// What was learned from the files of other scanners.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The files that were read, and what was in them.
    pub(crate) read: Vec<String>,
    /// Globs of paths that are not scanned.
    pub(crate) exclude: Vec<String>,
    /// Rules that do not run.
    pub(crate) ignore: Vec<String>,
    /// What is known not to be a leak.
    pub(crate) allow: Vec<Allow>,
    /// Rules of the user: id and text.
    pub(crate) rules: Vec<(String, String)>,
    /// Findings that the other scanner knew and accepted.
    pub(crate) records: Vec<Record>,
    /// What cannot be expressed.
    pub(crate) lost: Vec<Lost>,
    /// Changes to other files.
    pub(crate) changes: Vec<Change>,
}

/// A finding that another scanner knew and accepted.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// Where it is written: file and line, or file and entry.
    pub(crate) source: String,
    /// The document, relative to the root; `None` where it holds anywhere.
    pub(crate) path: Option<String>,
    /// The commit, where it speaks of history.
    pub(crate) commit: Option<String>,
    /// The line, from 1.
    pub(crate) line: Option<u32>,
    /// The value, if it says anything of it.
    pub(crate) value: Value,
    /// Why it was accepted.
    pub(crate) reason: String,
}

/// What a record says of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing: only its place is known.
    Unknown,
    /// The SHA-1 of the secret, in hexadecimal digits.
    Sha1(String),
    /// The SHA-256 of the secret, or of what ggshield makes of it.
    Sha256(String),
    /// The secret. Never printed.
    Plain(String),
}

/// Something that keylint's configuration cannot say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    /// File and line.
    pub(crate) place: String,
    /// What, and what follows from it.
    pub(crate) what: String,
}

/// Another file that is rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The file.
    pub(crate) path: String,
    /// Its text.
    pub(crate) before: String,
    /// The text that it gets.
    pub(crate) after: String,
}

impl Plan {
    /// Notes what cannot be expressed.
    pub(crate) fn lose(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.lost.push(Lost { place: place.into(), what: what.into() });
    }

    /// Whether there is anything to write into a configuration.
    pub(crate) fn configures(&self) -> bool {
        !(self.exclude.is_empty() && self.ignore.is_empty() && self.allow.is_empty() && self.rules.is_empty())
    }

    /// Leaves out the rules whose files are in `folder` already, and says which of them have another text.
    pub(crate) fn leave_rules_of(&mut self, folder: &Path, root: &Path) {
        let mut seen = BTreeSet::new();
        for (id, text) in std::mem::take(&mut self.rules) {
            let path = folder.join(format!("{id}.toml"));
            let there = fs::read_to_string(&path).ok();
            if there.as_ref() == Some(&text) {
                continue;
            }
            if there.is_some() || !seen.insert(id.clone()) {
                let shown = slashed(path.strip_prefix(root).unwrap_or(&path));
                self.lose(shown, "a rule of this name is there already, and stays");
                continue;
            }
            self.rules.push((id, text));
        }
    }

    /// Removes what was said twice, since two scanners may share a list, and globs that are none: one must not cost the
    /// rest of the migration.
    pub(crate) fn tidy(&mut self) {
        for glob in std::mem::take(&mut self.exclude) {
            match exclude(std::slice::from_ref(&glob)) {
                Ok(_) => self.exclude.push(glob),
                Err(reason) => self.lose("paths that are left out", reason),
            }
        }
        let once = |words: &mut Vec<String>| {
            let mut seen = BTreeSet::new();
            words.retain(|word| seen.insert(word.clone()));
        };
        once(&mut self.exclude);
        once(&mut self.ignore);
        let mut allow: Vec<Allow> = Vec::new();
        for entry in self.allow.drain(..) {
            if !allow.contains(&entry) {
                allow.push(entry);
            }
        }
        self.allow = allow;
    }

    /// The text of a new `keylint.toml`. `rules` is the folder of rules, if there are any.
    pub(crate) fn config(&self, rules: Option<&str>) -> String {
        let mut out =
            String::from("#:schema https://raw.githubusercontent.com/keylint/keylint/main/share/keylint.schema.json\n");
        // Writing to a string cannot fail.
        for line in &self.read {
            let _ = writeln!(out, "# from {line}");
        }
        out + &self.settings(rules)
    }

    /// The keys and their values, as TOML.
    pub(crate) fn settings(&self, rules: Option<&str>) -> String {
        let mut out = String::new();
        for (key, words) in [("ignore", &self.ignore), ("exclude", &self.exclude)] {
            if !words.is_empty() {
                let _ = writeln!(out, "{key} = {}", lines(words));
            }
        }
        if let Some(folder) = rules {
            let _ = writeln!(out, "rules = {}", quoted(folder));
        }
        for allow in &self.allow {
            out.push_str(if out.is_empty() { "[[allow]]\n" } else { "\n[[allow]]\n" });
            for (key, value) in allow_values(allow) {
                let _ = writeln!(out, "{key} = {value}");
            }
        }
        out
    }
}

/// A list on one line, or with a line for each word where it is long.
fn lines(words: &[String]) -> String {
    if words.len() < 4 {
        return list(words);
    }
    let words: String = words.iter().map(|word| format!("  {},\n", quoted(word))).collect();
    format!("[\n{words}]")
}

//! Reads the TOML of a rule file key by key: derived readers would be a tenth of the WebAssembly module.
//! Not here: what the keys mean (`format.rs`).

use std::{ops::Range, str::FromStr};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::format::{About, Example, Near, Policy, Response, Secret, Stage};
use keylint_diagnostics::Severity;

/// A rule file as it is written.
pub(crate) struct Raw {
    pub(crate) title: String,
    pub(crate) severity: Severity,
    pub(crate) stage: Stage,
    pub(crate) since: String,
    pub(crate) formerly: Vec<String>,
    pub(crate) about: About,
    pub(crate) secret: Option<Secret>,
    pub(crate) policy: Option<Policy>,
    pub(crate) compliance: Vec<String>,
    pub(crate) examples: Vec<Example>,
}

type Value<'t> = Spanned<DeValue<'t>>;

/// What is wrong, and where.
struct Wrong(Range<usize>, String);

/// Reads a whole file. Gives what is wrong with it.
pub(crate) fn read(text: &str) -> Result<Raw, String> {
    let table = DeTable::parse(text).map_err(|error| error.to_string())?;
    Keys::new(table.get_ref(), table.span()).all(rule).map_err(|Wrong(at, reason)| {
        let before = text.as_bytes().get(..at.start).unwrap_or_default();
        format!("line {}: {reason}", 1 + before.iter().filter(|&&byte| byte == b'\n').count())
    })
}

fn rule(keys: &mut Keys<'_>) -> Result<Raw, Wrong> {
    Ok(Raw {
        title: keys.needed("title")?,
        severity: match keys.chosen("severity", "a severity")? {
            Some(severity) => severity,
            None => return Err(keys.missing("severity")),
        },
        stage: keys.chosen("stage", "`stable` or `preview`")?.unwrap_or_default(),
        since: keys.needed("since")?,
        formerly: keys.words("formerly")?.unwrap_or_default(),
        about: About {
            references: keys.words("references")?.ok_or_else(|| keys.missing("references"))?,
            docs: keys.needed("docs")?.trim().into(),
            response: keys.table("response", response)?.unwrap_or_default(),
        },
        secret: keys.table("secret", secret)?,
        policy: keys.table("policy", policy)?,
        compliance: keys.words("compliance")?.unwrap_or_default(),
        examples: keys.tables("example", example)?,
    })
}

fn response(keys: &mut Keys<'_>) -> Result<Response, Wrong> {
    Ok(Response { contain: keys.needed("contain")?, revoke: keys.needed("revoke")?, audit: keys.needed("audit")? })
}

fn secret(keys: &mut Keys<'_>) -> Result<Secret, Wrong> {
    Ok(Secret {
        keywords: keys.words("keywords")?.ok_or_else(|| keys.missing("keywords"))?,
        pattern: keys.word("pattern")?,
        name: keys.word("name")?,
        value: keys.word("value")?,
        checksum: keys.word("checksum")?,
        structure: keys.word("structure")?,
        randomness: keys.switch("randomness")?,
        allow: keys.words("allow")?.unwrap_or_default(),
        near: keys.table("near", near)?,
        public: keys.switch("public")?.unwrap_or_default(),
        confidence: keys.chosen("confidence", "a confidence")?,
        ..Secret::default()
    })
}

fn near(keys: &mut Keys<'_>) -> Result<Near, Wrong> {
    let within = keys.value("within").ok_or_else(|| keys.missing("within"))?;
    let number =
        within.get_ref().as_integer().and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
    Ok(Near {
        rule: keys.needed("rule")?,
        within: number.ok_or_else(|| wrong(within, "a number of bytes"))?,
        title: keys.needed("title")?,
    })
}

fn policy(keys: &mut Keys<'_>) -> Result<Policy, Wrong> {
    Ok(Policy {
        code: keys.switch("code")?.ok_or_else(|| keys.missing("code"))?,
        access_analyzer: keys.word("access-analyzer")?,
        derived: keys.switch("derived")?.unwrap_or_default(),
    })
}

fn example(keys: &mut Keys<'_>) -> Result<Example, Wrong> {
    Ok(Example {
        text: keys.needed("text")?,
        path: keys.word("path")?,
        policy_type: keys.word("policy-type")?,
        fixed: keys.word("fixed")?,
    })
}

/// The keys of a table, and which of them were asked for.
struct Keys<'t> {
    table: &'t DeTable<'t>,
    at: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'t> Keys<'t> {
    fn new(table: &'t DeTable<'t>, at: Range<usize>) -> Keys<'t> {
        Keys { table, at, asked: Vec::new() }
    }

    /// Reads all of them; one that is not asked for is a mistake.
    fn all<T>(mut self, read: impl Fn(&mut Keys<'t>) -> Result<T, Wrong>) -> Result<T, Wrong> {
        let read = read(&mut self);
        let unknown = self.table.keys().find(|key| !self.asked.contains(&key.get_ref().as_ref()));
        match unknown {
            Some(key) if read.is_ok() => Err(Wrong(key.span(), format!("unknown field `{}`", key.get_ref()))),
            _ => read,
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'t Value<'t>> {
        self.asked.push(key);
        self.table.get(key)
    }

    fn missing(&self, key: &str) -> Wrong {
        Wrong(self.at.clone(), format!("missing field `{key}`"))
    }

    fn word(&mut self, key: &'static str) -> Result<Option<String>, Wrong> {
        self.value(key).map(word).transpose()
    }

    fn needed(&mut self, key: &'static str) -> Result<String, Wrong> {
        self.word(key)?.ok_or_else(|| self.missing(key))
    }

    fn words(&mut self, key: &'static str) -> Result<Option<Vec<String>>, Wrong> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let list = value.get_ref().as_array().ok_or_else(|| wrong(value, "a list"))?;
        list.iter().map(word).collect::<Result<_, _>>().map(Some)
    }

    fn switch(&mut self, key: &'static str) -> Result<Option<bool>, Wrong> {
        let switch = |value: &Value<'_>| value.get_ref().as_bool().ok_or_else(|| wrong(value, "`true` or `false`"));
        self.value(key).map(switch).transpose()
    }

    fn chosen<T: FromStr>(&mut self, key: &'static str, want: &str) -> Result<Option<T>, Wrong> {
        let chosen = |value: &Value<'_>| {
            let word = word(value)?;
            word.parse().map_err(|_| Wrong(value.span(), format!("expected {want}, found `{word}`")))
        };
        self.value(key).map(chosen).transpose()
    }

    fn table<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&mut Keys<'t>) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Wrong> {
        self.value(key).map(|value| table(value, &read)).transpose()
    }

    fn tables<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&mut Keys<'t>) -> Result<T, Wrong>,
    ) -> Result<Vec<T>, Wrong> {
        let Some(value) = self.value(key) else { return Ok(Vec::new()) };
        let list = value.get_ref().as_array().ok_or_else(|| wrong(value, "a list of tables"))?;
        list.iter().map(|value| table(value, &read)).collect()
    }
}

fn table<'t, T>(value: &'t Value<'t>, read: &dyn Fn(&mut Keys<'t>) -> Result<T, Wrong>) -> Result<T, Wrong> {
    let table = value.get_ref().as_table().ok_or_else(|| wrong(value, "a table"))?;
    Keys::new(table, value.span()).all(read)
}

fn word(value: &Value<'_>) -> Result<String, Wrong> {
    value.get_ref().as_str().map(String::from).ok_or_else(|| wrong(value, "a string"))
}

fn wrong(value: &Value<'_>, want: &str) -> Wrong {
    Wrong(value.span(), format!("expected {want}, found {}", value.get_ref().type_str()))
}

//! The arguments of a task: options, switches and positional words.
//! Not a command-line framework: tasks have few options, and this crate is what a cold clone compiles first.

use std::{collections::VecDeque, str::FromStr};

use anyhow::{Context, bail};

/// Arguments that are not yet taken.
pub(crate) struct Args(VecDeque<String>);

impl Args {
    /// The arguments after the program's name.
    pub(crate) fn new(args: impl Iterator<Item = String>) -> Args {
        Args(args.collect())
    }

    /// Takes the first argument, if it is no option.
    pub(crate) fn positional(&mut self) -> Option<String> {
        if self.0.front()?.starts_with("--") { None } else { self.0.pop_front() }
    }

    /// Takes a switch: whether it was there.
    pub(crate) fn switch(&mut self, name: &str) -> bool {
        let place = self.0.iter().position(|arg| arg == name);
        place.map(|place| self.0.remove(place)).is_some()
    }

    /// Takes an option and its value, as `--name value` or `--name=value`.
    pub(crate) fn option<T: FromStr>(&mut self, name: &str) -> anyhow::Result<Option<T>> {
        let split = |arg: &String| arg.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('='));
        let Some(place) = self.0.iter().position(split) else { return Ok(None) };
        let word = self.0.remove(place).unwrap_or_default();
        let value = match word.split_once('=') {
            Some((_, value)) => value.to_string(),
            None => self.0.remove(place).with_context(|| format!("`{name}` needs a value"))?,
        };
        match value.parse() {
            Ok(parsed) => Ok(Some(parsed)),
            Err(_) => bail!("`{value}` is no value for `{name}`"),
        }
    }

    /// Takes everything after `--`.
    pub(crate) fn rest(&mut self) -> Vec<String> {
        match self.0.iter().position(|arg| arg == "--") {
            Some(place) => self.0.split_off(place).into_iter().skip(1).collect(),
            None => Vec::new(),
        }
    }

    /// Refuses what nobody took.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        match self.0.front() {
            Some(left) => bail!("unexpected argument `{left}`"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_each_form() {
        let words = ["fuzz", "engine", "--seconds=3", "--seed", "7", "--quick", "--", "a"];
        let mut args = Args::new(words.iter().map(|word| word.to_string()));
        assert_eq!(args.rest(), ["a"]);
        assert_eq!(args.positional().as_deref(), Some("fuzz"));
        assert_eq!(args.positional().as_deref(), Some("engine"));
        assert_eq!(args.option::<u64>("--seed").ok(), Some(Some(7)));
        assert_eq!(args.option::<u64>("--seconds").ok(), Some(Some(3)));
        assert!(args.switch("--quick") && !args.switch("--quick"));
        assert!(args.finish().is_ok());
        assert!(Args::new(["--what".to_string()].into_iter()).finish().is_err());
        assert!(Args::new(["--n".to_string()].into_iter()).option::<u64>("--n").is_err());
    }
}

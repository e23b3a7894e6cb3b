//! Who answers for a path: CODEOWNERS, as GitHub and GitLab read it.
//! Not here: what is done with the answer.

use std::{fs, path::Path};

use globset::{GlobBuilder, GlobMatcher};

/// Where the file may stand, in the order in which GitHub looks:
/// <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>
const PLACES: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// The owners of the paths of a repository.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    /// Patterns and owners; the last one that fits counts.
    lines: Vec<(Vec<GlobMatcher>, Vec<String>)>,
}

impl Owners {
    /// Those of the repository at `root`; none where it has no such file.
    pub(crate) fn of(root: &Path) -> Owners {
        let text = PLACES.iter().find_map(|place| fs::read_to_string(root.join(place)).ok());
        text.map_or_else(Owners::default, |text| Owners::parse(&text))
    }

    fn parse(text: &str) -> Owners {
        let lines = text.lines().filter_map(|line| {
            let line = line.split(" #").next().unwrap_or(line).trim();
            // Sections of GitLab stand in brackets.
            if line.is_empty() || line.starts_with('#') || line.starts_with('[') || line.starts_with("^[") {
                return None;
            }
            let mut words = line.split_whitespace();
            let globs = globs(words.next()?);
            Some((globs, words.map(str::to_string).collect()))
        });
        Owners { lines: lines.collect() }
    }

    /// The owners of `path`, relative to the root. A line without owners takes them away.
    pub(crate) fn owners(&self, path: &str) -> &[String] {
        let line = self.lines.iter().rev().find(|(globs, _)| globs.iter().any(|glob| glob.is_match(path)));
        line.map_or(&[], |(_, owners)| owners)
    }
}

/// What a pattern means: as in `.gitignore`, except that `docs/*` does not go into folders.
fn globs(pattern: &str) -> Vec<GlobMatcher> {
    let plain = pattern.trim_start_matches('/');
    let folder = plain.ends_with('/');
    let plain = plain.trim_end_matches('/');
    let anchored = pattern.starts_with('/') || plain.contains('/');
    let own = if anchored { plain.to_string() } else { format!("**/{plain}") };
    let inside = format!("{own}/**");
    let texts = match () {
        () if folder => vec![inside],
        () if plain.ends_with('*') && plain.contains('/') => vec![own],
        () => vec![own, inside],
    };
    // A pattern that is none fits nothing, as for GitHub.
    texts
        .iter()
        .filter_map(|text| GlobBuilder::new(text).literal_separator(true).build().ok())
        .map(|glob| glob.compile_matcher())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts() {
        let owners = Owners::parse(
            "# comment\n* @all\n*.js @js # why\n/build/logs/ @logs\ndocs/* @docs\napps/ @apps\n/apps/free\n**/deep @deep\n",
        );
        let check = |path: &str, want: &[&str]| assert_eq!(owners.owners(path), want, "{path}");
        check("a.txt", &["@all"]);
        check("x/y/a.js", &["@js"]);
        check("build/logs/a/b.txt", &["@logs"]);
        check("x/build/logs/b.txt", &["@all"]);
        check("docs/a.md", &["@docs"]);
        check("docs/a/b.md", &["@all"]);
        check("x/apps/b.md", &["@apps"]);
        check("apps/free/x", &[]);
        check("x/deep/y/z", &["@deep"]);
    }
}

//! The globs of `exclude`. Not here: ignore files, which hosts read.

use crate::glob::{Glob, Globs};

/// The set of paths, `/`-separated and relative to the configuration, that the globs of `exclude` name. A glob that names
/// a folder takes everything in it, and one without a `/` fits at any depth, as in `.gitignore`.
pub fn exclude(patterns: &[String]) -> Result<Globs, String> {
    let mut set = Globs::default();
    for pattern in patterns {
        // What is wrong is said of what the user wrote.
        Glob::new(pattern, false)?;
        let plain = pattern.trim_start_matches("./").trim_end_matches('/');
        let anchored = plain.trim_start_matches('/');
        // An empty text, or a lone slash, would name everything, and a run that scans nothing finds nothing.
        if anchored.is_empty() {
            return Err(format!("the glob `{pattern}` names no path; `**` names all"));
        }
        let floating = !plain.trim_end_matches("/**").contains('/');
        let own = if floating { format!("**/{anchored}") } else { anchored.into() };
        for glob in [format!("{own}/**"), own] {
            set.add(Glob::new(&glob, false)?);
        }
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_like_gitignore() {
        let check = |pattern: &str, path: &str, want: bool| {
            let globs = exclude(&[pattern.into()]).expect(pattern);
            assert_eq!(globs.fit(path), want, "{pattern} {path}");
        };
        check("vendor", "vendor/a/b.js", true);
        check("vendor/", "lib/vendor/a.js", true);
        check("/vendor", "lib/vendor/a.js", false);
        check("lib/vendor", "lib/vendor/a.js", true);
        check("lib/vendor", "x/lib/vendor/a.js", false);
        check("docs/**", "docs/a/b.md", true);
        check("*.lock", "a/b/yarn.lock", true);
        check("src/*.rs", "src/a/b.rs", false);
        for pattern in ["[", "", "/", "./"] {
            assert!(exclude(&[pattern.into()]).is_err(), "{pattern}");
        }
        check("**", "a/b", true);
    }
}

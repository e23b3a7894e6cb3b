//! Ignore files, read as the `ignore` crate reads them (a test compares). Not here: which files there are, or what is in
//! folders that are ignored; hosts know that.

use crate::glob::Glob;

/// The lines of an ignore file.
#[derive(Clone, Debug, Default)]
pub struct IgnoreFile {
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    glob: Glob,
    /// `!`: not ignored after all.
    kept: bool,
    /// `/` at the end: folders only.
    folders: bool,
}

impl IgnoreFile {
    /// Reads the text of an ignore file. A line that is not valid says nothing, as in git.
    pub fn parse(text: &str) -> IgnoreFile {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        IgnoreFile { lines: text.lines().filter_map(Line::parse).collect() }
    }

    /// What it says of a path relative to its folder: the last line that speaks of it decides.
    pub fn says(&self, path: &str, folder: bool) -> Option<bool> {
        let speaks = |line: &&Line| (folder || !line.folders) && line.glob.fits(path);
        self.lines.iter().rev().find(speaks).map(|line| !line.kept)
    }
}

impl Line {
    /// <https://git-scm.com/docs/gitignore#_pattern_format>
    fn parse(line: &str) -> Option<Line> {
        if line.starts_with('#') {
            return None;
        }
        let line = if line.ends_with("\\ ") { line } else { line.trim_end() };
        let (mut kept, mut anchored, mut text) = (false, false, line);
        if line.starts_with("\\!") || line.starts_with("\\#") {
            text = &line[1..];
        } else {
            if let Some(rest) = text.strip_prefix('!') {
                (kept, text) = (true, rest);
            }
            if let Some(rest) = text.strip_prefix('/') {
                (anchored, text) = (true, rest);
            }
        }
        if line.is_empty() {
            return None;
        }
        let mut folders = false;
        if let Some(rest) = text.strip_suffix('/') {
            (folders, text) = (true, rest.strip_suffix('\\').unwrap_or(rest));
        }
        let floating = !anchored && !text.contains('/') && text != "**";
        // What ends so takes what is in the folder, and not the folder.
        let end = if text.ends_with("/**") { "/*" } else { "" };
        let start = if floating { "**/" } else { "" };
        Some(Line { glob: Glob::lenient(&format!("{start}{text}{end}")).ok()?, kept, folders })
    }
}

#[cfg(test)]
mod tests {
    use ignore::gitignore::GitignoreBuilder;

    use super::*;

    #[test]
    fn says_what_the_ignore_crate_says() {
        let lines = [
            "", " ", "#a", "\\#a", "!a", "\\!a", "a", "/a", "a/", "/a/", "a/b", "a/b/", "*.log", "**/a", "a/**", "**",
            "**/", "/**", "a  ", "a\\ ", "a\\/", "[a", "[ab]", "a/*", "*", "/*", "!*.log", "a*/", "{a,b}", "é", "!/a",
            "a//b", "/", "//", "\\", "a\\", "**/a/**", "x/**/y",
        ];
        let paths =
            ["a", "b", "#a", "!a", "a/b", "x/a", "x/a/b", "a.log", "x/a.log", "a ", "[a", "é", "x/y", "x/q/y", "ab"];
        for line in lines {
            let mut builder = GitignoreBuilder::new("");
            let _ = builder.add_line(None, line);
            let want = builder.build().expect("globs that were taken");
            let got = IgnoreFile::parse(line);
            for path in paths {
                for folder in [false, true] {
                    let want = match want.matched(path, folder) {
                        ignore::Match::None => None,
                        found => Some(found.is_ignore()),
                    };
                    assert_eq!(got.says(path, folder), want, "`{line}` and `{path}`, folder: {folder}");
                }
            }
        }
    }
}

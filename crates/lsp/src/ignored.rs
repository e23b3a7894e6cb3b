//! Whether a path is ignored by `.gitignore`, `.ignore` or `.keylintignore`: a scan of the folder would not read it.
//! Not here: `.git/info/exclude` and the ignore file of the user, which a browser cannot see.

use std::collections::{BTreeMap, btree_map::Entry};

use keylint_engine::IgnoreFile;

use crate::{
    files::{Files, Pending},
    uri::Uri,
};

/// The files that say what is ignored; the first one that speaks of a path decides. The last one counts in repositories
/// only, as for git.
pub(crate) const NAMES: [&str; 3] = [".keylintignore", ".ignore", GIT];
/// The one that git reads.
pub(crate) const GIT: &str = ".gitignore";

/// The ignore files that were read, by URI.
#[derive(Debug, Default)]
pub(crate) struct Ignores(BTreeMap<Uri, IgnoreFile>);

impl Ignores {
    /// Whether the file `uri`, which lies below the folder `top`, is ignored.
    pub(crate) fn has(
        &mut self,
        uri: &Uri,
        top: &Uri,
        repository: bool,
        files: &mut Files<'_>,
    ) -> Result<bool, Pending> {
        let names = if repository { &NAMES[..] } else { &NAMES[..NAMES.len() - 1] };
        self.listed(uri, top, names, files)
    }

    /// Whether git would leave out the file `uri` of the repository `top`.
    pub(crate) fn keeps_from_git(&mut self, uri: &Uri, top: &Uri, files: &mut Files<'_>) -> Result<bool, Pending> {
        self.listed(uri, top, &[GIT], files)
    }

    fn listed(&mut self, uri: &Uri, top: &Uri, names: &[&str], files: &mut Files<'_>) -> Result<bool, Pending> {
        let mut above: Vec<Uri> = uri.ancestors().skip(1).take_while(|folder| folder.is_in(top)).collect();
        let mut pending = false;
        for folder in &above {
            for name in names {
                pending |= self.load(folder.join(name), files).is_err();
            }
        }
        if pending {
            return Err(Pending);
        }
        // What is in an ignored folder is ignored, whatever is said of it.
        above.reverse();
        let folders = above.iter().skip(1).map(|folder| (folder, true));
        let mut parts = folders.chain([(uri, false)]);
        Ok(parts
            .any(|(part, folder)| names.iter().find_map(|name| self.says(name, part, folder, &above)).unwrap_or(false)))
    }

    fn load(&mut self, uri: Uri, files: &mut Files<'_>) -> Result<(), Pending> {
        if let Entry::Vacant(place) = self.0.entry(uri) {
            let text = files.text(place.key())?.unwrap_or_default();
            place.insert(IgnoreFile::parse(&text));
        }
        Ok(())
    }

    /// What the files called `name` say of a path, if anything: the nearest one that speaks, and its last such line.
    fn says(&self, name: &str, path: &Uri, folder: bool, above: &[Uri]) -> Option<bool> {
        above.iter().rev().find_map(|base| {
            let relative = path.below(base)?;
            self.0.get(&base.join(name))?.says(relative, folder)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{documents::Documents, host::tests::Memory};

    #[test]
    fn ignores_as_git_does() {
        let mut host = Memory::new(&[
            ("file:///r/.gitignore", "# comment\n*.log\n!keep.log\n/build\nout/\n.env\ndeep/*.txt\n"),
            ("file:///r/src/.gitignore", "!a.log\n"),
            ("file:///r/.keylintignore", "!.env\n"),
        ]);
        let documents = Documents::new();
        let mut check = |path: &str, want: bool| {
            let mut files = Files { documents: &documents, host: &mut host };
            let top = Uri::parse("file:///r");
            let ignored = Ignores::default().has(&top.join(path), &top, true, &mut files);
            assert_eq!(ignored, Ok(want), "{path}");
        };
        check("a.log", true);
        check("x/a.log", true);
        check("keep.log", false);
        check("src/a.log", false);
        check("src/b.log", true);
        check("build/x.py", true);
        check("src/build/x.py", false);
        check("src/out/x.py", true);
        check("out", false);
        check(".env", false);
        check("deep/a.txt", true);
        check("deep/er/a.txt", false);
    }

    #[test]
    fn git_speaks_in_repositories_only() {
        let mut host = Memory::new(&[("file:///r/.gitignore", "*"), ("file:///r/.ignore", "*.log")]);
        let documents = Documents::new();
        let top = Uri::parse("file:///r");
        let mut files = Files { documents: &documents, host: &mut host };
        let mut ignores = Ignores::default();
        assert_eq!(ignores.has(&top.join("a.py"), &top, false, &mut files), Ok(false));
        assert_eq!(ignores.has(&top.join("a.log"), &top, false, &mut files), Ok(true));
    }

    #[test]
    fn git_reads_its_own_file_only() {
        let mut host = Memory::new(&[("file:///r/.gitignore", "*.env"), ("file:///r/.keylintignore", "*.key")]);
        let documents = Documents::new();
        let top = Uri::parse("file:///r");
        let mut files = Files { documents: &documents, host: &mut host };
        let mut ignores = Ignores::default();
        let mut check = |name: &str| ignores.keeps_from_git(&top.join(name), &top, &mut files);
        assert_eq!((check("deep/.env"), check("a.key")), (Ok(true), Ok(false)));
    }
}

//! What a push brings: reads the lines that git gives its hooks, and finds objects that are still in quarantine.
//! Not here: walking the commits (`commits.rs`).

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use gix::{ObjectId, bstr::ByteSlice};
use keylint_diagnostics::{Skip, SkipKind};

use super::range::{self, Tips};

/// Updates of references that a hook was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Updates {
    /// The references and what they shall point to; deletions are left out.
    wanted: Vec<(String, ObjectId)>,
    /// What they pointed to.
    before: Vec<ObjectId>,
    side: Side,
}

/// Which side of a push asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Side {
    /// The server: everything that its references reach is known.
    #[default]
    Receiving,
    /// The client: what was fetched from this remote is known there; without a name, what was fetched from any.
    Sending(Option<String>),
}

impl Updates {
    /// Lines of `pre-receive`: `<old> <new> <reference>`.
    pub(crate) fn received(lines: &str) -> anyhow::Result<Updates> {
        let mut updates = Updates::default();
        for line in lines.lines().filter(|line| !line.is_empty()) {
            let mut words = line.splitn(3, ' ');
            match (words.next().and_then(id), words.next().and_then(id), words.next()) {
                (Some(old), Some(new), Some(name)) => updates.add(name, old, new),
                _ => bail!("`{}` is no line of a pre-receive hook: `<old> <new> <reference>`", line.escape_debug()),
            }
        }
        Ok(updates)
    }

    /// Lines of `pre-push`: `<local reference> <new> <remote reference> <old>`. `remote` is a name or an address.
    pub(crate) fn pushed(lines: &str, remote: Option<&str>) -> anyhow::Result<Updates> {
        let name = remote.filter(|remote| !remote.contains([':', '/', '\\']));
        let mut updates = Updates { side: Side::Sending(name.map(str::to_string)), ..Updates::default() };
        for line in lines.lines().filter(|line| !line.is_empty()) {
            // The local side may be an expression with spaces in it.
            let mut words = line.rsplitn(4, ' ');
            match (words.next().and_then(id), words.next(), words.next().and_then(id), words.next()) {
                (Some(old), Some(name), Some(new), Some(_)) => updates.add(name, old, new),
                _ => bail!("`{}` is no line of a pre-push hook", line.escape_debug()),
            }
        }
        Ok(updates)
    }

    /// What is checked out, against what was fetched: for a runner of hooks that does not pass git's lines on.
    pub(crate) fn head(git: &gix::Repository, remote: Option<&str>) -> anyhow::Result<Updates> {
        let mut updates = Updates::pushed("", remote)?;
        updates.wanted.extend(git.head_id().ok().map(|id| ("HEAD".into(), id.detach())));
        Ok(updates)
    }

    fn add(&mut self, name: &str, old: ObjectId, new: ObjectId) {
        self.before.extend(Some(old).filter(|id| !id.is_null()));
        if !new.is_null() {
            self.wanted.push((name.into(), new));
        }
    }

    /// Whether nothing comes: references are only deleted.
    pub(crate) fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// The commits that come, and those that are known.
    pub(super) fn tips(&self, git: &gix::Repository) -> anyhow::Result<Tips> {
        let mut tips = Tips::default();
        for (name, id) in &self.wanted {
            let commit = git.find_object(*id).ok().and_then(|object| object.peel_to_commit().ok());
            match commit {
                Some(commit) => tips.wanted.push(commit.id),
                None => tips.holes.push(Skip {
                    path: name.clone(),
                    kind: SkipKind::Incomplete,
                    reason: "it leads to no commit that is here".into(),
                }),
            }
        }
        tips.hidden = match &self.side {
            Side::Receiving => range::all(git)?.wanted,
            Side::Sending(remote) => fetched(git, remote.as_deref())?,
        };
        let known = self.before.iter().filter_map(|id| git.find_object(*id).ok()?.peel_to_commit().ok());
        tips.hidden.extend(known.map(|commit| commit.id));
        for list in [&mut tips.wanted, &mut tips.hidden] {
            list.sort_unstable();
            list.dedup();
        }
        Ok(tips)
    }
}

fn id(word: &str) -> Option<ObjectId> {
    ObjectId::from_hex(word.as_bytes()).ok()
}

/// The commits that remote-tracking branches point to.
fn fetched(git: &gix::Repository, remote: Option<&str>) -> anyhow::Result<Vec<ObjectId>> {
    let wrong = |error: gix::Error| anyhow::anyhow!("cannot read the references: {error}");
    let prefix = remote.map_or("refs/remotes/".to_string(), |remote| format!("refs/remotes/{remote}/"));
    let mut commits = Vec::new();
    for reference in git.references().map_err(wrong)?.all().map_err(wrong)? {
        let Ok(mut reference) = reference else { continue };
        if reference.name().as_bstr().starts_with_str(&prefix) {
            commits.extend(reference.peel_to_commit().ok().map(|commit| commit.id));
        }
    }
    Ok(commits)
}

/// A folder that names the object folders of a push that is not accepted yet. Git tells its hooks of them in the
/// environment; the library reads them only from such a file. Nothing is written into the repository.
pub(super) struct Quarantine(PathBuf);

impl Drop for Quarantine {
    fn drop(&mut self) {
        // What stays behind are three empty folders and a list of paths.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Makes `git` read the object folders of the environment, if it names any.
pub(super) fn enter_quarantine(git: &mut gix::Repository, here: &Path) -> anyhow::Result<Option<Quarantine>> {
    let Some(own) = env::var_os("GIT_OBJECT_DIRECTORY").filter(|path| !path.is_empty()) else { return Ok(None) };
    let mut folders = vec![here.join(own)];
    if let Some(others) = env::var_os("GIT_ALTERNATE_OBJECT_DIRECTORIES") {
        let others = others.to_str().context("`GIT_ALTERNATE_OBJECT_DIRECTORIES` is not UTF-8")?;
        folders.extend(split(others).into_iter().map(|path| here.join(path)));
    }
    folders.push(git.common_dir().join("objects"));
    let quarantine = Quarantine(new_folder()?);
    let mut list = String::new();
    for folder in folders {
        // One that is not there has no objects.
        let Ok(folder) = folder.canonicalize() else { continue };
        let folder =
            folder.to_str().filter(|path| !path.contains('\n')).context("an object folder has a strange name")?;
        list.push_str(folder);
        list.push('\n');
    }
    let wrong = || format!("cannot write to `{}`", quarantine.0.display());
    fs::create_dir_all(quarantine.0.join("info")).with_context(wrong)?;
    fs::create_dir_all(quarantine.0.join("pack")).with_context(wrong)?;
    fs::write(quarantine.0.join("info/alternates"), list).with_context(wrong)?;
    git.objects =
        gix::odb::at(&quarantine.0, git.object_hash()).context("cannot read the objects in quarantine")?.into();
    Ok(Some(quarantine))
}

/// A folder that nobody else can have prepared.
fn new_folder() -> anyhow::Result<PathBuf> {
    let mut name = [0; 16];
    getrandom::fill(&mut name).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    let folder = env::temp_dir().join(format!("keylint-{name}"));
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    Ok(folder)
}

/// A list of paths as git writes it: separated as `PATH` is, and quoted as in C where a path holds the separator.
fn split(list: &str) -> Vec<PathBuf> {
    let separator = if cfg!(windows) { ';' } else { ':' };
    let mut paths = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        let (path, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted),
            None => match rest.split_once(separator) {
                Some((path, after)) => (path.to_string(), after),
                None => (rest.to_string(), ""),
            },
        };
        rest = after.strip_prefix(separator).unwrap_or(after);
        if !path.is_empty() {
            paths.push(PathBuf::from(path));
        }
    }
    paths
}

/// What stands before the closing quote, and what behind it.
fn unquote(text: &str) -> (String, &str) {
    let mut bytes = Vec::new();
    let mut at = 0;
    let all = text.as_bytes();
    while let Some(&byte) = all.get(at) {
        at += 1;
        match byte {
            b'"' => break,
            b'\\' => {
                let octal = all.get(at..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
                if let Some(code) = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
                    bytes.push(code);
                    at += 3;
                } else if let Some(&letter) = all.get(at) {
                    let plain =
                        [(b'n', b'\n'), (b't', b'\t'), (b'r', b'\r'), (b'a', 7), (b'b', 8), (b'f', 12), (b'v', 11)];
                    bytes.push(plain.iter().find(|(name, _)| *name == letter).map_or(letter, |(_, code)| *code));
                    at += 1;
                }
            }
            _ => bytes.push(byte),
        }
    }
    (String::from_utf8_lossy(&bytes).into_owned(), text.get(at..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    const ZERO: &str = "0000000000000000000000000000000000000000";

    #[test]
    fn lines_of_hooks() {
        let ids = |updates: &Updates| {
            let wanted: Vec<_> = updates.wanted.iter().map(|(name, id)| format!("{name} {id}")).collect();
            (wanted.join(","), updates.before.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
        };
        let received = Updates::received(&format!(
            "{A} {B} refs/heads/x\n{ZERO} {A} refs/heads/new one\n{B} {ZERO} refs/heads/gone\n"
        ));
        let received = received.expect("lines");
        assert_eq!(ids(&received), (format!("refs/heads/x {B},refs/heads/new one {A}"), format!("{A},{B}")));
        assert!(Updates::received(&format!("{A} {ZERO} refs/heads/x")).expect("a line").is_empty());
        assert!(Updates::received("what is this").is_err());
        assert!(Updates::received(&format!("{A} {B}")).is_err());
        let pushed = Updates::pushed(
            &format!("HEAD@{{1 day ago}} {B} refs/heads/x {A}\n(delete) {ZERO} refs/heads/y {A}\n"),
            None,
        );
        assert_eq!(ids(&pushed.expect("lines")), (format!("refs/heads/x {B}"), format!("{A},{A}")));
        let side = |remote| Updates::pushed("", Some(remote)).map(|updates| updates.side).ok();
        assert_eq!(side("origin"), Some(Side::Sending(Some("origin".into()))));
        assert_eq!(side("https://example.org/x.git"), Some(Side::Sending(None)));
    }

    #[cfg(unix)]
    #[test]
    fn lists_of_object_folders() {
        let check =
            |list: &str, want: &[&str]| assert_eq!(split(list), want.iter().map(PathBuf::from).collect::<Vec<_>>());
        check("/a:/b c", &["/a", "/b c"]);
        check("\"/a:b\\\"c\\101\\n\":/d", &["/a:b\"cA\n", "/d"]);
        check("", &[]);
        check(":/a:", &["/a"]);
    }
}

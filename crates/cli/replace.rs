//! Puts a new text in the place of a file's old one, so that a run that is cut off leaves one of the two, whole.
//! Not here: what is written.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
    process,
};

/// Replaces the file at `path`, or makes it. It keeps its permissions, and of a link the file behind it is replaced.
pub(crate) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.into());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.keylint-{}", process::id()));
    let written = write(&beside, &path, text).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // Nothing of it must stay; the error that matters is the first one.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write(beside: &Path, path: &Path, text: &[u8]) -> io::Result<()> {
    let old = fs::metadata(path).ok();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if old.is_some() {
        use std::os::unix::fs::OpenOptionsExt;
        // The old file may be one that only its owner reads; so is the new one until it has its permissions.
        options.mode(0o600);
    }
    let mut file = options.open(beside)?;
    file.write_all(text)?;
    if let Some(old) = old {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let (path, link) = (folder.path().join("a"), folder.path().join("b"));
        let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
        fs::write(&path, "old").expect("a file");
        symlink("a", &link).expect("a link");
        for wanted in [0o600, 0o755, 0o444] {
            fs::set_permissions(&path, fs::Permissions::from_mode(wanted)).expect("permissions");
            replace(&link, b"new").expect("it is written");
            assert_eq!(mode(&path), wanted);
        }
        assert!(link.is_symlink());
        assert_eq!(fs::read(&path).expect("a file"), b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
        // A new file is as any other that this user makes.
        let (new, other) = (folder.path().join("new"), folder.path().join("other"));
        fs::write(&other, "").expect("a file");
        replace(&new, b"new").expect("it is written");
        assert_eq!(mode(&new), mode(&other));
    }

    #[test]
    fn what_fails_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("taken/full")).expect("a folder");
        assert!(replace(&folder.path().join("taken"), b"new").is_err());
        assert!(replace(&folder.path().join("no/such"), b"new").is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}

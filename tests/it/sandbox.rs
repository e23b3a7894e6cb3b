//! A folder to try keylint in, and what it said.
//! Not here: the tests.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use keylint_secrets::Checksum;

/// A folder of its own, removed at the end.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A token whose checksum holds, which no configuration makes quiet; `seed` tells one from another.
pub(crate) fn token(seed: u64) -> String {
    let checksum = |name: &str, head: &[u8]| String::from_utf8(Checksum::named(name)?.compute(head)?).ok();
    keylint_rules::expand::template("«ghp_{alnum:30}{checksum:github}»", seed, &checksum).text
}

impl Sandbox {
    /// A folder with these files: paths and texts.
    pub(crate) fn new(files: &[(&str, &str)]) -> Sandbox {
        let sandbox = Sandbox { folder: tempfile::tempdir().expect("a temporary folder") };
        for (path, text) in files {
            sandbox.write(path, text.as_bytes());
        }
        sandbox
    }

    /// A folder that git calls a repository.
    pub(crate) fn repository(files: &[(&str, &str)]) -> Sandbox {
        let sandbox = Sandbox::new(files);
        sandbox.git(&["init", "-q", "-b", "main"]);
        sandbox
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect(path)
    }

    /// Runs keylint here.
    pub(crate) fn keylint(&self, args: &[&str]) -> Ran {
        self.run(self.folder.path(), args, b"", &[])
    }

    /// Runs keylint in a folder below.
    pub(crate) fn keylint_in(&self, folder: &str, args: &[&str]) -> Ran {
        self.run(&self.path(folder), args, b"", &[])
    }

    /// Requires the paths that findings name.
    #[track_caller]
    pub(crate) fn finds(&self, args: &[&str], want: &[&str]) {
        let ran = self.keylint(&[args, &["--format", "json"]].concat());
        assert_eq!(ran.paths(), want, "{ran:#?}");
    }

    /// Runs keylint with text on standard input.
    pub(crate) fn keylint_with(&self, args: &[&str], input: &[u8]) -> Ran {
        self.run(self.folder.path(), args, input, &[])
    }

    /// Runs keylint with variables set.
    pub(crate) fn keylint_env(&self, args: &[&str], env: &[(&str, &str)]) -> Ran {
        self.run(self.folder.path(), args, b"", env)
    }

    /// keylint, ready to run here.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keylint"));
        command.current_dir(self.folder.path());
        for name in
            ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "GIT_DIR", "GIT_INDEX_FILE", "GITHUB_ACTIONS"]
        {
            command.env_remove(name);
        }
        command.env("HOME", self.folder.path()).env("XDG_CONFIG_HOME", self.folder.path());
        command
    }

    fn run(&self, folder: &Path, args: &[&str], input: &[u8], env: &[(&str, &str)]) -> Ran {
        let mut command = self.command();
        command.current_dir(folder).args(args).envs(env.iter().copied());
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("keylint runs");
        // A program that does not read its input may have ended.
        let _ = child.stdin.take().expect("standard input").write_all(input);
        Ran::new(child.wait_with_output().expect("keylint ends"))
    }

    /// Runs git here; the tests need one, keylint does not.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let ran = self.try_git("", args, &[]);
        assert_eq!(ran.code, Some(0), "git {args:?}: {}", ran.err);
        ran.out
    }

    /// Runs git here as another author, at a date.
    pub(crate) fn git_env(&self, args: &[&str], date: &str) {
        let author = [("GIT_AUTHOR_NAME", "Ann Author"), ("GIT_AUTHOR_DATE", date), ("GIT_COMMITTER_DATE", date)];
        let ran = self.try_git("", args, &author);
        assert_eq!(ran.code, Some(0), "git {args:?}: {}", ran.err);
    }

    /// Runs git in a folder below, which must fail; gives what it said.
    pub(crate) fn git_fails(&self, folder: &str, args: &[&str]) -> String {
        let ran = self.try_git(folder, args, &[]);
        assert_ne!(ran.code, Some(0), "git {args:?} in `{folder}` did not fail");
        ran.out + &ran.err
    }

    /// Runs git in a folder below, with keylint on the search path, as its hooks need it.
    pub(crate) fn git_with_hooks(&self, folder: &str, args: &[&str], env: &[(&str, &str)]) -> Ran {
        let own = Path::new(env!("CARGO_BIN_EXE_keylint")).parent().expect("the program has a folder");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(own.to_path_buf()).chain(std::env::split_paths(&path));
        let path = std::env::join_paths(folders).expect("a search path");
        let path = path.to_str().expect("a search path in UTF-8").to_string();
        self.try_git(folder, args, &[&[("PATH", path.as_str())], env].concat())
    }

    fn try_git(&self, folder: &str, args: &[&str], env: &[(&str, &str)]) -> Ran {
        let output = Command::new("git")
            .current_dir(self.path(folder))
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"])
            .args(args)
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(env.iter().copied())
            .output();
        Ran::new(output.expect("these tests need git"))
    }
}

impl Ran {
    pub(crate) fn new(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Requires an exit code.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// Requires words on standard output.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Ran {
        for word in words {
            assert!(self.out.contains(word), "`{word}` is missing in {self:#?}");
        }
        self
    }

    /// Requires words on standard error.
    #[track_caller]
    pub(crate) fn warns(self, words: &[&str]) -> Ran {
        for word in words {
            assert!(self.err.contains(word), "`{word}` is missing in {self:#?}");
        }
        self
    }

    /// Requires that words are nowhere.
    #[track_caller]
    pub(crate) fn hides(self, words: &[&str]) -> Ran {
        for word in words {
            assert!(!self.out.contains(word) && !self.err.contains(word), "`{word}` is in {self:#?}");
        }
        self
    }

    /// The paths of the findings of a JSON report, each once, in order.
    #[track_caller]
    pub(crate) fn paths(&self) -> Vec<String> {
        let report: serde_json::Value = serde_json::from_str(&self.out).expect(&self.out);
        let diagnostics = report["diagnostics"].as_array().expect("a list");
        let mut paths: Vec<_> =
            diagnostics.iter().map(|diagnostic| diagnostic["path"].as_str().expect("a path").to_string()).collect();
        paths.dedup();
        paths
    }
}

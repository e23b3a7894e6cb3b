//! The files that other tools read of this repository: the hooks' manifest, the wheel, the image, the workflows.
//! Not here: running them, which the gate does with the tools themselves.

use std::{fs, path::Path};

use saphyr::{LoadableYamlNode, Yaml};

use crate::sandbox::Sandbox;

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

#[test]
fn every_hook_runs_a_command_that_there_is() {
    let manifest = text(".pre-commit-hooks.yaml");
    let documents = Yaml::load_from_str(&manifest).expect("YAML");
    let hooks = documents[0].as_vec().expect("a list");
    let sandbox = Sandbox::new(&[]);
    for hook in hooks {
        let field = |name: &str| hook.as_mapping_get(name).and_then(Yaml::as_str).unwrap_or_default();
        let mut words = field("entry").split(' ');
        assert_eq!(words.next(), Some("keylint"), "{}", field("id"));
        let args: Vec<&str> = words.chain(["--help"]).collect();
        sandbox.keylint(&args).code(0);
    }
    for language in ["rust", "python", "node", "system"] {
        assert!(manifest.contains(&format!("language: {language}\n")), "{language}");
    }
}

#[test]
fn versions_agree() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(text(".pre-commit-hooks.yaml").contains(&format!("[\"keylint@{version}\"]")));
    for line in text("docs/hooks.md").lines().filter(|line| line.contains("rev: v")) {
        assert!(line.ends_with(&format!("rev: v{version}")), "{line}");
    }
    assert!(text("pyproject.toml").contains("dynamic = [\"version\"]"), "maturin reads it from Cargo.toml");
}

/// A tag can be moved to other code; what a commit holds cannot change.
#[test]
fn actions_are_pinned() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let mut found = 0;
    for entry in fs::read_dir(folder).expect("workflows") {
        let path = entry.expect("a file").path();
        for line in fs::read_to_string(&path).expect("a workflow").lines() {
            let Some((_, action)) = line.split_once("uses: ") else { continue };
            found += 1;
            let (_, pin) = action.split_once('@').expect(line);
            let (commit, comment) = pin.split_once(" # ").expect("a comment names the version");
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
            assert!(comment.starts_with('v'), "{line}");
        }
    }
    assert!(found > 5);
}

#[test]
fn the_image_has_no_root() {
    let file = text("Dockerfile");
    let last = file.rsplit("\nFROM ").next().expect("a stage");
    assert!(last.starts_with("scratch\n") && last.contains("\nUSER 65532:65532\n"), "{last}");
}

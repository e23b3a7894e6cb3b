//! The sample service that the README shows.
//! Not here: the rules that find its keys.

use std::{fs, path::Path};

use crate::sandbox::Sandbox;

#[test]
fn the_sample_service_leaks_and_its_files_do_not() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/leaky-service");
    let sandbox = Sandbox::new(&[]);
    let ran = sandbox.keylint(&[folder, "--format", "json"]).code(1);
    let paths = ran.paths();
    for name in [".env", "server.js", "reports.py", "docker-compose.yml", "main.tf", "deploy.yml", "id_ed25519"] {
        let found = paths.iter().any(|path| path.ends_with(&format!("{name}.template")));
        assert!(found, "nothing was found in {name}: {ran:#?}");
    }
    // As it stands in the repository, nothing in it looks like a key.
    copy(Path::new(folder), &sandbox.path("plain"));
    fs::remove_file(sandbox.path("plain/keylint.toml")).expect("it was copied");
    sandbox.keylint(&["plain"]).code(0).says(&["no findings"]);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() { copy(&path, &to) } else { fs::copy(&path, &to).map(drop).expect("a copy") }
    }
}

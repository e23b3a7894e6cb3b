//! `--fix`, `--unsafe` and `--diff`: what files become, and when they are left alone.
//! Not here: the exact text for each language; `crates/engine/tests/fix.rs` has the table.

use crate::sandbox::{Sandbox, token};

fn password(seed: u64) -> String {
    keylint_rules::expand::template("{alnum:12}#{alnum:8}", seed, &|_, _| None).text
}

fn app() -> Sandbox {
    let text =
        format!("\"\"\"An app.\"\"\"\nimport sys\n\nDB_PASSWORD = \"{}\"\nTOKEN = '{}'\n", password(1), token(1));
    Sandbox::repository(&[("app.py", &text)])
}

#[test]
fn secrets_move_to_the_environment() {
    let sandbox = app();
    let ran = sandbox.keylint(&["check", "--fix", "--unsafe"]).code(0).hides(&[&token(1), &password(1)]);
    ran.warns(&["2 findings mended"]);
    let want = "\"\"\"An app.\"\"\"\nimport os\nimport sys\n\nDB_PASSWORD = os.environ[\"DB_PASSWORD\"]\n\
                TOKEN = os.environ[\"GITHUB_PERSONAL_ACCESS_TOKEN\"]\n";
    assert_eq!(sandbox.read("app.py"), want);
    let env = format!("DB_PASSWORD='{}'\nGITHUB_PERSONAL_ACCESS_TOKEN={}\n", password(1), token(1));
    assert_eq!(sandbox.read(".env"), env);
    assert_eq!(sandbox.read(".gitignore"), ".env\n");
    // Nothing is left to do, and nothing is done twice.
    sandbox.keylint(&["check", "--fix", "--unsafe"]).code(0);
    assert_eq!((sandbox.read("app.py").as_str(), sandbox.read(".env")), (want, env));
    assert_eq!(sandbox.read(".gitignore"), ".env\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(sandbox.path(".env")).expect(".env").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[cfg(unix)]
#[test]
fn a_diff_says_what_was_not_scanned() {
    let sandbox = Sandbox::new(&[("a.txt", "nothing\n")]);
    std::os::unix::fs::symlink("nowhere", sandbox.path("link")).expect("a link");
    sandbox.keylint(&["--diff", "a.txt", "link"]).code(3).warns(&["not scanned: link: no such file"]);
    sandbox.keylint(&["--diff", "a.txt"]).code(0);
}

#[test]
fn safe_fixes_alone_move_no_secret() {
    let sandbox = app();
    let before = sandbox.read("app.py");
    sandbox.keylint(&["--fix"]).code(1).warns(&["2 findings can be mended by `--fix --unsafe`"]);
    assert_eq!(sandbox.read("app.py"), before);
    assert!(!sandbox.path(".env").exists());
    sandbox.keylint(&["--unsafe"]).code(2);
    sandbox.keylint(&["--fix", "--staged"]).code(2);
}

#[test]
fn a_diff_shows_and_changes_nothing() {
    let sandbox = app();
    let before = sandbox.read("app.py");
    let ran = sandbox.keylint(&["--diff"]).code(1).hides(&[&token(1), &password(1)]);
    ran.says(&[
        "--- a/app.py\n+++ b/app.py\n@@ -1,5 +1,6 @@\n",
        "\n+import os\n",
        "-TOKEN = 'ghp_************",
        "+++ b/.env\n",
        "\n+DB_PASSWORD='************'\n",
    ]);
    assert_eq!(sandbox.read("app.py"), before);
    assert!(!sandbox.path(".env").exists() && !sandbox.path(".gitignore").exists());
    let safe = sandbox.keylint(&["--fix", "--diff"]).code(1);
    assert_eq!(safe.out, "");
    // It is no report, and would leave the file empty.
    sandbox.keylint(&["--diff", "--format", "json:report.json"]).code(2).warns(&["cannot be used with"]);
}

#[test]
fn names_and_files_that_are_taken() {
    let sandbox = app();
    sandbox.write(".env", b"DB_PASSWORD=other");
    sandbox.write(".gitignore", b"*.log\n*.env\n");
    sandbox.keylint(&["--fix", "--unsafe"]).code(0);
    assert!(sandbox.read("app.py").contains("os.environ[\"DB_PASSWORD_2\"]"));
    assert!(sandbox.read(".env").starts_with(&format!("DB_PASSWORD=other\nDB_PASSWORD_2='{}'\n", password(1))));
    assert_eq!(sandbox.read(".gitignore"), "*.log\n*.env\n");

    // What git tracks would be published.
    let tracked = app();
    tracked.write(".env", b"A=b\n");
    tracked.git(&["add", "-f", ".env"]);
    let before = tracked.read("app.py");
    tracked.keylint(&["--fix", "--unsafe"]).code(1).warns(&["git tracks `.env`"]);
    assert_eq!((tracked.read("app.py"), tracked.read(".env").as_str()), (before, "A=b\n"));
}

#[test]
fn accepted_findings_stay() {
    let text = format!("a = \"{}\"  # keylint: ignore test key\n", token(1));
    let sandbox = Sandbox::new(&[("app.py", &text)]);
    sandbox.keylint(&["--fix", "--unsafe"]).code(0);
    assert_eq!(sandbox.read("app.py"), text);
}

#[test]
fn many_files_share_one_env() {
    let same = format!("const token = \"{}\";\n", token(1));
    let compose = format!("services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: {}\n", password(4));
    let workflow = format!("env:\n  API_TOKEN: {}\n", token(5));
    let sandbox = Sandbox::repository(&[
        ("web/a.js", &same),
        ("web/b.js", &same),
        ("deploy/compose.yaml", &compose),
        (".github/workflows/ci.yml", &workflow),
    ]);
    sandbox.keylint(&["--fix", "--unsafe"]).code(0);
    for file in ["web/a.js", "web/b.js"] {
        assert_eq!(sandbox.read(file), "const token = process.env.GITHUB_PERSONAL_ACCESS_TOKEN;\n");
    }
    assert_eq!(sandbox.read(".env"), format!("GITHUB_PERSONAL_ACCESS_TOKEN={}\n", token(1)));
    assert_eq!(sandbox.read("deploy/.env"), format!("POSTGRES_PASSWORD='{}'\n", password(4)));
    assert!(sandbox.read("deploy/compose.yaml").ends_with("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}\n"));
    assert_eq!(
        sandbox.read(".github/workflows/ci.yml"),
        "env:\n  API_TOKEN: ${{ secrets.GH_PERSONAL_ACCESS_TOKEN }}\n"
    );
}

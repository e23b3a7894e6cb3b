//! Kinds of files and sorts of places, from paths.

use keylint_syntax::FileKind::{
    Batch, Code, Csv, Dockerfile, Env, Hcl, Html, Ini, Json, Lock, Makefile, Markdown, Minified, Notebook, Plain,
    PowerShell, Properties, Shell, Sql, Toml, Unknown, Xml, Yaml,
};
use keylint_syntax::Language::{Go, JavaScript, Matlab, ObjectiveC, Python, Ruby};
use keylint_syntax::{FileKind, Place};

#[test]
fn kinds_of_paths() {
    let rows = [
        ("a/b.json", Json),
        ("a/b.YML", Yaml),
        ("docker-compose.yml.j2", Yaml),
        ("application.properties", Properties),
        (".env", Env),
        ("prod/.env.production", Env),
        (".env-sample", Env),
        ("environment.ts", Code(keylint_syntax::Language::TypeScript)),
        ("Dockerfile", Dockerfile),
        ("Dockerfile.prod", Dockerfile),
        ("24_env.Dockerfile", Dockerfile),
        ("Makefile", Makefile),
        ("a.mk", Makefile),
        ("main.tf", Hcl),
        ("prod.tfvars.example", Hcl),
        ("run.sh", Shell),
        ("x.ps1", PowerShell),
        ("x.cmd", Batch),
        ("dump.sql", Sql),
        ("n.ipynb", Notebook),
        ("t.csv", Csv),
        ("README.md", Markdown),
        ("README", Markdown),
        ("notes.txt", Plain),
        ("yarn.lock", Lock),
        ("package-lock.json", Lock),
        ("go.sum", Lock),
        ("main.go", Code(Go)),
        ("Gemfile", Code(Ruby)),
        ("app.min.js", Minified),
        ("index.html", Html),
        ("pom.xml", Xml),
        ("Cargo.toml", Toml),
        ("setup.cfg", Ini),
        ("config.php.dist", Code(keylint_syntax::Language::Php)),
        ("noextension", Unknown),
    ];
    for (path, kind) in rows {
        assert_eq!(FileKind::of(path, b""), kind, "{path}");
    }
}

#[test]
fn kinds_by_the_head() {
    let rows: &[(&str, &str, FileKind)] = &[
        ("run", "#!/usr/bin/env python3\n", Code(Python)),
        ("run", "#!/bin/bash\n", Shell),
        ("data", "{\n  \"a\": 1}", Json),
        ("data", "<?xml version=\"1.0\"?>", Xml),
        ("data", "[section]\na = b", Ini),
        ("web.config", "<configuration>", Xml),
        ("app.config", "[section]\na = b", Ini),
        ("x.m", "#import <Foundation/Foundation.h>", Code(ObjectiveC)),
        ("x.m", "function y = f(x)", Code(Matlab)),
        ("x.js", "const a = 1;\n", Code(JavaScript)),
    ];
    for (path, head, kind) in rows {
        assert_eq!(FileKind::of(path, head.as_bytes()), *kind, "{path} {head}");
    }
    assert_eq!(FileKind::of("x.js", "a".repeat(2000).as_bytes()), Minified);
}

#[test]
fn places_of_paths() {
    let place = |path| Place::of(path);
    assert!(place("src/test/java/A.java").test);
    assert!(place("src/UserServiceTest.java").test);
    assert!(place("pkg/user_test.go").test);
    assert!(!place("src/contest/latest.rs").test);
    assert!(place("examples/a.py").example);
    assert!(place("config.php.dist").example);
    assert!(place(".env.example").example);
    assert!(!place("dist/app.js").example);
    assert!(place("docs/a.rst").documentation);
    assert!(place("README").documentation);
    assert!(place("web/node_modules/x/index.js").vendored);
    assert!(!place("src/vendor.js").vendored);
    assert!(place("yarn.lock").lock_file);
    assert_eq!(place("src/main.rs"), Place::default());
}

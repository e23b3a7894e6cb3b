//! What a secret becomes in each language and format, as a table: the text with `{}` for the secret, the text after the
//! fix, and the name in `.env`. Not here: files (`tests/it/fix.rs`).
#![allow(clippy::disallowed_methods)]

use keylint_diagnostics::{Applicability, Document, Edit, Fix, Insert};
use keylint_engine::{Config, Engine, fix};
use keylint_rules::expand;

fn engine() -> Engine {
    Engine::new(Config::default()).expect("the built-in rules build")
}

fn secret() -> String {
    expand::template("{alnum:14}9#{alnum:8}", 11, &|_, _| None).text
}

/// The text with the document's edits of a fix applied, and the lines for other files.
fn applied(path: &str, text: &str, fix: &Fix) -> (String, Vec<(String, String)>) {
    let choice = fix::choose(&[fix]);
    let (here, beside): (Vec<&Edit>, Vec<&Edit>) = choice.edits.iter().partition(|edit| edit.path == path);
    let copy = |span: keylint_diagnostics::Span| span.of(text.as_bytes()).to_vec();
    let spliced = fix::splice(text.len(), &here, &|kept| text.as_bytes()[kept].to_vec(), &copy);
    let line = |edit: &&Edit| {
        let piece = |insert: &Insert| match insert {
            Insert::Text(text) => text.clone(),
            Insert::CopyOf(span) => String::from_utf8(copy(*span)).expect("UTF-8"),
        };
        (edit.path.clone(), edit.insert.iter().map(piece).collect::<String>())
    };
    (String::from_utf8(spliced.text).expect("UTF-8"), beside.iter().map(line).collect())
}

#[track_caller]
fn check(path: &str, text: &str, want: &str, entry: &str) {
    let (engine, secret) = (engine(), secret());
    let text = text.replace("{}", &secret);
    let found = engine.scanner().scan(&Document::new(path, text.as_bytes())).diagnostics;
    assert_eq!(found.len(), 1, "{path}: {text}");
    let fix = found[0].fixes.first().expect("a fix");
    assert!(!format!("{:?}", found[0].fixes).contains(&secret), "{path}: a fix holds the secret");
    assert!(
        found[0].fixes.iter().all(|fix| fix.applicability != Applicability::Safe),
        "{path}: moving a secret is never safe"
    );
    if want.is_empty() {
        assert_eq!(fix.applicability, Applicability::DisplayOnly, "{path}: {text}: {fix:?}");
        return;
    }
    assert_eq!(fix.applicability, Applicability::Unsafe, "{path}: {text}: {fix:?}");
    let (after, lines) = applied(path, &text, fix);
    assert_eq!(after, want, "{path}");
    let env: Vec<&str> =
        lines.iter().filter(|(path, _)| path.ends_with(".env")).map(|(_, line)| line.as_str()).collect();
    let line = format!("{entry}='{secret}'\n");
    assert_eq!(env, if entry.is_empty() { Vec::new() } else { vec![line.as_str()] }, "{path}");
    assert_eq!(lines.iter().any(|(path, line)| path == ".gitignore" && line == ".env\n"), !entry.is_empty(), "{path}");
    let again = engine.scanner().scan(&Document::new(path, after.as_bytes())).diagnostics;
    assert!(again.is_empty(), "{path}: still found in {after}: {again:?}");
}

#[test]
fn program_source() {
    let table = [
        ("a.py", "db_password = \"{}\"\n", "import os\ndb_password = os.environ[\"DB_PASSWORD\"]\n"),
        (
            "a.py",
            "#!/usr/bin/env python\nimport os, sys\nx.db_password = r'{}'\n",
            "#!/usr/bin/env python\nimport os, sys\nx.db_password = os.environ[\"DB_PASSWORD\"]\n",
        ),
        (
            "a.py",
            "'''Doc.\n\nMore.'''\n\nconnect(db_password=\"{}\")\n",
            "'''Doc.\n\nMore.'''\nimport os\n\nconnect(db_password=os.environ[\"DB_PASSWORD\"])\n",
        ),
        ("a.js", "const dbPassword = '{}';\r\n", "const dbPassword = process.env.DB_PASSWORD;\r\n"),
        ("a.ts", "const dbPassword: string = `{}`;\n", "const dbPassword: string = process.env.DB_PASSWORD!;\n"),
        ("a.tsx", "<Db dbPassword=\"{}\" />\n", "<Db dbPassword={process.env.DB_PASSWORD!} />\n"),
        (
            "a.go",
            "package a\n\nimport (\n\t\"fmt\"\n)\n\nvar dbPassword = \"{}\"\n",
            "package a\n\nimport (\n\t\"os\"\n\t\"fmt\"\n)\n\nvar dbPassword = os.Getenv(\"DB_PASSWORD\")\n",
        ),
        (
            "a.go",
            "package a\n\nvar dbPassword = `{}`\n",
            "package a\n\nimport \"os\"\n\nvar dbPassword = os.Getenv(\"DB_PASSWORD\")\n",
        ),
        ("A.java", "String dbPassword = \"{}\";\n", "String dbPassword = System.getenv(\"DB_PASSWORD\");\n"),
        ("a.kt", "val dbPassword = \"{}\"\n", "val dbPassword = System.getenv(\"DB_PASSWORD\")\n"),
        ("a.rb", "db_password = '{}'\n", "db_password = ENV.fetch(\"DB_PASSWORD\")\n"),
        ("a.php", "<?php\n$db_password = '{}';\n", "<?php\n$db_password = getenv('DB_PASSWORD');\n"),
        (
            "A.cs",
            "var dbPassword = @\"{}\";\n",
            "var dbPassword = System.Environment.GetEnvironmentVariable(\"DB_PASSWORD\");\n",
        ),
        ("a.pl", "my $db_password = '{}';\n", "my $db_password = $ENV{DB_PASSWORD};\n"),
        ("a.sh", "export DB_PASSWORD='{}'\n", "export DB_PASSWORD=\"${DB_PASSWORD:?}\"\n"),
        ("a.sh", "export DB_PASSWORD={}\n", "export DB_PASSWORD=\"${DB_PASSWORD:?}\"\n"),
        ("a.ps1", "$DbPassword = \"{}\"\n", "$DbPassword = $env:DB_PASSWORD\n"),
        (
            "A.java",
            "return dbPassword.equals(\"{}\");\n",
            "return dbPassword.equals(System.getenv(\"DB_PASSWORD\"));\n",
        ),
        (
            "a.php",
            "<?php\n$c = array(\n  'db_password' => '{}',\n);\n",
            "<?php\n$c = array(\n  'db_password' => getenv('DB_PASSWORD'),\n);\n",
        ),
    ];
    for (path, text, want) in table {
        check(path, text, want, "DB_PASSWORD");
    }
}

#[test]
fn imports_stand_where_they_may() {
    let python = |head: &str, want: &str| {
        let after = format!("{want}db_password = os.environ[\"DB_PASSWORD\"]\n");
        check("a.py", &format!("{head}db_password = \"{{}}\"\n"), &after, "DB_PASSWORD");
    };
    // What only looks like an import stands in a text.
    python("T = '''\nimport sys\n'''\n", "import os\nT = '''\nimport sys\n'''\n");
    python("T = f(\"\"\"\nimport os\n\"\"\")\n", "import os\nT = f(\"\"\"\nimport os\n\"\"\")\n");
    python("'One line.'\n", "'One line.'\nimport os\n");
    python("u\"\"\"Doc\nimport os\n\"\"\"\n", "u\"\"\"Doc\nimport os\n\"\"\"\nimport os\n");
    python("\u{feff}\"\"\"Doc\"\"\"\n", "\u{feff}\"\"\"Doc\"\"\"\nimport os\n");
    python("\u{feff}import sys\n", "\u{feff}import os\nimport sys\n");
    let go = |head: &str, want: &str| {
        let after = format!("{want}\nvar dbPassword = os.Getenv(\"DB_PASSWORD\")\n");
        check("a.go", &format!("{head}\nvar dbPassword = \"{{}}\"\n"), &after, "DB_PASSWORD");
    };
    go("/*\npackage docs\n*/\npackage a\n", "/*\npackage docs\n*/\npackage a\n\nimport \"os\"\n");
    go("package a\n\nimport (\n\t\"os\" // files\n)\n", "package a\n\nimport (\n\t\"os\" // files\n)\n");
    go("package a\n\n// #x\nimport \"C\"\n", "package a\n\n// #x\nimport \"C\"\nimport \"os\"\n");
    go(
        "package a\n\nconst t = `\nimport (\n\"os\"\n)`\n",
        "package a\n\nimport \"os\"\n\nconst t = `\nimport (\n\"os\"\n)`\n",
    );
}

#[test]
fn configuration() {
    check(
        "deploy/docker-compose.prod.yml",
        "services:\n  db:\n    environment:\n      DB_PASSWORD: \"{}\"\n",
        "services:\n  db:\n    environment:\n      DB_PASSWORD: \"${DB_PASSWORD}\"\n",
        "DB_PASSWORD",
    );
    check(
        ".github/workflows/ci.yml",
        "env:\n  DB_PASSWORD: '{}'\n",
        "env:\n  DB_PASSWORD: '${{ secrets.DB_PASSWORD }}'\n",
        "",
    );
    check(
        "main.tf",
        "resource \"x\" \"y\" {\n  db_password = \"{}\"\n}\n",
        "resource \"x\" \"y\" {\n  db_password = var.db_password\n}\n\nvariable \"db_password\" {\n  type      = string\n  sensitive = true\n}\n",
        "TF_VAR_db_password",
    );
    check(
        "main.tf",
        "variable \"db_password\" {\n  type    = string\n  default = \"{}\"\n}\n",
        "variable \"db_password\" {\n  type    = string\n  sensitive = true\n}\n",
        "TF_VAR_db_password",
    );
    check(
        "main.tf",
        "variable \"db_password\" {\n  description = \"a sensitive text\"\n  default = \"{}\"\n}\n",
        "variable \"db_password\" {\n  description = \"a sensitive text\"\n  sensitive = true\n}\n",
        "TF_VAR_db_password",
    );
    check("prod.tfvars", "region = \"x\"\ndb_password = \"{}\"\n", "region = \"x\"\n", "TF_VAR_db_password");
    check(
        "stack.yaml",
        "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Db:\n    Properties:\n      MasterUserPassword: '{}'\n",
        "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Db:\n    Properties:\n      MasterUserPassword: '{{resolve:secretsmanager:master-user-password:SecretString}}'\n",
        "",
    );
}

#[test]
fn where_a_person_must_look() {
    let table = [
        // Constants, keys, prefixes and second literals.
        ("a.go", "package a\n\nconst dbPassword = \"{}\"\n"),
        ("a.go", "package a\n\nconst (\n\tdbPassword = \"{}\"\n)\n"),
        ("A.cs", "const string DbPassword = \"{}\";\n"),
        ("a.php", "<?php\nclass A {\n  private $db_password = '{}';\n}\n"),
        ("a.php", "<?php\nclass A {\n  /** {@x} */\n  public $default = array(\n    'db_password' => '{}',\n  );\n}\n"),
        ("a.php", "<?php\nfunction f($db_password = '{}') {}\n"),
        ("A.cs", "void F(string dbPassword = \"{}\")\n"),
        ("A.java", "@Config(\n  dbPassword = \"{}\"\n)\n"),
        ("a.ts", "export enum A {\n  dbPassword = \"{}\",\n}\n"),
        ("a.ts", "const dbPassword = \"{}\" as const;\n"),
        ("a.go", "package a\n\nconst(\n\tdbPassword = \"{}\"\n)\n"),
        ("a.go", "package a\n\nimport (\"fmt\")\n\nvar dbPassword = \"{}\"\n"),
        ("main.tf", "terraform {\n  cloud {\n    db_password = \"{}\"\n  }\n}\n"),
        ("main.tf", "variable \"db_password\" { default = \"{}\" }\n"),
        ("a.py", "db_password = b\"{}\"\n"),
        ("a.rs", "let db_password = \"{}\";\n"),
        // Formats that fill nothing in.
        ("a.json", "{\"db_password\": \"{}\"}\n"),
        ("Dockerfile", "FROM x\nENV DB_PASSWORD='{}'\n"),
        (".env", "DB_PASSWORD='{}'\n"),
        ("k8s.yaml", "apiVersion: v1\nkind: Secret\nstringData:\n  db_password: '{}'\n"),
    ];
    for (path, text) in table {
        check(path, text, "", "");
    }
}

#[test]
fn secrets_manager_is_the_second_way() {
    let engine = engine();
    for (path, text, want) in [
        (
            "a.py",
            "db_password = '{}'\n",
            "import boto3\ndb_password = boto3.client(\"secretsmanager\").get_secret_value(SecretId=\"db-password\")[\"SecretString\"]\n",
        ),
        ("A.java", "String dbPassword = \"{}\";\n", ".secretId(\"db-password\")).secretString();\n"),
        (
            "a.ts",
            "const dbPassword = '{}';\n",
            "import { GetSecretValueCommand, SecretsManagerClient } from \"@aws-sdk/client-secrets-manager\";\nconst dbPassword = (await new",
        ),
        ("a.go", "package a\n\nvar dbPassword = \"{}\"\n", "var dbPassword = secret(\"db-password\")\n"),
        (
            "a.tf",
            "db_password = \"{}\"\n",
            "db_password = data.aws_secretsmanager_secret_version.db_password.secret_string\n",
        ),
    ] {
        let text = text.replace("{}", &secret());
        let found = engine.scanner().scan(&Document::new(path, text.as_bytes())).diagnostics;
        let fix = found[0].fixes.get(1).expect("a second fix");
        assert_eq!(fix.applicability, Applicability::DisplayOnly, "{path}");
        let (after, _) = applied(path, &text, fix);
        assert!(after.contains(want) && !after.contains(&secret()), "{path}: {after}");
    }
}

#[test]
fn fixes_that_touch_the_same_place_exclude_each_other() {
    let edit = |start: usize, end: usize, text: &str| Edit {
        path: "a".into(),
        span: keylint_diagnostics::Span::new(start..end),
        insert: vec![Insert::Text(text.into())],
    };
    let fix = |edits: Vec<Edit>| Fix { title: "x".into(), applicability: Applicability::Unsafe, edits };
    let fixes = [
        fix(vec![edit(0, 0, "import os\n"), edit(4, 6, "A")]),
        fix(vec![edit(0, 0, "import os\n"), edit(7, 8, "B")]),
        fix(vec![edit(5, 8, "C")]),
        fix(vec![edit(6, 7, ""), edit(5, 5, "inside")]),
    ];
    let choice = fix::choose(&fixes.iter().collect::<Vec<_>>());
    assert_eq!((choice.chosen, choice.overlapping), (vec![0, 1], vec![2, 3]));
    let spliced = fix::splice(10, &choice.edits, &|kept| b"0123456789"[kept].to_vec(), &|_| Vec::new());
    assert_eq!(spliced.text, b"import os\n0123A6B89");
}

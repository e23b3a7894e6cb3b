//! What `git`, `--since` and `--range` scan.
//! Not here: the index (`git.rs`).

use serde_json::Value;

use crate::sandbox::{Ran, Sandbox, token};

/// The findings of a JSON report.
#[track_caller]
fn findings(ran: &Ran) -> Vec<Value> {
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:#?}"));
    report["diagnostics"].as_array().expect("a list").clone()
}

/// Runs keylint, and compares path, subject of the commit, and whether the secret is in `HEAD`.
#[track_caller]
fn finds(sandbox: &Sandbox, args: &[&str], want: &[(&str, &str, bool)]) -> Ran {
    let ran = sandbox.keylint(&[args, &["--format", "json"]].concat());
    let got: Vec<(String, String, bool)> = findings(&ran)
        .iter()
        .map(|finding| {
            assert_eq!(finding["origin"], "commit");
            let id = finding["commit"]["id"].as_str().expect("an id");
            let subject = sandbox.git(&["log", "-1", "--format=%s", id]).trim().to_string();
            (finding["path"].as_str().expect("a path").into(), subject, finding["inHead"].as_bool().expect("a bool"))
        })
        .collect();
    let want: Vec<_> =
        want.iter().map(|(path, subject, head)| (path.to_string(), subject.to_string(), *head)).collect();
    assert_eq!(got, want, "{args:?} {ran:#?}");
    ran
}

/// Commits everything; the date is that of the number of commits, so that the order is not left to chance.
fn commit(sandbox: &Sandbox, subject: &str) {
    sandbox.git(&["add", "-A", "."]);
    let count = sandbox.git(&["rev-list", "--all", "--count"]).trim().parse::<u32>().expect("a number");
    let date = format!("2024-05-01T{:02}:{:02}:00+02:00", count / 60, count % 60);
    sandbox.git_env(&["commit", "-q", "--allow-empty", "-m", subject], &date);
}

fn secret(seed: u64) -> String {
    format!("key = \"{}\"\n", token(seed))
}

#[test]
fn added_and_removed() {
    let sandbox = Sandbox::repository(&[("a.txt", "a\n")]);
    commit(&sandbox, "one");
    sandbox.write("a.txt", format!("a\n{}", secret(1)).as_bytes());
    commit(&sandbox, "two");
    sandbox.write("a.txt", format!("a\nb\n{}", secret(1)).as_bytes());
    commit(&sandbox, "three");
    sandbox.write("a.txt", b"a\nb\n");
    sandbox.write("b.txt", secret(2).as_bytes());
    commit(&sandbox, "four");
    for args in [&["git"][..], &["git", "--all"], &["git", "--no-cache"], &["git", "-j", "2"]] {
        let ran = finds(&sandbox, args, &[("a.txt", "two", false), ("b.txt", "four", true)]);
        ran.code(1).says(&["\"kind\":\"history\"", "\"line\":2,\"column\":8"]);
    }
    finds(&sandbox, &["git", "--since", "HEAD~3"], &[("a.txt", "two", false), ("b.txt", "four", true)]);
    finds(&sandbox, &["--since", "HEAD~1"], &[("b.txt", "four", true)]).says(&["\"kind\":\"range\""]);
    finds(&sandbox, &["check", "--range", "HEAD~3..HEAD~1"], &[("a.txt", "two", false)]);
    // The line stood there before: it is not of this commit.
    finds(&sandbox, &["check", "--range", "HEAD~2..HEAD~1"], &[]);
    finds(&sandbox, &["check", "--since", "HEAD"], &[]);

    let ran = sandbox.keylint(&["git"]).code(1);
    let id = sandbox.git(&["rev-parse", "--short=7", "HEAD~2"]);
    ran.says(&[
        &format!("--> a.txt:2:8 (commit {}, 2024-05-01, not in HEAD)", id.trim()),
        "--> b.txt:1:8 (commit",
        ", still in HEAD)",
    ])
    .hides(&[&token(1), &token(2), "a@example.com", "Ann"]);
    sandbox.keylint(&["git", "--author"]).code(1).says(&[", Ann Author, "]).hides(&["a@example.com"]);
    let json = sandbox.keylint(&["git", "--author", "--format", "json"]).says(&["\"author\":\"Ann Author\""]);
    json.says(&["\"date\":\"2024-05-01T00:01:00+02:00\""]).hides(&["a@example.com"]);
    for format in ["concise", "sarif", "github", "jsonl"] {
        sandbox.keylint(&["git", "--format", format]).code(1).says(&[id.trim()]).hides(&[&token(1), &token(2)]);
    }
}

#[test]
fn branches_and_merges() {
    let sandbox = Sandbox::repository(&[("a.txt", "a\n")]);
    commit(&sandbox, "one");
    sandbox.git(&["checkout", "-qb", "side"]);
    sandbox.write("side.txt", secret(1).as_bytes());
    commit(&sandbox, "side");
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.write("b.txt", b"b\n");
    commit(&sandbox, "two");
    finds(&sandbox, &["git"], &[("side.txt", "side", false)]);
    finds(&sandbox, &["git", "--since", "HEAD~1"], &[]);
    finds(&sandbox, &["git", "--range", "main..side"], &[("side.txt", "side", false)]);
    finds(&sandbox, &["git", "--range", "main...side"], &[("side.txt", "side", false)]);

    // A merge that brings what neither side had.
    sandbox.git(&["merge", "-q", "--no-commit", "--no-ff", "side"]);
    sandbox.write("b.txt", format!("b\n{}", secret(2)).as_bytes());
    commit(&sandbox, "merge");
    assert_eq!(sandbox.git(&["rev-list", "--parents", "-1", "HEAD"]).split_whitespace().count(), 3);
    let want = [("b.txt", "merge", true), ("side.txt", "side", true)];
    finds(&sandbox, &["git"], &want);
    finds(&sandbox, &["git", "--no-cache"], &want);
    finds(&sandbox, &["git", "--since", "HEAD~1"], &want);
    finds(&sandbox, &["git", "--range", "side..main"], &want[..1]);

    // Only a tag leads there.
    sandbox.git(&["checkout", "-q", "--detach", "main"]);
    sandbox.write("tag.txt", secret(3).as_bytes());
    commit(&sandbox, "tagged");
    sandbox.git(&["tag", "-a", "v1", "-m", "v1"]);
    sandbox.git(&["checkout", "-q", "main"]);
    finds(&sandbox, &["git"], &[want[0], want[1], ("tag.txt", "tagged", false)]);
    // Where a reference goes, what only it led to goes too.
    sandbox.git(&["tag", "-d", "v1"]);
    finds(&sandbox, &["git"], &want);
}

#[test]
fn one_secret_many_places() {
    let sandbox = Sandbox::repository(&[("a.txt", &secret(1)), ("keylint.toml", "exclude = [\"vendor\"]\n")]);
    commit(&sandbox, "one");
    sandbox.git(&["mv", "a.txt", "b.txt"]);
    commit(&sandbox, "moved");
    sandbox.write("b.txt", format!("# more\n{}{}", secret(1), secret(2)).as_bytes());
    sandbox.write("vendor/c.txt", secret(3).as_bytes());
    commit(&sandbox, "changed");
    let ran = finds(&sandbox, &["git"], &[("a.txt", "one", true), ("b.txt", "changed", true)]);
    let related = &findings(&ran)[0]["related"][0];
    assert_eq!(related["path"], "b.txt");
    assert!(related["text"].as_str().is_some_and(|text| text.ends_with("still in HEAD")), "{related}");
    // The first secret stands beside the second one, and is not reported there: it must not be shown either.
    sandbox.keylint(&["git", "--format", "text"]).hides(&[&token(1), &token(2)[..20]]);
    // A file that comes to another path is new there, as for `--staged`.
    finds(&sandbox, &["git", "--since", "HEAD~2"], &[("b.txt", "moved", true), ("b.txt", "changed", true)]);
    finds(&sandbox, &["git", "--since", "HEAD~1"], &[("b.txt", "changed", true)]);
    // Out of the excluded folder the same blob counts.
    sandbox.git(&["mv", "vendor/c.txt", "c.txt"]);
    commit(&sandbox, "unpacked");
    finds(&sandbox, &["git"], &[("a.txt", "one", true), ("b.txt", "changed", true), ("c.txt", "unpacked", true)]);
}

#[test]
fn the_same_bytes_at_places_that_differ() {
    let sandbox = Sandbox::repository(&[("a/x.js", &secret(1)), ("a/keylint.toml", "ignore = [\"secret\"]\n")]);
    commit(&sandbox, "one");
    finds(&sandbox, &["git"], &[]);
    // No configuration there; then the one that git does not know of yet; then another.
    sandbox.write("b/x.js", secret(1).as_bytes());
    commit(&sandbox, "two");
    finds(&sandbox, &["git"], &[("b/x.js", "two", true)]);
    finds(&sandbox, &["git", "--no-cache"], &[("b/x.js", "two", true)]);
    sandbox.write("b/keylint.toml", b"ignore = [\"secret\"]\n");
    finds(&sandbox, &["git"], &[]);
    std::fs::rename(sandbox.path("a/keylint.toml"), sandbox.path("a/.keylint.toml")).expect("a file");
    finds(&sandbox, &["git"], &[]);
    sandbox.write("b/keylint.toml", b"");
    finds(&sandbox, &["git"], &[("b/x.js", "two", true)]);
    sandbox.write("b/keylint.toml", &std::fs::read(sandbox.path("a/.keylint.toml")).expect("a file"));
    sandbox.write("a/.keylint.toml", b"");
    finds(&sandbox, &["git"], &[("a/x.js", "one", true)]);

    // What a lock file says of packages is silent, under the same ending too.
    let password = format!("{{ \"password\": \"{}\" }}\n", &token(3)[4..24]);
    let sandbox = Sandbox::repository(&[("package-lock.json", &password), ("z.json", &password)]);
    commit(&sandbox, "one");
    finds(&sandbox, &["git"], &[("z.json", "one", true)]);

    // Copies that are accepted leave room for one that is not.
    let allow = format!("{}\n[[allow]]\npaths = [\"c/**\"]\nreason = \"copies\"\n", "fail-on = \"high\"");
    let sandbox = Sandbox::repository(&[("keylint.toml", &allow), ("x.js", &secret(1))]);
    (0..40).for_each(|count| sandbox.write(&format!("c/{count}.js"), secret(1).as_bytes()));
    commit(&sandbox, "one");
    sandbox.keylint(&["git"]).code(1);
}

#[test]
fn other_options_make_another_scan() {
    let sandbox = Sandbox::repository(&[("a.txt", &secret(1))]);
    commit(&sandbox, "one");
    let nothing = "0".repeat(40);
    for args in [&["git", "--compliance", "pci-dss-4"][..], &["policy", "--since", &nothing]] {
        finds(&sandbox, args, &[]);
        finds(&sandbox, &["git"], &[("a.txt", "one", true)]);
        finds(&sandbox, &["--since", &nothing], &[("a.txt", "one", true)]);
    }
}

#[test]
fn the_last_word_on_a_suppression_counts() {
    let sandbox = Sandbox::repository(&[("a.txt", &secret(1)), ("b.txt", &secret(2))]);
    commit(&sandbox, "one");
    // Put together here, so that it is no comment of this file.
    let accepted = format!("# {}: ignore-next-line[github-personal-access-token] a fixture\n{}", "keylint", secret(1));
    sandbox.write("a.txt", accepted.as_bytes());
    commit(&sandbox, "accepted");
    let accepted = |path: &str| {
        let ran = sandbox.keylint(&["git", "--format", "json"]);
        let found = findings(&ran);
        let own = found.iter().find(|finding| finding["path"] == path).unwrap_or_else(|| panic!("{ran:#?}"));
        own["suppressed"].is_object()
    };
    assert_eq!((accepted("a.txt"), accepted("b.txt")), (true, false));
    // The file goes, its last word stays.
    sandbox.git(&["rm", "-q", "a.txt"]);
    commit(&sandbox, "gone");
    assert_eq!((accepted("a.txt"), accepted("b.txt")), (true, false));
    // Another place that says nothing.
    sandbox.write("c.txt", secret(1).as_bytes());
    commit(&sandbox, "again");
    assert_eq!((accepted("a.txt"), accepted("b.txt")), (false, false));
}

#[test]
fn a_baseline_accepts_what_it_names() {
    let sandbox = Sandbox::repository(&[("a.txt", &secret(1)), ("c.txt", "c\n")]);
    commit(&sandbox, "one");
    sandbox.keylint(&["baseline", "create"]).code(0);
    sandbox.keylint(&["git"]).code(0);
    sandbox.write("a.txt", format!("a\n{}", secret(1)).as_bytes());
    commit(&sandbox, "two");
    sandbox.keylint(&["git"]).code(0);
    sandbox.keylint(&["--since", "HEAD~1"]).code(0);
    // Another place of it in `HEAD` is not accepted.
    sandbox.write("c.txt", format!("c\n{}", secret(1)).as_bytes());
    commit(&sandbox, "three");
    finds(&sandbox, &["git"], &[("a.txt", "one", true)]).code(1);
    sandbox.write("c.txt", b"c\n");
    commit(&sandbox, "four");
    sandbox.keylint(&["git"]).code(0);
}

#[test]
fn reports_keep_the_contract() {
    let schema = include_str!("../../share/keylint-report.schema.json");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let sandbox = Sandbox::repository(&[("a.txt", &secret(1))]);
    commit(&sandbox, "one");
    for args in [&["git", "--format", "json"][..], &["git", "--author", "--format", "json"]] {
        let report: Value = serde_json::from_str(&sandbox.keylint(args).out).expect("JSON");
        let errors: Vec<String> = jsonschema::validator_for(&schema)
            .expect("a schema")
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn the_second_run_reads_only_what_is_new() {
    let sandbox = Sandbox::repository(&[]);
    for count in 0..6 {
        sandbox.write("a.txt", format!("{count}\n").as_bytes());
        sandbox.write("logo.png", format!("\0{}", count / 3).as_bytes());
        commit(&sandbox, &format!("{count}"));
    }
    let run = |args: &[&str], want: &str| {
        let ran = sandbox.keylint(&[&["git", "-v"], args].concat());
        let says = ran.err.lines().find(|line| line.contains("history:")).unwrap_or_default().to_string();
        assert_eq!(says, format!("note: history: {want}"), "{args:?}");
        ran
    };
    run(&["--no-cache"], "6 commits, 8 blobs, 0 cached");
    let first = run(&[], "6 commits, 8 blobs, 0 cached").code(0).says(&["logo.png: binary", "8 files"]);
    let second = run(&[], "6 commits, 8 blobs, 8 cached").code(0);
    let without_time = |ran: &Ran| ran.out.rsplit_once(" in ").map(|(text, _)| text.to_string());
    assert_eq!(without_time(&first), without_time(&second));
    run(&["--no-cache"], "6 commits, 8 blobs, 0 cached");
    run(&["--since", "HEAD~2"], "2 commits, 2 blobs, 2 cached");

    sandbox.write("b.txt", secret(1).as_bytes());
    sandbox.write("c.txt", b"c\n");
    commit(&sandbox, "new");
    run(&[], "7 commits, 10 blobs, 8 cached").code(1);
    // A blob with findings is read again, since nothing of it is remembered.
    run(&[], "7 commits, 10 blobs, 9 cached").code(1);
    let cache = std::fs::read(sandbox.path(".git/keylint/cache-v1")).expect("a cache");
    assert!(!cache.windows(8).any(|part| token(1).as_bytes().windows(8).any(|secret| secret == part)));

    // Another configuration makes another scan, and a damaged cache none at all.
    sandbox.write("keylint.toml", b"exclude = [\"c.txt\"]\n");
    run(&[], "7 commits, 9 blobs, 0 cached").code(1);
    run(&[], "7 commits, 9 blobs, 8 cached").code(1).says(&["c.txt: excluded by the configuration"]);
    std::fs::write(sandbox.path(".git/keylint/cache-v1"), &cache[..cache.len() / 2]).expect("a file");
    run(&[], "7 commits, 9 blobs, 0 cached").code(1);
    run(&[], "7 commits, 9 blobs, 8 cached").code(1);
    assert!(sandbox.git(&["status", "--porcelain"]).contains("keylint.toml"));
    let left: Vec<_> = std::fs::read_dir(sandbox.path(".git/keylint")).expect("a folder").collect();
    assert_eq!(left.len(), 1, "{left:?}");

    // A branch that is gone takes its commits with it.
    sandbox.git(&["checkout", "-q", "HEAD~1"]);
    sandbox.git(&["branch", "-qf", "main", "HEAD"]);
    run(&[], "6 commits, 8 blobs, 8 cached").code(0);
}

#[test]
fn ranges_know_what_is_in_head() {
    let sandbox = Sandbox::repository(&[("a.txt", &format!("{}a\n", secret(1)))]);
    commit(&sandbox, "one");
    sandbox.git(&["checkout", "-qb", "side"]);
    sandbox.write("b.txt", secret(2).as_bytes());
    commit(&sandbox, "side");
    sandbox.git(&["checkout", "-q", "main"]);
    // The same secret came to the same file in another commit, which the range does not have.
    sandbox.write("b.txt", format!("# mine\n{}", secret(2)).as_bytes());
    commit(&sandbox, "two");
    finds(&sandbox, &["git", "--range", "main..side"], &[("b.txt", "side", true)]);
    // An old secret beside a new line is not of the range.
    sandbox.write("a.txt", format!("{}b\n{}", secret(1), secret(3)).as_bytes());
    commit(&sandbox, "three");
    let ran = finds(&sandbox, &["--since", "HEAD~1", "--show-secrets"], &[("a.txt", "three", true)]);
    ran.says(&[&token(3)]).hides(&[&token(1)]);
}

#[test]
fn what_is_not_here_is_said() {
    let sandbox = Sandbox::repository(&[("origin/a.txt", "")]);
    std::fs::remove_dir_all(sandbox.path(".git")).expect("a folder");
    sandbox.git(&["init", "-q", "-b", "main", "origin"]);
    let origin = |args: &[&str]| sandbox.git(&[&["-C", "origin"], args].concat());
    for count in 1..=3 {
        sandbox.write("origin/a.txt", format!("{count}\n{}", secret(count)).as_bytes());
        origin(&["add", "."]);
        origin(&["commit", "-qm", &format!("{count}")]);
    }
    let url = format!("file://{}", sandbox.path("origin").display());
    sandbox.git(&["clone", "-q", "--depth", "1", &url, "shallow"]);
    let shallow = sandbox.keylint_in("shallow", &["git", "--exit-zero"]).code(3);
    shallow.says(&["shallow clone: history before commit", "a.txt:2:8"]);
    // Twice, so that the cache does not make it complete.
    sandbox.keylint_in("shallow", &["git", "--exit-zero"]).code(3).says(&["shallow clone", "a.txt:2:8"]);
    sandbox.keylint_in("shallow", &["--since", "v0"]).code(2).warns(&["no commit is called `v0`", "shallow"]);
    sandbox.git(&["-C", "shallow", "fetch", "-q", "--unshallow"]);
    let ran = sandbox.keylint_in("shallow", &["git", "--format", "json"]).code(1);
    assert_eq!(findings(&ran).len(), 3);

    // A partial clone has no old blobs; nothing is fetched.
    origin(&["config", "uploadpack.allowFilter", "true"]);
    sandbox.git(&["clone", "-q", "--filter=blob:none", &url, "partial"]);
    let partial = sandbox.keylint_in("partial", &["git", "--exit-zero"]).code(3);
    partial.says(&["a.txt: its object is missing", "a.txt:2:8"]);
    sandbox.keylint_in("partial", &["git", "--exit-zero"]).code(3).says(&["a.txt: its object is missing"]);

    let sandbox = Sandbox::repository(&[
        ("a.txt", "a\n"),
        ("big.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
    ]);
    commit(&sandbox, "one");
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{},module", head.trim())]);
    let link = sandbox.git(&["hash-object", "-w", "a.txt"]);
    sandbox.git(&["update-index", "--add", "--cacheinfo", &format!("120000,{},link", link.trim())]);
    sandbox.git(&["commit", "-qm", "two"]);
    for _ in 0..2 {
        let ran = sandbox.keylint(&["git", "-v"]).code(0);
        ran.says(&["module: submodule", "link: symbolic link", "big.bin: LFS pointer", "3 excluded"]);
    }
}

#[test]
fn kinds_of_repositories() {
    let sandbox = Sandbox::repository(&[]);
    sandbox.keylint(&["git"]).code(0);
    sandbox.keylint(&["--since", "HEAD"]).code(2).warns(&["there is no commit yet"]);
    sandbox.write("d/a.txt", secret(1).as_bytes());
    commit(&sandbox, "one");
    sandbox.write("d/a.txt", b"a\n");
    commit(&sandbox, "two");
    let want = [("d/a.txt", "one", false)];
    finds(&sandbox, &["git"], &want);

    // Work trees share the cache; a linked one has a `HEAD` of its own.
    sandbox.git(&["worktree", "add", "-q", "--detach", "tree", "HEAD~1"]);
    let ran = sandbox.keylint_in("tree/d", &["git", "--format", "json"]).code(1);
    assert_eq!(findings(&ran)[0]["inHead"], true);
    finds(&sandbox, &["git"], &want);
    // What only another work tree has checked out counts from everywhere.
    sandbox.write("tree/b.txt", secret(2).as_bytes());
    sandbox.git(&["-C", "tree", "add", "b.txt"]);
    sandbox.git(&["-C", "tree", "commit", "-qm", "three"]);
    finds(&sandbox, &["git"], &[("b.txt", "three", false), want[0]]);
    assert_eq!(findings(&sandbox.keylint_in("tree", &["git", "--format", "json"])).len(), 2);
    sandbox.git(&["-C", "tree", "checkout", "-q", "--detach", "HEAD~1"]);
    finds(&sandbox, &["git"], &want);

    for steps in [&["gc", "-q"][..], &["commit-graph", "write", "--reachable"], &["repack", "-adq"]] {
        sandbox.git(steps);
        finds(&sandbox, &["git", "--no-cache"], &want);
        finds(&sandbox, &["git", "--since", "HEAD~1"], &[]);
    }
    sandbox.git(&["clone", "-q", "--bare", ".", "bare.git"]);
    let ran = sandbox.keylint_in("bare.git", &["git", "--format", "json"]).code(1);
    assert_eq!(findings(&ran).len(), 1);

    let sandbox = Sandbox::new(&[("a.txt", &secret(1))]);
    sandbox.git(&["init", "-q", "-b", "main", "--object-format=sha256"]);
    commit(&sandbox, "one");
    sandbox.write("b.txt", b"b\n");
    commit(&sandbox, "two");
    for _ in 0..2 {
        finds(&sandbox, &["git"], &[("a.txt", "one", true)]);
        finds(&sandbox, &["--since", "HEAD~1"], &[]);
    }
}

#[test]
fn wrong_words_are_explained() {
    let sandbox = Sandbox::repository(&[("a.txt", "a\n")]);
    commit(&sandbox, "one");
    sandbox.git(&["branch", "feature/login"]);
    let warns = |args: &[&str], want: &[&str]| _ = sandbox.keylint(args).code(2).warns(want);
    warns(&["--since", "mian"], &["no commit is called `mian`", "did you mean `main`?"]);
    warns(&["--since", "login"], &["did you mean `feature/login`?"]);
    warns(&["--range", "main..nowhere-at-all"], &["no commit is called `nowhere-at-all`"]);
    warns(&["--range", "main"], &["`main` is no range", "--since main"]);
    warns(&["git", "a.txt"], &["`git` scans commits", "check"]);
    warns(&["git", "--files-from", "a.txt"], &["`git` scans commits", "check"]);
    warns(&["git", "--stdin-filename", "a.txt"], &["`git` scans commits", "check"]);
    warns(&["git", "--all", "--staged"], &["cannot be used with"]);
    warns(&["--since", "main", "a.txt"], &["cannot be used with"]);
    sandbox.keylint(&["git", "--staged"]).code(0);
    sandbox.keylint(&["git", "--range", "main.."]).code(0);
    // What a push says to have been there before a new branch.
    sandbox.keylint(&["git", "--since", &"0".repeat(40)]).code(0);
    Sandbox::new(&[]).keylint(&["git"]).code(2).warns(&["needs a git repository"]);
}

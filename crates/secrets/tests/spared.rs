//! What spares a scan work costs it no finding: runs of data, literals that go on, signs that a match must hold.
//! Not here: how much work is spared.

use keylint_diagnostics::Document;
use keylint_secrets::Detector;

/// The spans of what is found in `text`.
fn found(text: &str) -> Vec<&str> {
    let detector = Detector::builtin(b"test", None);
    let (diagnostics, _) = detector.scanner().scan(&Document::new("app/config", text.as_bytes()));
    diagnostics.iter().map(|diagnostic| &text[diagnostic.primary.span.range()]).collect()
}

/// A secret that does not stand in this file.
fn made(head: &str, middle: &str, tail: &str) -> String {
    [head, middle, tail].concat()
}

#[test]
fn a_run_of_names_hides_nothing_behind_it() {
    let secret = made("9iQz", "4vLm", "7Tp2");
    let run = "token=A".repeat(400);
    for text in [
        format!("{run}\napi_token = '{secret}'\n"),
        format!("{run} api_token='{secret}'\n"),
        format!("{run}\n{run}\napi_token = '{secret}'\n{run}"),
    ] {
        assert_eq!(found(&text), [&secret]);
    }
}

#[test]
fn a_token_goes_on_in_another_literal() {
    let head = format!("ghp_{}", "k3vQ9xLm");
    let tail = made("Zt7Rw2Yb5", "Nc8Hd4Jf6", "Gs1Pq0Tu3X");
    for text in [
        format!("let it = \"{head}\" + \"{tail}\";"),
        format!("let it = \"{head}\" +\n    \"{tail}\";"),
        format!("let it = (\"{head}\"\n    \"{tail}\")"),
        format!("let it = '{head}' /* and */ + '{tail}';"),
        format!("it = \"\"\"{head}\"\"\" + \"\"\"{tail}\"\"\""),
    ] {
        assert!(found(&text).iter().any(|found| found.starts_with(&head) && found.ends_with(&tail)), "{text}");
    }
    let apart = format!("f(\"{head}\", \"{tail}\")");
    assert_eq!(found(&apart), Vec::<&str>::new());
}

#[test]
fn a_sign_counts_wherever_it_stands_in_the_window() {
    let secret = made("k3vQ", "9xLm", "Zt7R");
    let long = "a".repeat(90);
    for text in [
        format!("https://u:{secret}@git.acme.io/"),
        format!("https://{long}:{secret}@git.acme.io/"),
        format!("see https://acme.io/ and ssh://u:{secret}@git.acme.io"),
    ] {
        assert_eq!(found(&text), [&secret], "{text}");
    }
}

//! What sort of place a path is: tests, examples, documentation, other people's code.
//! Not the format of the file: that is `FileKind`.

use crate::FileKind;

/// What a path says about how far its text is meant in earnest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// In a test folder or named as a test, a fixture, a mock.
    pub test: bool,
    /// An example, sample, demo or template.
    pub example: bool,
    /// Documentation: a docs folder, a readme, prose.
    pub documentation: bool,
    /// Copied from others: `node_modules`, `vendor`, `third_party`.
    pub vendored: bool,
    /// Texts for screens, in one language: `translations/de.json`.
    pub translation: bool,
    /// A lock file of a package manager.
    pub lock_file: bool,
}

/// Words of a path (split at `/ . - _` and case changes, in lower case) that say so.
const TEST: &[&str] = &[
    "test",
    "tests",
    "testing",
    "spec",
    "specs",
    "fixture",
    "fixtures",
    "mock",
    "mocks",
    "testdata",
    "e2e",
    "stub",
    "stubs",
    "cypress",
    "testutil",
    "testutils",
    "unittest",
    "unittests",
    "cassettes",
    "vcr",
    "benchmark",
    "benchmarks",
];
const EXAMPLE: &[&str] = &[
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "dist",
    "template",
    "templates",
    "tutorial",
    "tutorials",
    "playground",
    "quickstart",
    "boilerplate",
    "skeleton",
    "dummy",
];
const DOCUMENTATION: &[&str] =
    &["doc", "docs", "documentation", "readme", "changelog", "changes", "man", "wiki", "guide", "guides", "howto"];
const TRANSLATION: &[&str] = &["translation", "translations", "locale", "locales", "i18n", "l10n", "lproj"];
const VENDORED: &[&str] = &[
    "node_modules",
    "vendor",
    "vendors",
    "vendored",
    "third_party",
    "third-party",
    "thirdparty",
    "bower_components",
    "site-packages",
    "dist-packages",
    "external",
    "externals",
    "pods",
    "carthage",
    "godeps",
];

impl Place {
    /// The place that `path` (`/`-separated) names.
    pub fn of(path: &str) -> Place {
        let mut place = Place::default();
        let kind = FileKind::of(path, b"");
        place.lock_file = kind == FileKind::Lock;
        place.documentation = kind == FileKind::Markdown;
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let folder = parts.peek().is_some();
            let lower = part.to_ascii_lowercase();
            place.vendored |= folder && VENDORED.contains(&lower.as_str());
            for word in words(part) {
                place.test |= TEST.contains(&word.as_str());
                // `dist` is a build folder, but `config.php.dist` a template to fill in.
                place.example |= EXAMPLE.contains(&word.as_str()) && !(folder && word == "dist");
                place.documentation |= DOCUMENTATION.contains(&word.as_str());
                place.translation |= TRANSLATION.contains(&word.as_str());
            }
        }
        place
    }
}

/// The words of a path part, in lower case: `UserServiceTest.java` is user, service, test, java.
fn words(part: &str) -> impl Iterator<Item = String> + '_ {
    let bytes = part.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !bytes[at].is_ascii_alphanumeric() {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
            let hump = at > start && bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase();
            if hump {
                break;
            }
            at += 1;
        }
        (start < at).then(|| String::from_utf8_lossy(&bytes[start..at]).to_ascii_lowercase())
    })
}

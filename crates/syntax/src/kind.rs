//! What kind of file a path names: it decides how names and values are written there.
//! Not a parser, and not a promise: a name may lie, so binding forms are tried in every kind that they can stand in.

/// A kind of file, as far as it decides how names and values are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileKind {
    /// JSON, with or without comments.
    Json,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// Ini files and their many cousins (`.conf`, `.cfg`, desktop entries).
    Ini,
    /// Java properties.
    Properties,
    /// `.env` files: `NAME=value` lines for a shell.
    Env,
    /// XML and what is built on it.
    Xml,
    /// HTML and templates that are mostly HTML.
    Html,
    /// Terraform and other HCL.
    Hcl,
    /// Dockerfiles.
    Dockerfile,
    /// Makefiles.
    Makefile,
    /// POSIX and other Unix shells.
    Shell,
    /// PowerShell.
    PowerShell,
    /// Windows batch files.
    Batch,
    /// SQL.
    Sql,
    /// Jupyter notebooks.
    Notebook,
    /// Tables of comma or tab separated values.
    Csv,
    /// Markdown, reStructuredText, AsciiDoc and other prose.
    Markdown,
    /// Plain text, logs, transcripts.
    Plain,
    /// Program source.
    Code(Language),
    /// Lock files of package managers, lists of checksums: full of hashes.
    Lock,
    /// Minified or generated program source.
    Minified,
    /// Nothing is known.
    #[default]
    Unknown,
}

/// A programming language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Language {
    C,
    Clojure,
    Cpp,
    CSharp,
    Css,
    Dart,
    Elixir,
    Erlang,
    FSharp,
    Go,
    Groovy,
    Haskell,
    Java,
    JavaScript,
    Julia,
    Kotlin,
    Lua,
    Matlab,
    Nix,
    ObjectiveC,
    OCaml,
    Pascal,
    Perl,
    Php,
    Python,
    R,
    Ruby,
    Rust,
    Scala,
    Solidity,
    Swift,
    TypeScript,
    VisualBasic,
    Zig,
}

/// File names that say more than an extension does. In lower case, sorted by nothing: the first that fits counts.
const NAMES: &[(&str, FileKind)] = &[
    ("package-lock.json", FileKind::Lock),
    ("npm-shrinkwrap.json", FileKind::Lock),
    ("yarn.lock", FileKind::Lock),
    ("pnpm-lock.yaml", FileKind::Lock),
    ("bun.lock", FileKind::Lock),
    ("cargo.lock", FileKind::Lock),
    ("go.sum", FileKind::Lock),
    ("go.work.sum", FileKind::Lock),
    ("poetry.lock", FileKind::Lock),
    ("pipfile.lock", FileKind::Lock),
    ("uv.lock", FileKind::Lock),
    ("pdm.lock", FileKind::Lock),
    ("composer.lock", FileKind::Lock),
    ("gemfile.lock", FileKind::Lock),
    ("podfile.lock", FileKind::Lock),
    ("package.resolved", FileKind::Lock),
    ("pubspec.lock", FileKind::Lock),
    ("mix.lock", FileKind::Lock),
    ("flake.lock", FileKind::Lock),
    ("packages.lock.json", FileKind::Lock),
    (".terraform.lock.hcl", FileKind::Lock),
    ("chart.lock", FileKind::Lock),
    ("deno.lock", FileKind::Lock),
    ("gradle.lockfile", FileKind::Lock),
    ("cartfile.resolved", FileKind::Lock),
    ("module.bazel.lock", FileKind::Lock),
    ("record", FileKind::Lock),
    ("checksums.txt", FileKind::Lock),
    ("md5sums", FileKind::Lock),
    ("sha1sums", FileKind::Lock),
    ("sha256sums", FileKind::Lock),
    ("sha512sums", FileKind::Lock),
    ("shasums256.txt", FileKind::Lock),
    ("dockerfile", FileKind::Dockerfile),
    ("containerfile", FileKind::Dockerfile),
    ("makefile", FileKind::Makefile),
    ("gnumakefile", FileKind::Makefile),
    ("kconfig", FileKind::Plain),
    ("vagrantfile", FileKind::Code(Language::Ruby)),
    ("gemfile", FileKind::Code(Language::Ruby)),
    ("rakefile", FileKind::Code(Language::Ruby)),
    ("podfile", FileKind::Code(Language::Ruby)),
    ("fastfile", FileKind::Code(Language::Ruby)),
    ("brewfile", FileKind::Code(Language::Ruby)),
    ("jenkinsfile", FileKind::Code(Language::Groovy)),
    ("procfile", FileKind::Shell),
    ("justfile", FileKind::Makefile),
    (".envrc", FileKind::Env),
    (".npmrc", FileKind::Ini),
    (".yarnrc", FileKind::Ini),
    (".pypirc", FileKind::Ini),
    (".netrc", FileKind::Plain),
    ("_netrc", FileKind::Plain),
    (".pgpass", FileKind::Plain),
    (".my.cnf", FileKind::Ini),
    (".s3cfg", FileKind::Ini),
    (".boto", FileKind::Ini),
    (".gitconfig", FileKind::Ini),
    (".editorconfig", FileKind::Ini),
    (".dockercfg", FileKind::Json),
    (".dockerconfigjson", FileKind::Json),
    (".babelrc", FileKind::Json),
    (".eslintrc", FileKind::Json),
    (".bashrc", FileKind::Shell),
    (".bash_profile", FileKind::Shell),
    (".bash_history", FileKind::Shell),
    (".zshrc", FileKind::Shell),
    (".zsh_history", FileKind::Shell),
    (".profile", FileKind::Shell),
    (".zprofile", FileKind::Shell),
    (".zshenv", FileKind::Shell),
    ("build", FileKind::Code(Language::Python)),
    ("build.bazel", FileKind::Code(Language::Python)),
    ("workspace", FileKind::Code(Language::Python)),
    ("sconstruct", FileKind::Code(Language::Python)),
    ("cmakelists.txt", FileKind::Plain),
    ("readme", FileKind::Markdown),
    ("license", FileKind::Plain),
    ("changelog", FileKind::Markdown),
    ("credentials", FileKind::Ini),
];

/// Extensions, in lower case.
const EXTENSIONS: &[(&str, FileKind)] = &[
    ("json", FileKind::Json),
    ("jsonc", FileKind::Json),
    ("json5", FileKind::Json),
    ("jsonl", FileKind::Json),
    ("ndjson", FileKind::Json),
    ("geojson", FileKind::Json),
    ("har", FileKind::Json),
    ("avsc", FileKind::Json),
    ("webmanifest", FileKind::Json),
    ("tfstate", FileKind::Json),
    ("postman_collection", FileKind::Json),
    ("code-workspace", FileKind::Json),
    ("template", FileKind::Unknown),
    ("ipynb", FileKind::Notebook),
    ("yml", FileKind::Yaml),
    ("yaml", FileKind::Yaml),
    ("eyaml", FileKind::Yaml),
    ("raml", FileKind::Yaml),
    ("cff", FileKind::Yaml),
    ("sls", FileKind::Yaml),
    ("toml", FileKind::Toml),
    ("ini", FileKind::Ini),
    ("cfg", FileKind::Ini),
    ("conf", FileKind::Ini),
    ("cnf", FileKind::Ini),
    ("config", FileKind::Xml),
    ("properties", FileKind::Properties),
    ("prop", FileKind::Properties),
    ("props", FileKind::Xml),
    ("gradle", FileKind::Code(Language::Groovy)),
    ("env", FileKind::Env),
    ("service", FileKind::Ini),
    ("desktop", FileKind::Ini),
    ("reg", FileKind::Ini),
    ("inf", FileKind::Ini),
    ("ovpn", FileKind::Plain),
    ("rdp", FileKind::Ini),
    ("xml", FileKind::Xml),
    ("xsd", FileKind::Xml),
    ("xsl", FileKind::Xml),
    ("xslt", FileKind::Xml),
    ("wsdl", FileKind::Xml),
    ("plist", FileKind::Xml),
    ("csproj", FileKind::Xml),
    ("vbproj", FileKind::Xml),
    ("fsproj", FileKind::Xml),
    ("targets", FileKind::Xml),
    ("pubxml", FileKind::Xml),
    ("publishsettings", FileKind::Xml),
    ("nuspec", FileKind::Xml),
    ("resx", FileKind::Xml),
    ("settings", FileKind::Xml),
    ("xaml", FileKind::Xml),
    ("svg", FileKind::Xml),
    ("jmx", FileKind::Xml),
    ("pom", FileKind::Xml),
    ("iml", FileKind::Xml),
    ("html", FileKind::Html),
    ("htm", FileKind::Html),
    ("xhtml", FileKind::Html),
    ("jsp", FileKind::Html),
    ("jspx", FileKind::Html),
    ("asp", FileKind::Html),
    ("aspx", FileKind::Html),
    ("cshtml", FileKind::Html),
    ("vbhtml", FileKind::Html),
    ("razor", FileKind::Html),
    ("erb", FileKind::Html),
    ("ejs", FileKind::Html),
    ("haml", FileKind::Html),
    ("twig", FileKind::Html),
    ("hbs", FileKind::Html),
    ("mustache", FileKind::Html),
    ("vue", FileKind::Code(Language::JavaScript)),
    ("svelte", FileKind::Code(Language::JavaScript)),
    ("astro", FileKind::Code(Language::JavaScript)),
    ("tf", FileKind::Hcl),
    ("tfvars", FileKind::Hcl),
    ("hcl", FileKind::Hcl),
    ("nomad", FileKind::Hcl),
    ("tofu", FileKind::Hcl),
    ("dockerfile", FileKind::Dockerfile),
    ("containerfile", FileKind::Dockerfile),
    ("mk", FileKind::Makefile),
    ("mak", FileKind::Makefile),
    ("make", FileKind::Makefile),
    ("sh", FileKind::Shell),
    ("bash", FileKind::Shell),
    ("zsh", FileKind::Shell),
    ("ksh", FileKind::Shell),
    ("fish", FileKind::Shell),
    ("csh", FileKind::Shell),
    ("bats", FileKind::Shell),
    ("ebuild", FileKind::Shell),
    ("command", FileKind::Shell),
    ("ps1", FileKind::PowerShell),
    ("psm1", FileKind::PowerShell),
    ("psd1", FileKind::PowerShell),
    ("bat", FileKind::Batch),
    ("cmd", FileKind::Batch),
    ("sql", FileKind::Sql),
    ("ddl", FileKind::Sql),
    ("pgsql", FileKind::Sql),
    ("plsql", FileKind::Sql),
    ("psql", FileKind::Sql),
    ("mysql", FileKind::Sql),
    ("csv", FileKind::Csv),
    ("tsv", FileKind::Csv),
    ("psv", FileKind::Csv),
    ("md", FileKind::Markdown),
    ("mdx", FileKind::Markdown),
    ("mdc", FileKind::Markdown),
    ("markdown", FileKind::Markdown),
    ("rst", FileKind::Markdown),
    ("adoc", FileKind::Markdown),
    ("asciidoc", FileKind::Markdown),
    ("org", FileKind::Markdown),
    ("textile", FileKind::Markdown),
    ("wiki", FileKind::Markdown),
    ("rdoc", FileKind::Markdown),
    ("pod", FileKind::Markdown),
    ("tex", FileKind::Markdown),
    ("txt", FileKind::Plain),
    ("text", FileKind::Plain),
    ("log", FileKind::Plain),
    ("out", FileKind::Plain),
    ("eml", FileKind::Plain),
    ("http", FileKind::Plain),
    ("rest", FileKind::Plain),
    ("lock", FileKind::Lock),
    ("lockfile", FileKind::Lock),
    ("map", FileKind::Minified),
    ("c", FileKind::Code(Language::C)),
    ("h", FileKind::Code(Language::C)),
    ("cc", FileKind::Code(Language::Cpp)),
    ("cpp", FileKind::Code(Language::Cpp)),
    ("cxx", FileKind::Code(Language::Cpp)),
    ("hh", FileKind::Code(Language::Cpp)),
    ("hpp", FileKind::Code(Language::Cpp)),
    ("hxx", FileKind::Code(Language::Cpp)),
    ("ino", FileKind::Code(Language::Cpp)),
    ("cu", FileKind::Code(Language::Cpp)),
    ("m", FileKind::Code(Language::ObjectiveC)),
    ("mm", FileKind::Code(Language::ObjectiveC)),
    ("cs", FileKind::Code(Language::CSharp)),
    ("csx", FileKind::Code(Language::CSharp)),
    ("fs", FileKind::Code(Language::FSharp)),
    ("fsx", FileKind::Code(Language::FSharp)),
    ("vb", FileKind::Code(Language::VisualBasic)),
    ("vbs", FileKind::Code(Language::VisualBasic)),
    ("bas", FileKind::Code(Language::VisualBasic)),
    ("vba", FileKind::Code(Language::VisualBasic)),
    ("css", FileKind::Code(Language::Css)),
    ("scss", FileKind::Code(Language::Css)),
    ("less", FileKind::Code(Language::Css)),
    ("sass", FileKind::Code(Language::Css)),
    ("clj", FileKind::Code(Language::Clojure)),
    ("cljs", FileKind::Code(Language::Clojure)),
    ("cljc", FileKind::Code(Language::Clojure)),
    ("edn", FileKind::Code(Language::Clojure)),
    ("dart", FileKind::Code(Language::Dart)),
    ("ex", FileKind::Code(Language::Elixir)),
    ("exs", FileKind::Code(Language::Elixir)),
    ("eex", FileKind::Html),
    ("erl", FileKind::Code(Language::Erlang)),
    ("hrl", FileKind::Code(Language::Erlang)),
    ("go", FileKind::Code(Language::Go)),
    ("groovy", FileKind::Code(Language::Groovy)),
    ("gvy", FileKind::Code(Language::Groovy)),
    ("hs", FileKind::Code(Language::Haskell)),
    ("lhs", FileKind::Code(Language::Haskell)),
    ("java", FileKind::Code(Language::Java)),
    ("js", FileKind::Code(Language::JavaScript)),
    ("mjs", FileKind::Code(Language::JavaScript)),
    ("cjs", FileKind::Code(Language::JavaScript)),
    ("jsx", FileKind::Code(Language::JavaScript)),
    ("coffee", FileKind::Code(Language::JavaScript)),
    ("ts", FileKind::Code(Language::TypeScript)),
    ("tsx", FileKind::Code(Language::TypeScript)),
    ("mts", FileKind::Code(Language::TypeScript)),
    ("cts", FileKind::Code(Language::TypeScript)),
    ("jl", FileKind::Code(Language::Julia)),
    ("kt", FileKind::Code(Language::Kotlin)),
    ("kts", FileKind::Code(Language::Kotlin)),
    ("lua", FileKind::Code(Language::Lua)),
    ("matlab", FileKind::Code(Language::Matlab)),
    ("nix", FileKind::Code(Language::Nix)),
    ("ml", FileKind::Code(Language::OCaml)),
    ("mli", FileKind::Code(Language::OCaml)),
    ("pas", FileKind::Code(Language::Pascal)),
    ("dpr", FileKind::Code(Language::Pascal)),
    ("pl", FileKind::Code(Language::Perl)),
    ("pm", FileKind::Code(Language::Perl)),
    ("t", FileKind::Code(Language::Perl)),
    ("php", FileKind::Code(Language::Php)),
    ("phtml", FileKind::Code(Language::Php)),
    ("php5", FileKind::Code(Language::Php)),
    ("inc", FileKind::Code(Language::Php)),
    ("py", FileKind::Code(Language::Python)),
    ("pyi", FileKind::Code(Language::Python)),
    ("pyw", FileKind::Code(Language::Python)),
    ("bzl", FileKind::Code(Language::Python)),
    ("r", FileKind::Code(Language::R)),
    ("rmd", FileKind::Markdown),
    ("rb", FileKind::Code(Language::Ruby)),
    ("rake", FileKind::Code(Language::Ruby)),
    ("gemspec", FileKind::Code(Language::Ruby)),
    ("rs", FileKind::Code(Language::Rust)),
    ("scala", FileKind::Code(Language::Scala)),
    ("sc", FileKind::Code(Language::Scala)),
    ("sbt", FileKind::Code(Language::Scala)),
    ("sol", FileKind::Code(Language::Solidity)),
    ("swift", FileKind::Code(Language::Swift)),
    ("zig", FileKind::Code(Language::Zig)),
    ("proto", FileKind::Code(Language::Java)),
    ("bicep", FileKind::Code(Language::TypeScript)),
    ("graphql", FileKind::Code(Language::TypeScript)),
];

/// Extensions that are put after the one that counts.
const SUFFIXES: &[&str] = &[
    "example", "sample", "dist", "tpl", "tmpl", "template", "j2", "jinja", "jinja2", "bak", "backup", "old", "orig",
    "in", "erb", "ejs", "gotmpl", "default", "local", "save", "swp", "disabled", "new", "txt",
];

/// How much of the head of a file is looked at.
const HEAD: usize = 1024;

/// A line longer than this is not written by hand.
const HANDWRITTEN_LINE: usize = 1000;

impl FileKind {
    /// The kind of the file at `path` (`/`-separated), whose text begins with `head` (may be empty, or the whole text).
    pub fn of(path: &str, head: &[u8]) -> FileKind {
        let head = &head[..head.len().min(HEAD)];
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let kind = by_name(&name).unwrap_or(FileKind::Unknown);
        match kind {
            FileKind::Unknown => by_head(head),
            // `.config`, `.settings`, `.props` are as often not XML.
            FileKind::Xml if !name.ends_with(".xml") && !head.is_empty() && !looks_like_markup(head) => {
                match by_head(head) {
                    FileKind::Unknown => FileKind::Ini,
                    found => found,
                }
            }
            FileKind::Ini if looks_like_markup(head) => FileKind::Xml,
            FileKind::Ini | FileKind::Plain if looks_like_json(head) => FileKind::Json,
            FileKind::Code(Language::JavaScript | Language::Css) if is_minified(&name, head) => FileKind::Minified,
            FileKind::Code(Language::ObjectiveC) if head.starts_with(b"%") || head.starts_with(b"function ") => {
                FileKind::Code(Language::Matlab)
            }
            kind => kind,
        }
    }

    /// Whether an unquoted word on the right side names something else, as in program source.
    pub fn is_code(self) -> bool {
        matches!(self, FileKind::Code(_) | FileKind::Minified | FileKind::Hcl)
    }
}

/// The kind that a file name, in lower case, stands for.
fn by_name(name: &str) -> Option<FileKind> {
    let mut name = name;
    loop {
        if let Some(&(_, kind)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Some(kind);
        }
        // `.env`, `.env.production`, `prod.env`, `.env-staging`.
        if name.starts_with(".env") && name.as_bytes().get(4).is_none_or(|byte| !byte.is_ascii_alphabetic()) {
            return Some(FileKind::Env);
        }
        if name.starts_with("dockerfile.") || name.starts_with("dockerfile-") || name.starts_with("dockerfile_") {
            return Some(FileKind::Dockerfile);
        }
        if name.ends_with("jenkinsfile") || name.starts_with("jenkinsfile.") {
            return Some(FileKind::Code(Language::Groovy));
        }
        let (stem, extension) = name.rsplit_once('.')?;
        let known = EXTENSIONS.iter().find(|(known, _)| *known == extension).map(|&(_, kind)| kind);
        let decorated = SUFFIXES.contains(&extension);
        if decorated
            && stem.contains('.')
            && let Some(kind) = by_name(stem)
        {
            return Some(kind);
        }
        if known.is_some() || !decorated {
            return known;
        }
        name = stem;
    }
}

/// The kind that the first bytes give away.
fn by_head(head: &[u8]) -> FileKind {
    let text = head.trim_ascii_start();
    if let Some(line) = text.strip_prefix(b"#!") {
        let line = &line[..line.iter().position(|&byte| byte == b'\n').unwrap_or(line.len())];
        return interpreter(line);
    }
    if looks_like_json(head) {
        return FileKind::Json;
    }
    if looks_like_markup(head) {
        let html = text.get(..9).is_some_and(|t| t.eq_ignore_ascii_case(b"<!doctype")) || text.starts_with(b"<html");
        return if html { FileKind::Html } else { FileKind::Xml };
    }
    if text.starts_with(b"---\n") || text.starts_with(b"---\r") || text.starts_with(b"apiVersion:") {
        return FileKind::Yaml;
    }
    if text.starts_with(b"<?php") {
        return FileKind::Code(Language::Php);
    }
    if text.starts_with(b"FROM ") {
        return FileKind::Dockerfile;
    }
    let first = &text[..text.iter().position(|&byte| byte == b'\n').unwrap_or(text.len())].trim_ascii_end();
    if first.len() > 2 && first[0] == b'[' && first[first.len() - 1] == b']' {
        return FileKind::Ini;
    }
    FileKind::Unknown
}

/// The kind that a `#!` line asks for.
fn interpreter(line: &[u8]) -> FileKind {
    let names: &[(&[u8], FileKind)] = &[
        (b"python", FileKind::Code(Language::Python)),
        (b"node", FileKind::Code(Language::JavaScript)),
        (b"deno", FileKind::Code(Language::TypeScript)),
        (b"ruby", FileKind::Code(Language::Ruby)),
        (b"perl", FileKind::Code(Language::Perl)),
        (b"php", FileKind::Code(Language::Php)),
        (b"pwsh", FileKind::PowerShell),
        (b"groovy", FileKind::Code(Language::Groovy)),
        (b"make", FileKind::Makefile),
        (b"sh", FileKind::Shell),
    ];
    let found = names.iter().find(|(name, _)| line.windows(name.len()).any(|window| window == *name));
    found.map_or(FileKind::Unknown, |&(_, kind)| kind)
}

fn looks_like_json(head: &[u8]) -> bool {
    let text = head.trim_ascii_start();
    let next = |skip: usize| text[skip..].trim_ascii_start().first().copied();
    match text.first() {
        Some(b'{') => matches!(next(1), Some(b'"' | b'}')),
        Some(b'[') => matches!(next(1), Some(b'{' | b'"')) && memchr::memchr(b':', text).is_some(),
        _ => false,
    }
}

fn looks_like_markup(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match text {
        [b'<', b'?', b'p', b'h', b'p', ..] => false,
        [b'<', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'?' | b'!'),
        _ => false,
    }
}

fn is_minified(name: &str, head: &[u8]) -> bool {
    if name.contains(".min.") || name.contains("-min.") || name.contains(".bundle.") || name.contains(".chunk.") {
        return true;
    }
    head.len() >= HEAD && memchr::memchr(b'\n', &head[..HANDWRITTEN_LINE.min(head.len())]).is_none()
}

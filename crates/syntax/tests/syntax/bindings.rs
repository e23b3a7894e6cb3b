//! Every form of binding: the keyword between `‹›`, the value that must come out between `«»`.
//! Not hostile input (`hostile`).

use keylint_syntax::FileKind::{
    Batch, Code, Csv, Dockerfile, Env, Hcl, Html, Ini, Json, Makefile, Markdown, Notebook, Plain, PowerShell,
    Properties, Shell, Sql, Toml, Unknown, Xml, Yaml,
};
use keylint_syntax::Language::{
    C, CSharp, Clojure, Elixir, Go, Groovy, Java, JavaScript, Kotlin, Lua, ObjectiveC, Perl, Php, Python, R, Ruby,
    Rust, Scala, Swift, TypeScript, VisualBasic,
};
use keylint_syntax::Operator::{
    Argument, Arrow, Assign, Colon, Column, Compare, Flag, NameValuePair, Prose, Scheme, Space, Sql as SqlClause,
    UrlQuery, XmlAttribute, XmlElement,
};
use keylint_syntax::Quoting::{Backtick, Block, Double, Heredoc, Single, Triple};
use keylint_syntax::ValueKind::{Boolean, Bytes, Call, Empty, Literal, Null, Number, Reference, Template};
use keylint_syntax::{Binding, FileKind, Operator, Quoting, ValueKind, binding_at};

/// The text without marks, the keyword, and the value.
pub(crate) fn marked(marked: &str) -> (String, std::ops::Range<usize>, Option<std::ops::Range<usize>>) {
    let mut text = String::new();
    let (mut keyword, mut value) = (0..0, None);
    for character in marked.chars() {
        match character {
            '‹' => keyword.start = text.len(),
            '›' => keyword.end = text.len(),
            '«' => value = Some(text.len()..0),
            '»' => value = value.map(|range| range.start..text.len()),
            _ => text.push(character),
        }
    }
    (text, keyword, value)
}

fn bind(kind: FileKind, text: &str) -> (String, Option<Binding>, Option<std::ops::Range<usize>>) {
    let (text, keyword, value) = marked(text);
    let binding = binding_at(text.as_bytes(), keyword, kind);
    (text, binding, value)
}

/// Each row: kind of file, text with marks, operator, quoting, kind of value.
fn check(rows: &[(FileKind, &str, Operator, Quoting, ValueKind)]) {
    let mut wrong = Vec::new();
    for &(kind, row, operator, quoting, value_kind) in rows {
        let (text, binding, value) = bind(kind, row);
        let value = value.expect("a row has a value");
        let expected = (value.clone(), text[value].to_owned(), operator, quoting, value_kind);
        let found = binding.map(|binding| {
            let span = binding.value.span;
            let bytes = String::from_utf8_lossy(span.of(text.as_bytes())).into_owned();
            (span.range(), bytes, binding.operator, binding.quoting, binding.value.kind)
        });
        if found.as_ref() != Some(&expected) {
            wrong.push(format!("{kind:?} {row:?}\n  expected {expected:?}\n  found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Texts in which the keyword is bound to nothing.
fn silent(rows: &[(FileKind, &str)]) {
    let mut wrong = Vec::new();
    for &(kind, row) in rows {
        let (text, binding, _) = bind(kind, row);
        if let Some(binding) = binding {
            let found = String::from_utf8_lossy(binding.value.span.of(text.as_bytes())).into_owned();
            wrong.push(format!("{kind:?} {row:?} gave {:?} {:?} `{found}`", binding.operator, binding.value.kind));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const NONE: Quoting = Quoting::None;

#[test]
fn assignments_of_program_source() {
    check(&[
        (Code(Python), "‹password› = '«8ThyF#1*@96%dYt!xWH»'\n", Assign, Single, Literal),
        (Code(Python), "‹password›='«3vkqtLrifry7STLY%»'\n", Assign, Single, Literal),
        (Code(Python), "DB_‹PASSWORD›: str = \"«v4lue-x»\"", Assign, Double, Literal),
        (Code(Python), "    ‹token› = (\"«v4lue-x»\")", Assign, Double, Literal),
        (Code(Python), "self.‹password› = u'«v4lue-x»'", Assign, Single, Literal),
        (Code(Python), "connect(‹password›='«v4lue-x»', user='u')", Assign, Single, Literal),
        (Code(Python), "{'db_‹password›': '«v4lue-x»'}", Colon, Single, Literal),
        (Code(Python), "os.environ[\"API_‹TOKEN›\"] = \"«v4lue-x»\"", Assign, Double, Literal),
        (Code(Python), "‹token› = \"\"\"«v4lue-x»\"\"\"", Assign, Triple, Literal),
        (Code(Go), "var api‹Token› string = \"«v4lue-x»\"", Assign, Double, Literal),
        (Code(Go), "api‹Token› := \"«v4lue-x»\"", Assign, Double, Literal),
        (Code(Go), "config.‹Password› = `«v4lue-x»`", Assign, Backtick, Literal),
        (Code(Go), "‹secret› := []byte(\"«v4lue-x»\")", Assign, Double, Literal),
        (Code(Kotlin), "val api‹Token›: String = \"«v4lue-x»\"", Assign, Double, Literal),
        (Code(Kotlin), "mapOf(\"‹password›\" to \"«v4lue-x»\")", Arrow, Double, Literal),
        (Code(Php), "<?php $api‹Token› ??= \"«v4lue-x»\";", Assign, Double, Literal),
        (Code(Php), "'‹password›' => '«v4lue-x»',", Arrow, Single, Literal),
        (Code(Php), "define('DB_‹PASSWORD›', '«v4lue-x»');", Argument, Single, Literal),
        (Code(Php), "$config['‹password›'] = '«v4lue-x»';", Assign, Single, Literal),
        (Code(Ruby), ":‹password› => \"«v4lue-x»\"", Arrow, Double, Literal),
        (Code(Ruby), "‹password›: '«v4lue-x»'", Colon, Single, Literal),
        (Code(Ruby), "‹password› \"«v4lue-x»\"", Space, Double, Literal),
        (Code(Ruby), "ENV['API_‹TOKEN›'] ||= '«v4lue-x»'", Assign, Single, Literal),
        (Code(Ruby), "‹TOKEN› = <<~EOS\n  «v4lue-x»\nEOS\n", Assign, Heredoc, Literal),
        (Code(JavaScript), "const ‹token› = \"«v4lue-x»\";", Assign, Double, Literal),
        (Code(JavaScript), "const ‹token› =\n    \"«v4lue-x»\";", Assign, Double, Literal),
        (Code(JavaScript), "{ ‹password›: `«v4lue-x»` }", Colon, Backtick, Literal),
        (Code(TypeScript), "private ‹token›?: string = '«v4lue-x»'", Assign, Single, Literal),
        (Code(TypeScript), "const ‹token›: Map<string, X> = '«v4lue-x»'", Assign, Single, Literal),
        (Code(Java), "private static final String ‹PASSWORD› = \"«v4lue-x»\";", Assign, Double, Literal),
        (Code(Java), "char[] ‹password› = \"«v4lue-x»\".toCharArray();", Assign, Double, Literal),
        (Code(Java), "String ‹password› = new String(\"«v4lue-x»\");", Assign, Double, Literal),
        (Code(CSharp), "var ‹password› = @\"«v4lue\\x»\";", Assign, Double, Literal),
        (Code(C), "char ‹password›[] = \"«v4lue-x»\";", Assign, Double, Literal),
        (Code(C), "char ‹password›[32] = \"«v4lue-x»\";", Assign, Double, Literal),
        (Code(C), "const char *‹password› = (char *)\"«v4lue-x»\";", Assign, Double, Literal),
        (Code(C), "#define WIFI_‹PASSWORD› \"«v4lue-x»\"", Space, Double, Literal),
        (Code(ObjectiveC), "NSString *api‹Token› = @\"«v4lue-x»\";", Assign, Double, Literal),
        (Code(ObjectiveC), "[client login:user with‹Password›:@\"«v4lue-x»\"];", Colon, Double, Literal),
        (Code(Rust), "let ‹password›: &'static str = \"«v4lue-x»\";", Assign, Double, Literal),
        (Code(Rust), "const ‹TOKEN›: &str = r#\"«v4lue-x»\"#;", Assign, Double, Literal),
        (Code(Rust), "‹password›: \"«v4lue-x»\".to_string(),", Colon, Double, Literal),
        (Code(Rust), "‹password›: Some(String::from(\"«v4lue-x»\")),", Colon, Double, Literal),
        (Code(Scala), "val ‹password›: Option[String] = Some(\"«v4lue-x»\")", Assign, Double, Literal),
        (Code(Swift), "let ‹password›: String? = \"«v4lue-x»\"", Assign, Double, Literal),
        (Code(Perl), "my $‹password› = '«v4lue-x»';", Assign, Single, Literal),
        (Code(Perl), "$ENV{‹PASSWORD›} = '«v4lue-x»';", Assign, Single, Literal),
        (Code(Lua), "local ‹password› = '«v4lue-x»'", Assign, Single, Literal),
        (Code(R), "‹token› <- \"«v4lue-x»\"", Assign, Double, Literal),
        (Code(Elixir), "config :app, ‹password›: \"«v4lue-x»\"", Colon, Double, Literal),
        (Code(Clojure), "{:‹password› \"«v4lue-x»\"}", Space, Double, Literal),
        (Code(Groovy), "‹password› '«v4lue-x»'", Space, Single, Literal),
        (Code(VisualBasic), "Dim ‹password› As String = \"«v4lue-x»\"", Assign, Double, Literal),
        (Code(JavaScript), "const ‹token› = process.env.TOKEN || '«v4lue-x»'", Assign, Single, Literal),
        (Code(JavaScript), "const ‹token› = process.env.TOKEN ?? '«v4lue-x»'", Assign, Single, Literal),
        (Code(Python), "‹token› = os.environ.get('TOKEN', '«v4lue-x»')", Assign, Single, Literal),
        (Code(Python), "‹token› = os.getenv('TOKEN') or '«v4lue-x»'", Assign, Single, Literal),
        (Code(Python), "‹token› = x if x else '«v4lue-x»'", Assign, Single, Literal),
        (Code(Python), "‹tokens› = ['«v4lue-x»', 'b']", Assign, Single, Literal),
        (Code(Go), "‹key› := []byte{«1, 2, 250»}", Assign, NONE, Bytes),
        (Code(Java), "byte[] ‹secret› = new byte[] { «0x1, (byte) 0xff, 3, 4» };", Assign, NONE, Bytes),
    ]);
}

#[test]
fn arguments_and_comparisons() {
    check(&[
        (Code(Java), "user.set‹Password›(\"«v4lue-x»\");", Argument, Double, Literal),
        (Code(Java), "System.setProperty(\"API_‹TOKEN›\", \"«v4lue-x»\");", Argument, Double, Literal),
        (Code(JavaScript), "config.set('‹password›', '«v4lue-x»')", Argument, Single, Literal),
        (Code(Python), "os.getenv(\"DB_‹PASSWORD›\", \"«v4lue-x»\")", Argument, Double, Literal),
        (Code(Python), "os.getenv(\"DB_‹PASSWORD›\") or \"«v4lue-x»\"", Argument, Double, Literal),
        (Code(JavaScript), "fill('#‹password›', '«v4lue-x»')", Argument, Single, Literal),
        (Code(Java), "login‹Token›(user, \"«v4lue-x»\")", Argument, Double, Literal),
        (Code(Java), "with‹Token›(new Secret(\"«v4lue-x»\"))", Argument, Double, Literal),
        (Code(Python), "subprocess.run(['x', '--‹password›', '«v4lue-x»'])", Flag, Single, Literal),
        (Code(Python), "if ‹password› == \"«v4lue-x»\":", Compare, Double, Literal),
        (Code(JavaScript), "if (\"«v4lue-x»\" === user.‹password›) {", Compare, Double, Literal),
        (Code(JavaScript), "if (‹password› !== '«v4lue-x»') {", Compare, Single, Literal),
        (Code(Go), "if u == \"x\" && string(‹pass›) == \"«v4lue-x»\" {", Compare, Double, Literal),
        (Code(Java), "‹password›.equals(\"«v4lue-x»\")", Compare, Double, Literal),
        (Code(Java), "\"«v4lue-x»\".equals(‹password›)", Compare, Double, Literal),
        (Code(C), "if (strcmp(‹password›, \"«v4lue-x»\") == 0)", Compare, Double, Literal),
        (PowerShell, "if ($‹password› -eq '«v4lue-x»') {", Compare, Single, Literal),
    ]);
}

#[test]
fn right_sides_that_are_no_literals() {
    check(&[
        (Code(Python), "‹password› = «get_pass()»\n", Assign, NONE, Call),
        (Code(Python), "‹password› = «getpass.getpass(\"Enter: \")»\n", Assign, NONE, Call),
        (Code(Python), "‹token› = «self.token»\n", Assign, NONE, Reference),
        (Code(Python), "‹token› = «os.environ[\"TOKEN\"]»\n", Assign, NONE, Reference),
        (Code(Python), "‹token› = «None»\n", Assign, NONE, Null),
        (Code(Python), "‹token› = f\"«{a}-b»\"\n", Assign, Double, Template),
        (Code(Python), "‹token› = \"«Bearer »\" + x\n", Assign, Double, Template),
        (Code(JavaScript), "‹token› = `«${x}»`", Assign, Backtick, Template),
        (Code(TypeScript), "‹password›: «string»;", Colon, NONE, Reference),
        (Code(JavaScript), "‹password›: «true»,", Colon, NONE, Boolean),
        (Code(C), "int ‹token› = «42»;", Assign, NONE, Number),
        (Code(Java), "String ‹password› = \"«»\";", Assign, Double, Empty),
        (Code(Ruby), "‹password› = \"«#{x}»\"", Assign, Double, Template),
        (Hcl, "‹password› = «var.db_password»\n", Assign, NONE, Reference),
        (Hcl, "‹password› = \"«${var.db_password}»\"\n", Assign, Double, Template),
        (Yaml, "‹password›: «${DB_PASSWORD}»\n", Colon, NONE, Template),
        (Yaml, "‹token›: «{{ vault \"kv/x\" }}»\n", Colon, NONE, Template),
        (Yaml, "‹token›: «$TOKEN»\n", Colon, NONE, Reference),
        (Yaml, "‹password›: «!Ref DbPassword»\n", Colon, NONE, Reference),
        (Yaml, "‹password›: «*anchor»\n", Colon, NONE, Reference),
        (Yaml, "‹password›: ${DB_PASSWORD:«v4lue-x»}\n", Colon, NONE, Literal),
        (Shell, "‹TOKEN›=«$(pass show x)»\n", Assign, NONE, Call),
        (Shell, "‹TOKEN›=\"«$OTHER»\"\n", Assign, Double, Reference),
        (Shell, "‹TOKEN›=${TOKEN:-«v4lue-x»}\n", Assign, NONE, Literal),
        (Shell, "‹TOKEN›=\"${TOKEN:-«v4lue-x»}\"\n", Assign, Double, Literal),
        (Batch, "set ‹TOKEN›=«%OTHER%»\r\n", Assign, NONE, Reference),
        (Json, "{\"‹token›\": «null»}", Colon, NONE, Null),
        (Json, "{\"‹token›\": «12»}", Colon, NONE, Number),
    ]);
}

#[test]
fn configuration() {
    check(&[
        (Env, "DB_‹PASSWORD›=«v4lue-x»\n", Assign, NONE, Literal),
        (Env, "export API_‹TOKEN›=«v4lue-x» # comment\n", Assign, NONE, Literal),
        (Env, "API_‹KEY›='«v4lue x»'\n", Assign, Single, Literal),
        (Ini, "[a]\n‹password› = «correct horse battery»\n", Assign, NONE, Literal),
        (Ini, "‹password› = «v4lue-x» ; note\n", Assign, NONE, Literal),
        (Ini, "aws_‹secret›_access_key = «v4lue/x+y»\n", Assign, NONE, Literal),
        (Properties, "spring.datasource.‹password›=«v4lue-x»\n", Assign, NONE, Literal),
        (Properties, "‹password›.default: «v4lue-x»\n", Colon, NONE, Literal),
        (Toml, "‹password› = \"«v4lue-x»\"\n", Assign, Double, Literal),
        (Yaml, "db:\n  ‹password›: «v4lue-x#y»  # note\n", Colon, NONE, Literal),
        (Yaml, "‹password›: \"«v4lue-x»\"\n", Colon, Double, Literal),
        (Yaml, "‹password›: !!str «v4lue-x»\n", Colon, NONE, Literal),
        (Yaml, "‹password›: &pw «v4lue-x»\n", Colon, NONE, Literal),
        (Yaml, "api_‹token›: |\n  «v4lue-x»\nnext: 1\n", Colon, Block, Literal),
        (Yaml, "api_‹token›: >-\n    «v4lue-x»\n", Colon, Block, Literal),
        (Yaml, "‹token›:\n  «v4lue-x»\n", Colon, NONE, Literal),
        (Yaml, "‹tokens›:\n- «v4lue-x»\n", Colon, NONE, Literal),
        (Yaml, "{user: x, ‹password›: «v4lue-x», host: y}\n", Colon, NONE, Literal),
        (Yaml, "    - ‹PASSWORD›=«v4lue-x»\n", Assign, NONE, Literal),
        (Yaml, "env:\n  - name: X_‹TOKEN›\n    value: «v4lue-x»\n", NameValuePair, NONE, Literal),
        (Yaml, "env:\n  - value: «v4lue-x»\n    name: X_‹TOKEN›\n", NameValuePair, NONE, Literal),
        (Yaml, "Db‹Password›:\n  Type: String\n  Default: «v4lue-x»\n", NameValuePair, NONE, Literal),
        (Json, "{\"‹password›\": \"«v4lue-x»\"}", Colon, Double, Literal),
        (Json, "{\"‹password›\":\n  \"«v4lue-x»\"}", Colon, Double, Literal),
        (Json, "[{\"name\": \"STRIPE_API_‹TOKEN›\",\n  \"value\": \"«v4lue-x»\"}]", NameValuePair, Double, Literal),
        (Json, "[{\"value\": \"«v4lue-x»\", \"name\": \"API_‹TOKEN›\"}]", NameValuePair, Double, Literal),
        (
            Json,
            "{\"name\": \"API_‹TOKEN›\", \"type\": \"plain\", \"value\": \"«v4lue-x»\"}",
            NameValuePair,
            Double,
            Literal,
        ),
        (Json, "{\"‹password›\": {\"type\": \"string\", \"default\": \"«v4lue-x»\"}}", NameValuePair, Double, Literal),
        (Json, "{\"Db\":\"Server=db1;User Id=sa;‹Password›=«v4lue-x»;\"}", Assign, NONE, Literal),
        (Json, "{\"body\":\"{\\\"‹password›\\\": \\\"«v4lue-x»\\\"}\"}", Colon, Double, Literal),
        (Notebook, "{\"source\":[\"‹password› = \\\"«v4lue-x»\\\"\\n\"]}", Assign, Double, Literal),
        (Notebook, "{\"text\":[\"‹token›: «v4lue-x»\\n\"]}", Colon, NONE, Literal),
        (
            Hcl,
            "variable \"db_‹password›\" {\n  type    = string\n  default = \"«v4lue-x»\"\n}\n",
            NameValuePair,
            Double,
            Literal,
        ),
        (Hcl, "  ‹password› = \"«v4lue-x»\"\n", Assign, Double, Literal),
        (Hcl, "  ‹secret› = <<-EOT\n    «v4lue-x»\n  EOT\n", Assign, Heredoc, Literal),
        (Makefile, "API_‹TOKEN› += \"«v4lue-x»\"\n", Assign, Double, Literal),
        (Makefile, "API_‹TOKEN› ?= «v4lue-x»\n", Assign, NONE, Literal),
        (Makefile, "API_‹TOKEN› ::= «v4lue-x»\n", Assign, NONE, Literal),
        (Dockerfile, "ENV API_‹TOKEN› «v4lue-x»\n", Space, NONE, Literal),
        (Dockerfile, "ENV API_‹TOKEN›=«v4lue-x»\n", Assign, NONE, Literal),
        (Dockerfile, "ENV USER=app DB_‹PASSWORD›=«v4&l|ue)x» HOST=db\n", Assign, NONE, Literal),
        (Dockerfile, "RUN DB_‹PASSWORD›=«v4lue-x»&&make\n", Assign, NONE, Literal),
        (Yaml, "environment:\n  - DB_‹PASSWORD›=«v4&l|ue)x» # old\n", Assign, NONE, Literal),
        (Yaml, "script:\n  - DB_‹PASSWORD›=«v4lue-x» make && make install\n", Assign, NONE, Literal),
        (Dockerfile, "ARG API_‹TOKEN›=«v4lue-x»\n", Assign, NONE, Literal),
        (Ini, "requirepass x\nmaster‹password› «v4lue-x»\n", Space, NONE, Literal),
        (Plain, "machine x login y ‹password› «v4lue-x»\n", Space, NONE, Literal),
    ]);
}

#[test]
fn shells_and_commands() {
    check(&[
        (Shell, "export API_‹TOKEN›=«v4lue-x»; run\n", Assign, NONE, Literal),
        (Shell, "mysql --‹password›=«v4lue-x» db\n", Flag, NONE, Literal),
        (Shell, "mysql --‹password› «v4lue-x» db\n", Flag, NONE, Literal),
        (Shell, "mysql --‹password› '«v4lue x»' db\n", Flag, Single, Literal),
        (Shell, "curl -H \"Authorization: ‹Bearer› «v4lue-x»\" https://x\n", Scheme, NONE, Literal),
        (Shell, "curl -H \"‹Auth›orization: Bearer «v4lue-x»\" https://x\n", Colon, NONE, Literal),
        (Shell, "curl -H 'X-Api-‹Key›: «v4lue-x»' https://x\n", Colon, NONE, Literal),
        (Shell, "curl 'https://x/?a=b&‹token›=«v4lue-x»&c=d'\n", UrlQuery, NONE, Literal),
        (PowerShell, "$env:API_‹TOKEN› = \"«v4lue-x»\"\r\n", Assign, Double, Literal),
        (PowerShell, "Connect -‹Password› «v4lue-x» -User y\r\n", Flag, NONE, Literal),
        (
            PowerShell,
            "$‹password› = ConvertTo-SecureString \"«v4lue-x»\" -AsPlainText -Force\r\n",
            Assign,
            Double,
            Literal,
        ),
        (Batch, "set ‹PASSWORD›=«v4lue-x»\r\n", Assign, NONE, Literal),
        (Env, "db‹Pass=›«v4lue-x»\n", Assign, NONE, Literal),
        (Sql, "INSERT INTO `u` (`id`, `‹password›`) VALUES (1, '«v4lue-x»');", Column, Single, Literal),
        (Sql, "x = 's:8:\"api_‹pass›\";s:7:\"«v4lue-x»\";'", Colon, Double, Literal),
        (Code(JavaScript), "fetch(\"https://x/?‹token›=«v4lue-x»&b\")", UrlQuery, NONE, Literal),
        (Code(Java), "url = \"jdbc:x;user=y;‹password›=«v4lue-x»;z=1\";", Assign, NONE, Literal),
        (Code(Python), "api_‹key›: str = Field(default=\"«v4lue-x»\", repr=False)", Assign, Double, Literal),
        (Code(Python), "headers = {'‹Auth›orization': 'Bearer «v4lue-x»'}", Scheme, Single, Literal),
    ]);
}

#[test]
fn databases_tables_and_markup() {
    check(&[
        (Sql, "ALTER USER x WITH ‹PASSWORD› '«v4lue-x»';", SqlClause, Single, Literal),
        (Sql, "CREATE USER x ‹IDENTIFIED› BY '«v4lue-x»';", SqlClause, Single, Literal),
        (Sql, "CREATE LOGIN x WITH ‹PASSWORD› = '«v4lue''x»';", Assign, Single, Literal),
        (Sql, "INSERT INTO users (name, ‹password›, id) VALUES ('a', '«v4lue-x»', 3);", Column, Single, Literal),
        (Code(Java), "s = \"ALTER USER x ‹PASSWORD› '«v4lue-x»'\";", SqlClause, Single, Literal),
        (Csv, "user,‹password›,host\nadmin,«v4lue-x»,db1\n", Column, NONE, Literal),
        (Csv, "user;\"‹password›\"\n\"a;b\";\"«v4lue-x»\"\n", Column, Double, Literal),
        (Xml, "<add key=\"ServiceApi‹Token›\" value=\"«v4lue-x»\" />", XmlAttribute, Double, Literal),
        (Xml, "<add value=\"«v4lue-x»\" key=\"ServiceApi‹Token›\"/>", XmlAttribute, Double, Literal),
        (Xml, "<db user=\"x\" ‹password›=\"«v4lue-x»\"/>", XmlAttribute, Double, Literal),
        (Xml, "<api‹Token›>«v4lue-x»</apiToken>", XmlElement, NONE, Literal),
        (Xml, "<api‹Token›>\n    «v4lue-x»\n  </apiToken>", XmlElement, NONE, Literal),
        (Xml, "<api‹Token› encrypted=\"false\">«v4lue-x»</apiToken>", XmlElement, NONE, Literal),
        (Xml, "<‹password›><![CDATA[«v4lue<x»]]></password>", XmlElement, NONE, Literal),
        (Xml, "<string name=\"‹password›\">«v4lue-x»</string>", NameValuePair, NONE, Literal),
        (Xml, "<key>api‹Token›</key>\n<string>«v4lue-x»</string>", NameValuePair, NONE, Literal),
        (Xml, "<name>db.‹password›</name>\n<value>«v4lue-x»</value>", NameValuePair, NONE, Literal),
        (Html, "<input name=\"‹password›\" value=\"«v4lue-x»\">", XmlAttribute, Double, Literal),
        (Html, "<code>‹password›: &quot;«v4lue-x»&quot;</code>", Colon, Double, Literal),
        (Markdown, "| user | ‹password› |\n|---|---|\n| a | «v4lue-x» |\n", Column, NONE, Literal),
        (Markdown, "| ‹password› | `«v4lue-x»` |\n", Prose, Backtick, Literal),
        (Markdown, "**‹Password›**: `«v4lue-x»`\n", Colon, Backtick, Literal),
        (Markdown, "- **‹Password›:** «v4lue-x»\n", Colon, NONE, Literal),
        (Markdown, "the ‹password› is «v4lue-x».\n", Prose, NONE, Literal),
        (Code(Python), "# prod ‹password› is «v4lue-x!»\n", Prose, NONE, Literal),
        (Code(JavaScript), "// ‹password›: «v4lue-x»\n", Colon, NONE, Literal),
        (Code(JavaScript), "/* CREATE ROLE x login ‹password› '«v4lue-x»'; */", SqlClause, Single, Literal),
        (Unknown, "‹password›: «v4lue-x»\n", Colon, NONE, Literal),
        (Plain, "X-Auth-‹Token›: «v4lue-x»\r\n", Colon, NONE, Literal),
        (Plain, "username=a&‹password›=«v4lue-x»&b=c", UrlQuery, NONE, Literal),
    ]);
}

#[test]
fn variables_that_are_used_are_not_bound() {
    silent(&[
        (Shell, "docker run -v $‹PWD›:/srv/a1 image\n"),
        (Shell, "docker run -v ${‹PWD›}:/srv/a1 image\n"),
        (Shell, "echo $‹PASSWORD›: q8zk3vtw\n"),
        (Yaml, "volumes:\n  - $‹PWD›:/srv/a1\n"),
    ]);
}

#[test]
fn words_that_are_bound_to_nothing() {
    silent(&[
        (Code(Python), "print(‹password›)\n"),
        (Code(Python), "def check(user, ‹password›):\n"),
        (Code(Python), "raise Error(\"bad ‹password›\")\n"),
        (Code(Python), "input(\"‹password›: \")\n"),
        (Code(Python), "x = \"‹password›: \" + y + \"z\"\n"),
        (Code(JavaScript), "return ‹token›.kind;\n"),
        (Code(JavaScript), "import { ‹token› } from 'x';\n"),
        (Code(JavaScript), "['user', '‹password›', 'host']\n"),
        (Code(Go), "func login(user, ‹password› string) error {\n"),
        (Code(Rust), "fn next_‹token›(&mut self) -> Token {\n"),
        (Code(Rust), "‹Token›::Comma"),
        (Code(C), "if (‹token› < 0)\n"),
        (Markdown, "Choose a ‹password› and remember it.\n"),
        (Json, "[\"user\", \"‹password›\", \"host\"]"),
        (Json, "{\"type\": \"‹password›\"}"),
        (Yaml, "‹password›:\n  length: 12\n"),
        (Yaml, "‹password›:\nuser: x\n"),
        (Xml, "<‹password›/>"),
        (Markdown, "mysql -u <user> -p <‹password›> db\n"),
    ]);
}

#[test]
fn names_are_whole() {
    let names = [
        (Env, "MY_DB_‹PASSWORD›_2=x1", "MY_DB_PASSWORD_2"),
        (Plain, "X-Api-‹Key›: x1", "X-Api-Key"),
        (Properties, "spring.datasource.‹password›=x1", "password"),
        (Shell, "run --db-‹password› x1", "db-password"),
        (Notebook, "\"x\\n‹password›=x1\"", "password"),
        (Plain, "a%26‹token›%3Dx1", "token"),
        (Json, "{\"api‹Token›\": \"x1\"}", "apiToken"),
    ];
    for (kind, row, name) in names {
        let (text, binding, _) = bind(kind, row);
        let binding = binding.unwrap_or_else(|| panic!("nothing bound in {row}"));
        assert_eq!(String::from_utf8_lossy(binding.name.of(text.as_bytes())), name, "{row}");
    }
}

#[test]
fn values_are_joined_and_decoded() {
    let rows = [
        (Code(JavaScript), "‹token› = \"ab\" + \"cd\" +\n  \"ef\";", "abcdef"),
        (Code(Python), "‹token› = (\"ab\"\n     \"cd\")\n", "abcd"),
        (Code(Php), "$‹token› = 'ab' . 'cd';", "abcd"),
        (Code(C), "char *‹token› = \"ab\"\n  \"cd\";", "abcd"),
        (Code(Lua), "‹token› = \"ab\" .. \"cd\"", "abcd"),
        (Code(VisualBasic), "‹token› = \"ab\" & \"cd\"", "abcd"),
        (Code(Ruby), "‹token› = \"ab\" \\\n  \"cd\"", "abcd"),
        (Shell, "‹token›=\"ab\"'cd'\n", "abcd"),
        (Code(JavaScript), "‹token› = \"\\u0061\\x62c\\u{64}\"", "abcd"),
        (Json, "{\"‹token›\": \"a\\/b\\u0026\"}", "a/b&"),
        (Json, "{\"x\": \"{\\\"‹token›\\\": \\\"a\\\\\\\"b\\\"}\"}", "a\"b"),
        (Yaml, "‹token›: 'a''b'", "a'b"),
        (Xml, "<a ‹token›=\"a&amp;b\"/>", "a&b"),
        (Xml, "<‹token›>a&lt;b</token>", "a<b"),
        (Yaml, "‹token›: |\n  ab\n  cd\n", "ab\ncd"),
        (Code(Go), "‹key› := []byte{0x61, 98, 'c', 0144}", "abcd"),
    ];
    for (kind, row, joined) in rows {
        let (text, binding, _) = bind(kind, row);
        let binding = binding.unwrap_or_else(|| panic!("nothing bound in {row}"));
        assert_eq!(String::from_utf8_lossy(binding.value.bytes(text.as_bytes())), joined, "{row}");
        assert!(binding.value.joined.is_some(), "{row}");
    }
}

#[test]
fn comments_are_told() {
    let rows = [
        (Code(Python), "# ‹password› = 'x1'\n", true),
        (Code(Python), "x = 1  # ‹password› = 'x1'\n", true),
        (Code(Python), "x = '# '; ‹password› = 'x1'\n", false),
        (Code(Java), " * ‹password› = \"x1\"\n", true),
        (Code(JavaScript), "u = 'http://x'; ‹password› = 'x1'\n", false),
        (Sql, "-- ‹password› = 'x1'\n", true),
        (Ini, "; ‹password› = x1\n", true),
        (Yaml, "# ‹password›: x1\n", true),
        (Xml, "<!-- ‹password›=\"x1\" -->", true),
    ];
    for (kind, row, comment) in rows {
        let (_, binding, _) = bind(kind, row);
        assert_eq!(binding.unwrap_or_else(|| panic!("nothing bound in {row}")).comment, comment, "{row}");
    }
}

#[test]
fn lists_and_columns_go_on() {
    let rows: &[(FileKind, &str, &[&str])] = &[
        (Json, "{\"‹tokens›\": [\"a1\", \"b2\",\n \"c3\"], \"x\": \"d4\"}", &["b2", "c3"]),
        (Code(Python), "‹tokens› = ['a1', 'b2']", &["b2"]),
        (Code(Python), "‹token› = 'a1', 'b2'", &[]),
        (Yaml, "‹tokens›:\n  - a1\n  - 'b2'\n  - c3\nx:\n  - d4\n", &["b2", "c3"]),
        (Csv, "user,‹password›\na,a1\nb,b2\nc,c3\n", &["b2", "c3"]),
        (Markdown, "| user | ‹password› |\n|---|---|\n| a | a1 |\n| b | b2 |\n\n", &["b2"]),
        (Env, "‹TOKEN›=a1\nOTHER=b2\n", &[]),
    ];
    for (kind, row, expected) in rows {
        let (text, binding, _) = bind(*kind, row);
        let binding = binding.unwrap_or_else(|| panic!("nothing bound in {row}"));
        let values = keylint_syntax::further_values(text.as_bytes(), &binding, *kind);
        let found: Vec<_> =
            values.iter().map(|value| String::from_utf8_lossy(value.span.of(text.as_bytes())).into_owned()).collect();
        assert_eq!(found, *expected, "{row}");
    }
}

//! Text that looks like source code, made from a seed at run time, with a secret planted here and there.
//! Not real code: for figures that count, give `cargo xtask bench` a folder.

use keylint_rules::expand::{self, Random};

/// A kind of text: the name, the path it would have, and the lines it is made of. `@` stands for a word, `#` for a
/// number, `$` for a long literal.
pub struct Kind {
    pub name: &'static str,
    pub path: &'static str,
    lines: &'static [&'static str],
}

/// What scanners meet most.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "c",
        path: "src/driver.c",
        lines: &[
            "static int @_@(struct @ *@, unsigned long @)\n{\n",
            "\tif (@->@ & @_#)\n\t\treturn -@;\n",
            "\t@ = @_@(@, #, @->@);\n",
            "\tfor (i = 0; i < @->@; i++)\n\t\t@[i] = @(@);\n",
            "\t/* @ the @ of a @ before @ is @ */\n",
            "#define @_@_@\t\t0x#\n",
            "}\n\n",
            "\tdev_@(&@->@, \"@ @: %d\\n\", @);\n",
            "\t@->@_key = @_key(@, @->token);\n",
        ],
    },
    Kind {
        name: "go",
        path: "pkg/server/server.go",
        lines: &[
            "func (@ *@) @(@ context.Context, @ string) error {\n",
            "\tif err := @.@(@, @); err != nil {\n\t\treturn fmt.Errorf(\"@ @: %w\", err)\n\t}\n",
            "\t@ := @.New@(@.@, #)\n",
            "// @ gives the @ of the @, or @.\n",
            "}\n\n",
            "\ttoken, err := @.Token(@)\n",
            "\t\t{\"@\", \"@/@\", #},\n",
        ],
    },
    Kind {
        name: "python",
        path: "app/models.py",
        lines: &[
            "def @_@(self, @, @=None):\n",
            "    \"\"\"@ the @ with @.\"\"\"\n",
            "    self.@ = @.@(@, @=#)\n",
            "    if @ is None or @.@ > #:\n        raise @(\"@ @\")\n",
            "    return [@ for @ in @ if @.@]\n\n",
            "    password = @.get(\"@\", self.@)\n",
            "class @(@):\n",
            "from @.@ import @, @\n",
        ],
    },
    Kind {
        name: "json",
        path: "config/data.json",
        lines: &[
            "    \"@\": \"@ @\",\n",
            "    \"@\": #,\n",
            "    \"@_key\": \"@\",\n",
            "    \"@\": { \"@\": [\"@\", \"@\"], \"@\": # },\n",
            "    \"@\": \"$\",\n",
        ],
    },
    Kind {
        name: "yaml",
        path: "deploy/values.yaml",
        lines: &[
            "  @: @\n",
            "  - name: @_@\n    value: \"#\"\n",
            "  @:\n    @: {{ .Values.@.@ }}\n",
            "  # @ the @\n",
            "  password: ${@_@}\n",
            "  image: @/@:#.#.#\n",
        ],
    },
    Kind {
        name: "minified",
        path: "dist/bundle.min.js",
        lines: &[
            "function(@,@){return @.@(@)}",
            "var @=@[#],@=!0;",
            "@.@=\"@\",",
            "if(@&&@.token)@(@,#);",
            "return(0,@.@)(@)||@;",
            "\"$\":#,",
        ],
    },
    Kind {
        name: "prose",
        path: "docs/guide.md",
        lines: &[
            "The @ @ of a @ is @ when the @ has @ it.\n",
            "## @ @\n\n",
            "- `@_@` @ the @ (default: #)\n",
            "See [the @](https://example.org/@/@) for @.\n\n",
            "To change the password, @ the @ and @.\n",
        ],
    },
];

const WORDS: &[&str] = &[
    "data", "count", "buffer", "request", "index", "name", "value", "node", "list", "state", "config", "event",
    "handler", "result", "parse", "update", "create", "remove", "offset", "length", "device", "driver", "queue",
    "lock", "page", "cache", "user", "group", "path", "file", "stream", "socket", "packet", "header", "field",
    "record", "table", "column", "query", "format", "status", "error", "message", "client", "server", "session",
    "context", "option", "version", "module", "method", "widget", "render", "layout", "color", "width", "height",
    "timer",
];

/// Secrets that are planted, with placeholders.
const PLANTS: &[&str] = &[
    "ghp_{alnum:36}",
    "AWS_SECRET_ACCESS_KEY={base64:40}",
    "sk_live_{alnum:24}",
    "password = \"{alnum:16}\"",
    "postgres://app:{alnum:16}@db.internal/app",
    "xoxb-{digit:12}-{digit:12}-{alnum:24}",
    "api_token: \"{hex:40}\"",
];

/// How far apart secrets stand: dense beside real code, so that what follows a keyword is measured as well.
const APART: usize = 64 << 10;

impl Kind {
    /// About `size` bytes.
    pub fn text(&self, size: usize) -> Vec<u8> {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut out = String::with_capacity(size + 256);
        let mut next = APART;
        while out.len() < size {
            for part in self.lines[random.below(self.lines.len())].chars() {
                match part {
                    '@' => out.push_str(WORDS[random.below(WORDS.len())]),
                    '#' => out.push_str(&random.below(4096).to_string()),
                    '$' => (0..40).for_each(|_| out.push((b'a' + random.below(26) as u8) as char)),
                    other => out.push(other),
                }
            }
            if out.len() >= next {
                next += APART;
                let plant = PLANTS[random.below(PLANTS.len())];
                out.push_str(&format!("\n{}\n", expand::template(plant, next as u64, &|_, _| None).text));
            }
        }
        out.into_bytes()
    }
}

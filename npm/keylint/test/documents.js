// The documents on which the native program and WebAssembly must agree: every example of every rule, which
// `cargo xtask` has expanded, and real files of this machine, some of them in other encodings and not valid.
// Not here: comparing.

import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { extname, join } from "node:path";

const wanted = 300;
const largest = 256 << 10;
/** Of one kind no more, so that there are many kinds. */
const ofOneKind = 40;

/** Where any machine that builds this has texts: sources of crates, of npm packages, and the system's own. */
const places = [
  join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry/src"),
  process.env.KEYLINT_ROOT ?? ".",
  join(import.meta.dirname ?? ".", "node_modules"),
  "/usr/share",
  "/etc",
];

function* files(folder, depth = 0) {
  let entries = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < 8 && entry.name !== "target" && entry.name !== ".git") {
      yield* files(path, depth + 1);
    } else if (entry.isFile()) {
      yield path;
    }
  }
}

/** Writes real files into `folder`; gives their number. `plants` are texts with secrets. */
export function real(folder, plants) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const kinds = new Map();
  let count = 0;
  let plant = 0;
  places.forEach((place, index) => {
    let share = Math.ceil(((wanted * (index + 1)) / places.length) - count);
    for (const path of existsSync(place) ? files(place) : []) {
      if (share <= 0) {
        break;
      }
      const kind = extname(path);
      const size = statSync(path).size;
      if (size === 0 || size > largest || (kinds.get(kind) ?? 0) >= ofOneKind) {
        continue;
      }
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      const to = join(folder, `${String(count).padStart(3, "0")}${kind.replace(/[^.\w-]/g, "") || ".txt"}`);
      copyFileSync(path, to);
      // Every third one gets a secret, so that something is found.
      if (count % 3 === 0) {
        const bytes = readFileSync(to);
        writeFileSync(to, Buffer.concat([bytes, Buffer.from(`\n${plants[(plant += 97) % plants.length]}\n`)]));
      }
      count += 1;
      share -= 1;
    }
  });
  for (const [name, bytes] of encodings(plants)) {
    writeFileSync(join(folder, name), bytes);
    count += 1;
  }
  for (const [name, text] of module) {
    mkdirSync(join(folder, "module"), { recursive: true });
    writeFileSync(join(folder, "module", name), text);
    count += 1;
  }
  return count;
}

/** A Terraform module of three files, which say together that a role can make itself more than it is. */
const module = [
  ["pass.tf", policy("pass", '["iam:PassRole"]')],
  ["run.tf", policy("run", '["lambda:CreateFunction", "lambda:InvokeFunction"]')],
  ["roles.tf", attached("pass") + attached("run")],
];

function policy(name, actions) {
  return `data "aws_iam_policy_document" "${name}" {\n  statement {\n    actions   = ${actions}\n    resources = ["*"]\n  }\n}\n`;
}

function attached(name) {
  const policy = `data.aws_iam_policy_document.${name}.json`;
  return `resource "aws_iam_role_policy" "${name}" {\n  role   = aws_iam_role.app.id\n  policy = ${policy}\n}\n`;
}

/** The same texts in encodings that are not UTF-8, and in none. */
function encodings(plants) {
  const text = `first \u00e9\u{1f600}\n${plants.slice(0, 400).join("\n")}\n`;
  const little = Buffer.from(text, "utf16le");
  const wide = (order) => Buffer.concat([...text].map((letter) => {
    const unit = Buffer.alloc(4);
    unit[order](letter.codePointAt(0));
    return unit;
  }));
  const utf8 = Buffer.from(text);
  const broken = Buffer.from(utf8.map((byte, at) => (at % 101 === 0 && byte !== 10 ? 0xff : byte)));
  return [
    ["utf16le-mark.txt", Buffer.concat([Buffer.from([0xff, 0xfe]), little])],
    ["utf16be-mark.txt", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little).swap16()])],
    ["utf16le.txt", little],
    ["utf16-odd.txt", little.subarray(0, little.length - 1)],
    ["utf32le-mark.txt", Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), wide("writeUInt32LE")])],
    ["utf32be.txt", wide("writeUInt32BE")],
    ["utf8-mark.txt", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8])],
    ["latin1.txt", Buffer.from(text.replace("\u{1f600}", ""), "latin1")],
    ["invalid.txt", broken],
    ["cut.txt", utf8.subarray(0, utf8.length - 3)],
    ["crlf.txt", Buffer.from(text.replaceAll("\n", "\r\n"))],
    ["cr.txt", Buffer.from(text.replaceAll("\n", "\r"))],
    ["binary.bin", Buffer.concat([Buffer.alloc(16), utf8])],
    ["late-zero.txt", Buffer.concat([Buffer.from("x\n".repeat(8192)), Buffer.alloc(1), utf8])],
    ["empty.txt", Buffer.alloc(0)],
  ];
}

/** The documents below `folder`, with paths relative to it, in the order of names. */
export function documents(folder) {
  const out = [];
  for (const path of files(folder)) {
    out.push({ path: path.slice(folder.length + 1), bytes: readFileSync(path) });
  }
  return out;
}

// `action.yml` against the source: what is promised is read, what is read is promised. And the escaping of commands.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { command, data, line, mask, property } from "../src/commands.mjs";
import { masks, unmasked, value } from "../src/masks.mjs";
import { plain } from "../src/summary.mjs";
import { defaults } from "./server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const manifest = readFileSync(join(here, "../../../action.yml"), "utf8");
const source = (name) => readFileSync(join(here, "../src", name), "utf8");

test("inputs and outputs are those of action.yml", () => {
  const promised = Object.keys(defaults(manifest)).sort();
  const read = [...source("inputs.mjs").matchAll(/(?:text|choice|flag)\("([a-z-]+)"/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(read)].sort(), promised);
  const outputs = manifest.slice(manifest.indexOf("\noutputs:"), manifest.indexOf("\nruns:"));
  const named = [...outputs.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name).sort();
  const block = /const outputs = \{([\s\S]*?)\};/.exec(source("main.mjs"))[1];
  assert.deepEqual([...block.matchAll(/^ +"?([a-z-]+)"?:/gm)].map(([, name]) => name).sort(), named);
});

test("every input is in the documentation", () => {
  const page = readFileSync(join(here, "../../../docs/github-action.md"), "utf8");
  for (const name of Object.keys(defaults(manifest))) assert.ok(page.includes(`\`${name}\``), name);
});

test("nothing of the source reaches out", () => {
  for (const name of readdirSync(join(here, "../src"))) {
    assert.ok(!/node:(?:https?|net|tls|dgram|dns)|\bfetch\(|WebSocket|XMLHttp/.test(source(name)) || name === "range.mjs", name);
  }
});

test("commands cannot be left", () => {
  assert.equal(data("50%\r\n::error::x"), "50%25%0D%0A::error::x");
  assert.equal(data("a\u001b[31m\u202eb"), "a\\u{1b}[31m\\u{202e}b");
  assert.equal(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
  assert.equal(command("error", { file: "a", line: undefined }, "x"), "::error file=a::x");
  assert.equal(command("notice", {}, "x\ny"), "::notice::x%0Ay");
  assert.equal(line("::add-mask::x"), ":\\u{3a}add-mask::x");
  assert.equal(line(" \t::x\n##[error]y"), " \\t::x\\n#\\u{23}[error]y");
  assert.equal(mask("a%\nb"), "::add-mask::a%25%0Ab");
});

test("only what would not stand there by chance is masked", () => {
  assert.deepEqual(masks(["short", " ".repeat(20), "long enough", "long enough"]), ["::add-mask::long enough"]);
  const many = Array.from({ length: 502 }, (_, at) => `long enough ${at}`);
  assert.deepEqual([masks(many).length, unmasked(many), unmasked(many.slice(2))], [500, 2, 0]);
  const bytes = (text, encoding) => Buffer.from(text, encoding);
  assert.deepEqual(value(bytes("a word b"), { start: 2, end: 6 }), ["word"]);
  assert.deepEqual(value(bytes("word", "utf16le"), { start: 0, end: 8 }), ["word"]);
  assert.deepEqual(value(bytes("word", "utf16le").swap16(), { start: 0, end: 8 }), ["word"]);
  assert.deepEqual(value(Buffer.from([0xff, 0xfe, 0xfd]), { start: 0, end: 3 }), []);
});

test("Markdown is not left", () => {
  assert.equal(plain("a|b`c`<d>&\n e"), "a&#124;b&#96;c&#96;&#60;d&#62;&#38; e");
});

// Workflow commands: what a step says to the runner on standard output and in its files, escaped for its place.
// Not here: what is said.

import { appendFileSync } from "node:fs";
import { randomUUID } from "node:crypto";

/** Characters that act on a terminal, hide, or reorder what stands around them. */
const HOSTILE =
  /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** `text` with what would act made visible; line ends and tabs stay. */
export function visible(text) {
  return text.replace(HOSTILE, (c) => (/[\n\r\t]/.test(c) ? c : `\\u{${c.codePointAt(0).toString(16)}}`));
}

/** `text` as one line of the log. The runner takes `::` at the start of a line and `##[` anywhere for a command. */
export function line(text) {
  const flat = visible(text).replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t");
  return flat.replaceAll("##[", "#\\u{23}[").replace(/^(\s*)::/, "$1:\\u{3a}");
}

/** The message of a command (`escapeData` of GitHub's toolkit). */
export function data(text) {
  return visible(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** A property of a command (`escapeProperty` of GitHub's toolkit). A path must stay exact, so nothing else changes. */
export function property(text) {
  const escaped = text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return escaped.replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** `::name key=value,…::message`; properties that are undefined are left out. */
export function command(name, properties, message) {
  const said = Object.entries(properties).filter(([, value]) => value !== undefined);
  const list = said.map(([key, value]) => `${key}=${property(String(value))}`).join(",");
  return `::${name}${list && " "}${list}::${data(message)}`;
}

/** The command that hides `value` in the rest of the log; the runner hides its lines one by one, too. */
export function mask(value) {
  const escaped = value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return `::add-mask::${escaped}`;
}

/** Sets an output of the step. The end mark is random, so that no value can close it. */
export function output(file, name, value) {
  if (!file) return;
  const end = `keylint-${randomUUID()}`;
  appendFileSync(file, `${name}<<${end}\n${value}\n${end}\n`);
}

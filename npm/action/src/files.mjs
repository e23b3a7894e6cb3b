// Writes report files. Not here: what is in them, which the engine knows.

import { constants, mkdirSync, openSync, realpathSync, writeSync, closeSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";

import { Failure, said } from "./failure.mjs";

/** Writes `text` to `path`, which a symbolic link of the checkout must not lead elsewhere. */
export function write(workspace, path, text) {
  const file = resolve(workspace, path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    const [root, folder] = [realpathSync(workspace), realpathSync(dirname(file))];
    if (inside(workspace, file) && !inside(root, join(folder, "."))) {
      throw new Error("a symbolic link leads out of the workspace");
    }
    const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
    const opened = openSync(file, O_WRONLY | O_CREAT | O_TRUNC | (O_NOFOLLOW ?? 0), 0o644);
    try {
      for (let bytes = Buffer.from(text); bytes.length > 0; ) bytes = bytes.subarray(writeSync(opened, bytes));
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    const link = error.code === "ELOOP" ? "it is a symbolic link" : said(error);
    throw new Failure(`cannot write the report \`${path}\`: ${link}`);
  }
}

function inside(folder, path) {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way.split(/[\\/]/)[0] !== "..");
}

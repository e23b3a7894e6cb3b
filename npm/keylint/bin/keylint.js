#!/usr/bin/env node
// The command `keylint`: the native program where its package is installed, else the same over WebAssembly.

import { spawnSync } from "node:child_process";
import { native } from "../cli/native.js";

const args = process.argv.slice(2);
const program = native();
if (program) {
  const { status, signal, error } = spawnSync(program, args, { stdio: "inherit" });
  if (error) {
    process.stderr.write(`error: cannot run \`${program}\`: ${error.message}\n`);
  }
  if (signal) {
    process.kill(process.pid, signal);
  }
  process.exitCode = status ?? 2;
} else {
  const { main } = await import("../cli/main.js");
  process.exitCode = await main(args);
}

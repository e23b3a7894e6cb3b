// Finds the native program: `KEYLINT_BINARY`, or the package of this platform. Not here: running it.

import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";

/** The path of the native program; `undefined` where there is none. An empty `KEYLINT_BINARY` asks for WebAssembly. */
export function native(env = process.env, platform = process.platform, arch = process.arch) {
  if (env.KEYLINT_BINARY !== undefined) {
    return env.KEYLINT_BINARY || undefined;
  }
  const musl = platform === "linux" && !glibc() ? "-musl" : "";
  const file = platform === "win32" ? "keylint.exe" : "keylint";
  try {
    return createRequire(import.meta.url).resolve(`@keylint/cli-${platform}-${arch}${musl}/bin/${file}`);
  } catch {
    return undefined;
  }
}

/** Whether the system's C library is glibc; the other one names its loader after itself. */
function glibc() {
  return !existsSync("/lib") || !readdirSync("/lib").some((name) => name.startsWith("ld-musl-"));
}

// Where things are: the packed package, installed in a folder of its own, and the packages of the hosts.
// Not here: what is tested.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as zlib from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));

/** A file of the installed packages. */
export const modules = (path) => join(here, "node_modules", path);

/** The package as it would be published. */
export const packed = process.env.KEYLINT_PACKED;

/** A folder that has the package installed; each test file gets its own. */
export const host = join(here, "hosts", process.argv[1].replace(/.*\/|\.test\.js$/g, ""));
rmSync(host, { recursive: true, force: true });
mkdirSync(join(host, "node_modules/keylint"), { recursive: true });
execFileSync("tar", ["xzf", packed, "-C", join(host, "node_modules/keylint"), "--strip-components=1"]);

/** A token that GitHub never gave out, with the right checksum; no such string stands in this repository. */
export const token = (() => {
  const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const random = Array.from({ length: 30 }, (_, at) => letters[(at * 37 + 11 * at * at + 5) % 62]).join("");
  let sum = checksum(random);
  let end = "";
  for (let place = 0; place < 6; place += 1) {
    end = letters[sum % 62] + end;
    sum = Math.floor(sum / 62);
  }
  return `ghp_${random}${end}`;
})();

/** Node 20.15 brought `crc32` to `node:zlib`; Debian's may be older. */
function checksum(text) {
  if (typeof zlib.crc32 === "function") {
    return zlib.crc32(text);
  }
  let sum = -1;
  for (const byte of Buffer.from(text)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
    }
  }
  return (sum ^ -1) >>> 0;
}

// The files beside a Terraform file, which make one module with it: in the work tree, or in the index. Not here: what they
// say together.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { blobs, indexed } from "./git.js";

/** A module has no larger file, and no folder with more beside one is a module. */
const maxSize = 1 << 20;
const maxFiles = 1024;

/** Whether a file may be one of a module. What overrides other files has another meaning. */
export const isOfModule = (path) => /\.(tf|tf\.json|tofu)$/.test(path) && !/(^|\/|_)override\.(tf|tf\.json|tofu)$/.test(path);

/** What stands before the name of a file. */
const before = (path) => path.slice(0, path.lastIndexOf("/") + 1);

/** The folder that was read last: files come folder by folder. */
export class Modules {
  #folder;
  #beside;

  /** The files in a folder, of which one is shown as `shown`. */
  onDisk(folder, shown) {
    return this.#last(folder, () => {
      const files = readdirSync(folder).filter(isOfModule).map((name) => [name, join(folder, name)]);
      const small = files.filter(([, path]) => {
        const stat = statSync(path, { throwIfNoEntry: false });
        return stat?.isFile() && stat.size <= maxSize;
      });
      return small.map(([name, path]) => ({ path: before(shown) + name, text: readFileSync(path) }));
    });
  }

  /** The files of the index in the folder of `path`. */
  staged(root, path) {
    return this.#last(`index of ${before(path)}`, () => {
      const files = indexed(root, before(path)).filter((file) => isOfModule(file.path) && before(file.path) === before(path));
      const texts = blobs(root, files.map(({ blob }) => blob));
      const found = files.map(({ path, blob }) => ({ path, text: texts.get(blob) }));
      return found.filter(({ text }) => text && text.length <= maxSize);
    });
  }

  #last(folder, read) {
    if (this.#folder !== folder) {
      this.#folder = folder;
      try {
        const beside = read();
        this.#beside = beside.length <= maxFiles + 1 ? beside : undefined;
      } catch {
        // What cannot be read is no part of a module.
        this.#beside = undefined;
      }
    }
    return this.#beside;
  }
}

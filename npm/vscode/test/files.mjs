// What is left out of a workspace is said, with an editor of a few lines in place of the real one. Run by `cargo xtask test`
// as `node files.mjs`. Not here: the real editor (web.mjs).

import { register } from "node:module";

import { check } from "./editor.mjs";

const hooks = `
  export const resolve = (name, context, next) => (name === "vscode" ? { url: "test:vscode", shortCircuit: true } : next(name, context));
  export const load = async (url, context, next) => {
    if (url === "test:vscode") {
      return { format: "module", shortCircuit: true, source: "export const { FileType, RelativePattern, Uri, workspace } = globalThis.editor" };
    }
    // The sources are modules, though they are not called so: they are bundled.
    return next(url, url.endsWith("/src/files.js") ? { ...context, format: "module" } : context);
  };
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

let count = 0;
const missing = (code) => Object.assign(new Error("x"), { code });
globalThis.editor = {
  FileType: { File: 1 },
  RelativePattern: class {},
  Uri: { parse: (uri) => uri },
  workspace: {
    findFiles: async (_pattern, _exclude, most) => Array.from({ length: Math.min(count, most) }, (_, at) => `file:///w/${at}`),
    fs: {
      stat: async (uri) => {
        if (uri.endsWith("gone") || uri.endsWith("locked")) {
          throw missing(uri.endsWith("gone") ? "FileNotFound" : "NoPermissions");
        }
        return { type: 1, size: uri.endsWith("large") ? 1 << 25 : 3 };
      },
      readFile: async () => new Uint8Array(3),
    },
  },
};
const { Files } = await import("../src/files.js");
const said = [];
const files = new Files((text, shown) => said.push([text, shown]));
const list = async (many) => {
  count = many;
  return (await files.answer({ kind: "list", uri: "file:///w", deep: true })).uris.length;
};
check("a workspace of 20,000 files is looked at whole", (await list(20_000)) === 20_000 && said.length === 0);
check("of a larger one a part is", (await list(50_000)) === 20_000);
check("and that is shown", said.length === 1 && said[0][0].includes("more than 20,000 files") && said[0][1]);
const read = (name) => files.answer({ kind: "read", uri: `file:///w/${name}` });
check("a large file is told from none", (await read("large")).large && !(await read("gone")).large && (await read("a")).bytes.length === 3);
check("what cannot be read is logged", (await read("locked")).bytes === null && said.length === 2 && !said[1][1]);

// The entry for the web: the worker is a worker of the page. Not here: the client (extension.js).

import "vscode-languageclient/browser";

import { start } from "./extension.js";

export async function activate(context) {
  await start(context, (uri) => {
    const worker = new Worker(uri.toString(true));
    return {
      postMessage: (message) => worker.postMessage(message),
      onMessage: (take) => worker.addEventListener("message", (event) => take(event.data)),
      onFailure: (take) => worker.addEventListener("error", () => take("its worker ended")),
      terminate: () => worker.terminate(),
    };
  });
}

/** Everything is disposed of by the context. */
export function deactivate() {}

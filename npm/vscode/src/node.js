// The entry for the desktop and for remote hosts: the worker is a thread of Node. Not here: the client (extension.js).

import "vscode-languageclient/node";
import { Worker } from "worker_threads";

import { start } from "./extension.js";

export async function activate(context) {
  await start(context, (uri) => {
    const worker = new Worker(uri.fsPath);
    return {
      postMessage: (message) => worker.postMessage(message),
      onMessage: (take) => worker.on("message", take),
      // What it says may quote a text; its name and its code do not.
      onFailure: (take) => worker.on("error", (error) => take(error.code ?? error.name)),
      terminate: () => worker.terminate(),
    };
  });
}

/** Everything is disposed of by the context. */
export function deactivate() {}

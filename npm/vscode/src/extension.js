// The extension: a language client whose server is WebAssembly in a worker. The same for the desktop and the web; the two
// entries only say how a worker is made. Not here: the server (crates/lsp), or what the worker does for it (worker.js).

import * as vscode from "vscode";
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  BaseLanguageClient,
  CloseAction,
  ErrorAction,
} from "vscode-languageclient";

import { Files } from "./files.js";
import { Restarts } from "./restarts.js";

/** Documents that are no files of anybody: the old side of a comparison, logs, terminals. */
const SKIPPED = new Set(["git", "output", "debug", "vscode-scm", "comment", "search-editor", "walkThrough", "review"]);

/** Reads the server's messages, which come one by one as text. */
class Reader extends AbstractMessageReader {
  listen(callback) {
    this.callback = callback;
    return { dispose: () => (this.callback = undefined) };
  }

  take(text) {
    this.callback?.(JSON.parse(text));
  }
}

class Writer extends AbstractMessageWriter {
  constructor(worker) {
    super();
    this.worker = worker;
  }

  async write(message) {
    this.worker.postMessage({ kind: "message", text: JSON.stringify(message) });
  }

  end() {}
}

class Client extends BaseLanguageClient {
  constructor(context, makeWorker, options) {
    super("keylint", "keylint", options);
    this.context = context;
    this.makeWorker = makeWorker;
    this.restarts = new Restarts();
    /** What was said of files. */
    this.said = new Set();
    /** Why the server stopped last. */
    this.reason = "its worker ended";
  }

  async createMessageTransports() {
    this.worker?.terminate();
    const dist = vscode.Uri.joinPath(this.context.extensionUri, "dist");
    const read = (name) => vscode.workspace.fs.readFile(vscode.Uri.joinPath(dist, name));
    const [module, texts] = await Promise.all([read("keylint-lsp.wasm"), read("keylint.texts.bin")]);
    const worker = this.makeWorker(vscode.Uri.joinPath(dist, "worker.js"));
    this.worker = worker;
    const reader = new Reader();
    const files = new Files((text, shown) => this.say(text, shown));
    await new Promise((resolve, reject) => {
      const failed = (reason) => {
        worker.terminate();
        this.reason = reason;
        // Before it was ready the start has failed, after that a connection is closed.
        reject(new Error(reason));
        reader.fireClose();
      };
      worker.onFailure(failed);
      worker.onMessage(async (message) => {
        if (message.kind === "ready") {
          resolve();
        } else if (message.kind === "failed") {
          failed(message.reason);
        } else if (message.kind === "message") {
          reader.take(message.text);
        } else {
          worker.postMessage(await files.answer(message));
        }
      });
      const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.toString());
      worker.postMessage({ kind: "start", module, texts, folders });
    });
    return { reader, writer: new Writer(worker) };
  }

  /** Says what was left out, once. */
  say(text, shown) {
    if (!this.said.has(text)) {
      this.said.add(text);
      this.warn(`keylint: ${text}`, undefined, shown && "force");
    }
  }

  /** Says that the server has stopped by itself, and whether it is started again. */
  closed() {
    const { again, shown } = this.restarts.stopped(Date.now());
    const why = `keylint itself failed (${this.reason}); please report it`;
    const message = again ? `${why}. It was started again.` : `${why}. It is not started again: it failed too often.`;
    this.error(message, undefined, shown && "force");
    return { action: again ? CloseAction.Restart : CloseAction.DoNotRestart, message, handled: true };
  }

  /** Starts the server anew, because the user wants that: one that failed too often as well. */
  async restart() {
    this.restarts.forget();
    // One that does not answer is ended all the same.
    await this.stop().catch(() => undefined);
    await this.start();
  }

  async stop(timeout) {
    try {
      await super.stop(timeout);
    } finally {
      this.worker?.terminate();
    }
  }
}

/**
 * Starts the client. `makeWorker` makes a worker from a URI, with `postMessage`, `onMessage`, `onFailure` (which is told
 * why the worker is no more) and `terminate`.
 */
export async function start(context, makeWorker) {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const options = {
    documentSelector: [{ language: "*" }],
    // Reading every file of a virtual workspace would fetch it over the network.
    initializationOptions: { workspace: folders.every((folder) => folder.uri.scheme === "file") },
    diagnosticPullOptions: { onChange: true, onSave: true, onTabs: false },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue }),
      closed: () => client.closed(),
    },
    middleware: {
      didOpen: async (document, next) => {
        if (!SKIPPED.has(document.uri.scheme)) {
          await next(document);
        }
      },
      provideCodeActions: async (document, range, context, token, next) => withReason(await next(document, range, context, token)),
    },
  };
  const client = new Client(context, makeWorker, options);
  context.subscriptions.push(
    client,
    vscode.commands.registerCommand("keylint.restart", () => client.restart()),
    vscode.commands.registerCommand("keylint.ignoreWithReason", async (deed) => {
      const reason = await vscode.window.showInputBox({
        title: "keylint",
        prompt: "Why is this no leak?",
        validateInput: (text) => (text.trim() ? undefined : "a reason is needed"),
      });
      if (reason) {
        await vscode.commands.executeCommand("keylint.apply", { ...deed, reason });
      }
    }),
  );
  await client.start();
  return client;
}

/** Offers to ask for the reason wherever reasons are offered. */
function withReason(actions) {
  const first = actions?.findIndex((action) => action.data?.do === "ignore") ?? -1;
  if (first >= 0) {
    const asked = new vscode.CodeAction("Ignore this: another reason…", vscode.CodeActionKind.QuickFix);
    asked.diagnostics = actions[first].diagnostics;
    const deed = actions[first].data;
    asked.command = { title: asked.title, command: "keylint.ignoreWithReason", arguments: [deed] };
    actions.splice(first, 0, asked);
  }
  return actions;
}

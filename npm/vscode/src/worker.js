// The worker that the server runs in: feeds it messages, and keeps the files that it has asked for. Runs as a web worker
// and as a thread of Node. Not here: the server (crates/lsp), or reading files (files.js).

import init, { LanguageServer, panicked, provideTexts } from "../dist/keylint-lsp.js";

const port = typeof self === "object" && self.postMessage ? self : require("worker_threads").parentPort;
const send = (message) => port.postMessage(message);
const listen = (take) => (port.on ? port.on("message", take) : (port.onmessage = (event) => take(event.data)));

const FETCHED = 0;
const ABSENT = 1;
const PENDING = 2;
const LARGE = 3;

/** Files that decide on what is found in others; they are kept, since each document asks for them. */
const KEPT = /(^|\/)(\.?keylint\.toml|keylint\.baseline\.json|\.gitignore|\.ignore|\.keylintignore)$/;

class Host {
  files = new Map();
  lists = new Map();
  /** What was asked for and has not come. */
  waiting = 0;
  /** Lines that are to be written before anything else is sent. */
  writes = [];

  constructor(folders) {
    this.folders = folders.map((folder) => decodeURIComponent(folder).replace(/\/$/, ""));
  }

  state(uri) {
    const known = this.files.get(uri);
    if (known === undefined) {
      this.files.set(uri, PENDING);
      this.waiting += 1;
      send({ kind: "read", uri });
      return PENDING;
    }
    if (known === null) {
      return ABSENT;
    }
    return known === PENDING || known === LARGE ? known : FETCHED;
  }

  read(uri) {
    return this.files.get(uri);
  }

  list(uri, deep) {
    const key = `${deep} ${uri}`;
    const known = this.lists.get(key);
    if (known === undefined) {
      this.lists.set(key, PENDING);
      this.waiting += 1;
      send({ kind: "list", uri, deep });
    }
    return Array.isArray(known) ? known.join("\n") : undefined;
  }

  /** A folder of the workspace counts as a repository: there is no way to look above it. */
  repository(uri) {
    const path = decodeURIComponent(uri);
    return this.folders.find((folder) => path === folder || path.startsWith(`${folder}/`));
  }

  today() {
    return new Date().toISOString().slice(0, 10);
  }

  key() {
    // Older editors run a Node that has it in a module only.
    const source = globalThis.crypto ?? require("crypto").webcrypto;
    return source.getRandomValues(new Uint8Array(16));
  }

  append(uri, line) {
    this.writes.push({ kind: "append", uri, line });
    return undefined;
  }

  /** Something has come. */
  came() {
    this.waiting -= 1;
  }

  forget(uris) {
    for (const uri of uris) {
      const path = decodeURIComponent(uri);
      for (const known of [...this.files.keys()].filter((known) => decodeURIComponent(known) === path)) {
        if (this.files.get(known) !== PENDING) {
          this.files.delete(known);
        }
      }
    }
    this.forgetLists();
  }

  forgetLists() {
    for (const [key, known] of [...this.lists]) {
      if (known !== PENDING) {
        this.lists.delete(key);
      }
    }
  }

  /** Between two pieces of work nothing else is needed again. */
  tidy() {
    for (const [uri, known] of [...this.files]) {
      if (known !== PENDING && !KEPT.test(uri)) {
        this.files.delete(uri);
      }
    }
    this.forgetLists();
  }
}

let server;
let host;
let pumping = false;
let written;
let broken = false;

listen(async (message) => {
  if (broken) {
    return;
  }
  try {
    await take(message);
  } catch (error) {
    // Nobody knows what state the memory of the WebAssembly is in now: the client starts another worker.
    broken = true;
    send({ kind: "failed", reason: why(error) });
  }
});

/** What is said of an error. What others than the engine for WebAssembly say may quote a text. */
function why(error) {
  const kinds = [WebAssembly.RuntimeError, WebAssembly.CompileError, WebAssembly.LinkError];
  const said = kinds.some((kind) => error instanceof kind) ? error.message : error.name;
  const at = place();
  return at ? `${said} at ${at}` : said;
}

/** Where in the server's sources it happened, if the WebAssembly can still tell. */
function place() {
  try {
    return server && panicked();
  } catch {
    return undefined;
  }
}

async function take(message) {
  switch (message.kind) {
    case "start":
      return start(message);
    case "message":
      forgetChanged(message.text);
      server.receive(message.text);
      return pump();
    case "file":
      host.files.set(message.uri, message.large ? LARGE : message.bytes);
      host.came();
      return arrived();
    case "listed":
      host.lists.set(`${message.deep} ${message.uri}`, message.uris);
      host.came();
      return arrived();
    case "written":
      return written?.(message.reason);
  }
}

async function start({ module, texts, folders }) {
  host = new Host(folders);
  await init({ module_or_path: module });
  provideTexts(texts);
  server = new LanguageServer(facade(host));
  send({ kind: "ready" });
}

/** What the server calls, and nothing else. */
function facade(host) {
  return {
    state: (uri) => host.state(uri),
    read: (uri) => host.read(uri),
    children: (uri) => host.list(uri, false),
    // Those that are ignored are left out by the server.
    files: (uri) => host.list(uri, true),
    repository: (uri) => host.repository(uri),
    today: () => host.today(),
    key: () => host.key(),
    append: (uri, line) => host.append(uri, line.slice()),
  };
}

/** All that was asked for at once is there: the server tries again. */
function arrived() {
  if (host.waiting === 0) {
    server.hostReady();
    return pump();
  }
}

function forgetChanged(text) {
  if (text.includes('"workspace/didChangeWatchedFiles"')) {
    host.forget(JSON.parse(text).params.changes.map((change) => change.uri));
  }
}

async function pump() {
  if (pumping) {
    return;
  }
  pumping = true;
  while (server.busy) {
    let messages = server.step();
    const reason = await write();
    if (reason !== null) {
      messages = messages.map((message) => instead(message, reason));
    }
    messages.forEach((text) => send({ kind: "message", text }));
    // A request that was cancelled meanwhile is heard between two steps.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  pumping = false;
  if (host.waiting === 0) {
    host.tidy();
  }
}

/** Writes what must be kept before the document changes; gives why that failed. */
async function write() {
  for (const message of host.writes.splice(0)) {
    const reason = await new Promise((resolve) => {
      written = resolve;
      send(message);
    });
    host.forget([message.uri]);
    if (reason !== null) {
      return reason;
    }
  }
  return null;
}

/** A change whose value could not be kept is not made. */
function instead(text, reason) {
  const message = JSON.parse(text);
  if (message.method !== "workspace/applyEdit") {
    return text;
  }
  return JSON.stringify({ jsonrpc: "2.0", method: "window/showMessage", params: { type: 1, message: `keylint: ${reason}` } });
}

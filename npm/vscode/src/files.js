// Files for the worker, through the editor, so that virtual workspaces work. Not here: what is kept of them (worker.js).

import * as vscode from "vscode";

/** More files are not listed: a workspace of that size is for the command line. */
const MOST_FILES = 20_000;
/** A larger file is not scanned. */
const MAX_FILE = 16 << 20;

export class Files {
  /** Answers a message of the worker. */
  async answer(message) {
    const { kind, uri } = message;
    switch (kind) {
      case "read":
        return { kind: "file", uri, bytes: await read(uri) };
      case "list":
        return { kind: "listed", uri, deep: message.deep, uris: await list(uri, message.deep) };
      case "append":
        return { kind: "written", uri, reason: await append(uri, message.line) };
      default:
        return { kind: "unknown" };
    }
  }
}

async function read(uri) {
  try {
    const file = vscode.Uri.parse(uri, true);
    const { type, size } = await vscode.workspace.fs.stat(file);
    return type & vscode.FileType.File && size <= MAX_FILE ? await vscode.workspace.fs.readFile(file) : null;
  } catch {
    return null;
  }
}

async function list(uri, deep) {
  try {
    const folder = vscode.Uri.parse(uri, true);
    if (deep) {
      const found = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, "**/*"), "**/.git/**", MOST_FILES);
      return found.map((file) => file.toString());
    }
    const entries = await vscode.workspace.fs.readDirectory(folder);
    const files = entries.filter(([, type]) => type & vscode.FileType.File);
    return files.map(([name]) => vscode.Uri.joinPath(folder, name).toString());
  } catch {
    return [];
  }
}

/** Whether git has a file in its index, where the editor's own extension for git can tell: not in a browser. */
async function isTracked(file) {
  try {
    const git = (await vscode.extensions.getExtension("vscode.git")?.activate())?.getAPI(1);
    // Without the name of a commit the index is asked; it throws for a path that is not there.
    return Boolean(await git?.getRepository(file)?.getObjectDetails("", file.fsPath));
  } catch {
    return false;
  }
}

/** Appends a line to `.env` or `.gitignore`, unless it is there; gives why not, where it must not be. */
async function append(uri, line) {
  try {
    const file = vscode.Uri.parse(uri, true);
    const old = await vscode.workspace.fs.readFile(file).then(
      (bytes) => new TextDecoder().decode(bytes),
      () => "",
    );
    const text = new TextDecoder().decode(line);
    if (file.path.endsWith("/.env") && (await isTracked(file))) {
      return "git tracks `.env`";
    }
    const lines = old.split(/\r?\n/);
    if (lines.includes(text)) {
      return null;
    }
    const name = text.slice(0, text.indexOf("=") + 1);
    if (name && lines.some((known) => known.replace(/^export /, "").startsWith(name))) {
      return `\`.env\` already has another \`${name.slice(0, -1)}\``;
    }
    const gap = old && !old.endsWith("\n") ? "\n" : "";
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(`${old}${gap}${text}\n`));
    return null;
  } catch (error) {
    return `the file cannot be written: ${error.code ?? error.name}`;
  }
}

// Files for the worker, through the editor, so that virtual workspaces work. Not here: what is kept of them (worker.js).

import * as vscode from "vscode";

/** More files are not listed: a workspace of that size is for the command line. */
const MOST_FILES = 20_000;
/** A larger file is not scanned; the server says so. */
const MAX_FILE = 16 << 20;

export class Files {
  /** `say(text, shown)` tells the user what was left out: in the log, or where it is to be seen. */
  constructor(say) {
    this.say = say;
  }

  /** Answers a message of the worker. */
  async answer(message) {
    const { kind, uri } = message;
    switch (kind) {
      case "read":
        return { kind: "file", uri, ...(await this.read(uri)) };
      case "list":
        return { kind: "listed", uri, deep: message.deep, uris: await this.list(uri, message.deep) };
      case "append":
        return { kind: "written", uri, reason: await append(uri, message.line) };
      default:
        return { kind: "unknown" };
    }
  }

  async read(uri) {
    try {
      const file = vscode.Uri.parse(uri, true);
      const { type, size } = await vscode.workspace.fs.stat(file);
      if (!(type & vscode.FileType.File)) {
        return { bytes: null };
      }
      return size <= MAX_FILE ? { bytes: await vscode.workspace.fs.readFile(file) } : { bytes: null, large: true };
    } catch (error) {
      this.failed(uri, error);
      return { bytes: null };
    }
  }

  async list(uri, deep) {
    try {
      const folder = vscode.Uri.parse(uri, true);
      if (deep) {
        const all = new vscode.RelativePattern(folder, "**/*");
        const found = await vscode.workspace.findFiles(all, "**/.git/**", MOST_FILES + 1);
        if (found.length > MOST_FILES) {
          const most = MOST_FILES.toLocaleString("en");
          this.say(`\`${name(uri)}\` has more than ${most} files: keylint looks at ${most} of them; \`keylint check\` scans all`, true);
        }
        return found.slice(0, MOST_FILES).map((file) => file.toString());
      }
      const entries = await vscode.workspace.fs.readDirectory(folder);
      const files = entries.filter(([, type]) => type & vscode.FileType.File);
      return files.map(([name]) => vscode.Uri.joinPath(folder, name).toString());
    } catch (error) {
      this.failed(uri, error);
      return [];
    }
  }

  /** What is not there need not be said: it is how the server finds out. */
  failed(uri, error) {
    if (!["FileNotFound", "FileNotADirectory", "FileIsADirectory"].includes(error.code)) {
      this.say(`\`${name(uri)}\` cannot be read: ${error.code ?? error.name}`, false);
    }
  }
}

function name(uri) {
  return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
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

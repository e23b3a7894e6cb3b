// The GitHub Action: reads what happened, scans what it brought, and says so in every place that GitHub has for it.
// Nothing is downloaded: the scanner is inside this file, so a pinned commit of the Action pins the scanner.

import { appendFileSync, existsSync } from "node:fs";
import { join, resolve } from "node:path";

import * as keylint from "./engine.mjs";
import { annotations, remark } from "./annotations.mjs";
import { command, line, output } from "./commands.mjs";
import { plan as planned } from "./event.mjs";
import { Failure, said } from "./failure.mjs";
import { write } from "./files.mjs";
import { Git, Objects } from "./git.mjs";
import { read } from "./inputs.mjs";
import { masks, unmasked } from "./masks.mjs";
import { range } from "./range.mjs";
import { results, SEVERITIES } from "./results.mjs";
import { Scan } from "./scan.mjs";
import { Settings } from "./settings.mjs";
import { Links, summary } from "./summary.mjs";

/** Suffixes of report files. */
const SUFFIXES = { text: "txt", concise: "txt", github: "txt", junit: "xml", checkstyle: "xml", markdown: "md" };
/** Findings that the log lists. */
const MAX_LISTED = 1000;

const say = (text) => process.stdout.write(`${text}\n`);
const log = (text) => say(line(text));

async function main(env) {
  const inputs = read(env, keylint.formats());
  const workspace = env.GITHUB_WORKSPACE || process.cwd();
  const git = new Git(await checkout(workspace, inputs.workingDirectory, env), env);
  const plan = planned(env, inputs.scope);
  if (plan.kind === "nothing") {
    log(`nothing to scan: ${plan.why}`);
    return finish(env, undefined);
  }

  const change = plan.kind === "range" ? await range(git, plan, log) : undefined;
  const tip = change?.tip ?? (await commit(git));
  const guarded = plan.guarded === true && inputs.trust === "base";
  const objects = new Objects(git);
  try {
    return await run({ env, inputs, workspace, git, objects, plan, change, tip, guarded });
  } finally {
    // Until then it would keep this process alive.
    objects.close();
  }
}

/** Scans, and says what was found. */
async function run({ env, inputs, workspace, git, objects, plan, change, tip, guarded }) {
  const trusted = guarded ? change.base : tip;
  const absent = await missing(objects, inputs.paths, [tip, change?.before]);
  if (absent && !change) throw new Failure(absent);
  const settings = new Settings({ commit: trusted, objects, git, keylint, inputs });
  const { scanner } = await settings.of("keylint");
  const report = scanner.report();
  const scan = new Scan({ git, objects, settings, report, guarded, paths: inputs.paths });
  if (change) await scan.net(change.before, tip);
  else await scan.tree(tip);
  await scan.moved(tip);

  const about = { scope: { kind: change ? "range" : "paths", commit: tip, repository: repository(env) } };
  if (inputs.sarifFile) write(workspace, inputs.sarifFile, report.render("sarif", about));
  let gone = new Map();
  if (change && inputs.scope !== "diff") {
    await scan.each(change.commits);
    gone = await scan.gone();
  }
  const reportFile = inputs.format && (inputs.reportFile || standard(env, inputs.format));
  if (reportFile) write(workspace, reportFile, report.render(inputs.format, about));
  const found = results(scan, report, { gone, tip, head: change?.head ?? tip });
  found.notes = [...notes(scan, guarded, trusted), ...(absent ? [absent] : [])];

  if (inputs.mask && env.GITHUB_ACTIONS === "true") {
    const values = await scan.values();
    masks(values).forEach(say);
    if (unmasked(values) > 0) log(`${unmasked(values)} more values are too many to be hidden in the log of the job`);
  }
  const scope = described(plan, change, scan);
  const config = configured(settings, trusted, guarded);
  list(found);
  log(`${scope}; ${config}`);
  if (inputs.annotations) annotations(found, keylint.explain).forEach(say);
  const file = env.GITHUB_STEP_SUMMARY;
  if (inputs.summary && file) {
    appendFileSync(file, summary(found, { links: new Links(env), scope, config, explain: keylint.explain }));
  }
  return finish(env, found, { sarifFile: inputs.sarifFile, reportFile });
}

/** The folder of the checkout, which must be a repository. */
async function checkout(workspace, name, env) {
  const folder = resolve(workspace, name);
  if (!existsSync(folder)) throw new Failure(`there is no folder \`${name}\` in the workspace`);
  const top = await new Git(folder, env).maybe(["rev-parse", "--show-toplevel"]);
  if (top === undefined) {
    throw new Failure(`\`${name}\` is not a git repository: run actions/checkout before this step`);
  }
  return top;
}

async function commit(git) {
  const head = await git.maybe(["rev-parse", "--verify", "HEAD^{commit}"]);
  if (head === undefined) throw new Failure("there is no commit to scan in this repository");
  return head;
}

function repository({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name }) {
  return server && name ? `${server}/${name}` : undefined;
}

function standard(env, format) {
  return join(env.RUNNER_TEMP || ".", `keylint-report.${SUFFIXES[format] ?? format}`);
}

/** Says which of `paths` are in none of the commits: of a slip, nothing would ever be found. */
async function missing(objects, paths, commits) {
  const known = commits.filter((commit) => commit !== undefined);
  const absent = [];
  for (const path of paths) {
    const found = await Promise.all(known.map((commit) => objects.read(`${commit}:${path}`)));
    if (found.every((object) => object === undefined)) absent.push(`\`${path}\``);
  }
  const are = absent.length === 1 ? "is" : "are";
  return absent.length === 0 ? undefined : `the input \`paths\` names ${absent.join(", ")}, which ${are} not there`;
}

/** What the change does to the settings themselves. */
function notes(scan, guarded, trusted) {
  if (scan.concerned.size === 0) return [];
  const named = [...scan.concerned].sort().slice(0, 5).join(", ");
  const from = guarded ? `those of the base commit${trusted ? ` ${trusted.slice(0, 7)}` : ""} are` : "the changed ones are";
  return [`this change edits the settings of keylint (${named}); ${from} in force`];
}

function described(plan, change, scan) {
  if (!change) return "all files";
  const count = change.commits.length;
  const commits = scan.commits > 0 ? `, ${count} ${count === 1 ? "commit" : "commits"} each for itself` : "";
  return `${plan.name}${commits}`;
}

function configured(settings, trusted, guarded) {
  const paths = settings.all().map(({ path }) => path).filter((path) => path !== undefined);
  const where = trusted === undefined ? "" : ` of ${guarded ? "the base commit " : ""}${trusted.slice(0, 7)}`;
  return paths.length === 0 ? `no configuration${guarded ? where : ""}` : `${paths.sort().join(", ")}${where}`;
}

/** The findings as lines of the log. */
function list({ findings, skipped }) {
  for (const { finding, path, range: { start }, commit, gone } of findings.slice(0, MAX_LISTED)) {
    const where = `${path}:${start.line + 1}:${start.character + 1}`;
    log(`${where}: ${finding.severity}[${finding.rule}] ${finding.message}${remark(commit, gone)}`);
  }
  if (findings.length > MAX_LISTED) log(`${findings.length - MAX_LISTED} more findings`);
  for (const { kind, path, reason } of skipped) if (kind === "incomplete") log(`${path}: not scanned: ${reason}`);
}

/** Sets the outputs; gives the exit code. */
function finish(env, found, { sarifFile = "", reportFile = "" } = {}) {
  const findings = found?.findings ?? [];
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, found?.summary.severities[severity] ?? 0]));
  const code = found?.summary.exitCode ?? 0;
  const outputs = {
    findings: findings.length,
    "at-gate": found?.summary.atGate ?? 0,
    counts: JSON.stringify(counts),
    "highest-severity": SEVERITIES.find((severity) => counts[severity] > 0) ?? "",
    "new-suppressions": found?.silenced.length ?? 0,
    "sarif-file": sarifFile,
    "report-file": reportFile,
    "exit-code": code,
  };
  for (const [name, value] of Object.entries(outputs)) output(env.GITHUB_OUTPUT, name, value);
  if (found) {
    const total = `${findings.length} ${findings.length === 1 ? "finding" : "findings"}`;
    say(`${total}, ${found.summary.atGate} at the gate${found.summary.complete ? "" : "; the scan is incomplete"}`);
  }
  return code;
}

function failed(error) {
  const known = error instanceof Failure;
  say(command("error", { title: "keylint" }, known ? said(error) : `internal error: ${said(error.stack ?? error)}`));
  output(process.env.GITHUB_OUTPUT, "exit-code", 2);
  return 2;
}

main(process.env)
  .catch(failed)
  .then((code) => {
    process.exitCode = code;
  });

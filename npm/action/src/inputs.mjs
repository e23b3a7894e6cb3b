// Reads the inputs of the step. Not here: what they lead to.

import { Failure } from "./failure.mjs";

const SEVERITIES = ["info", "low", "medium", "high", "critical"];
const CONFIDENCES = ["low", "medium", "high", "certain"];

/** Reads the inputs from the environment, as the runner hands them over; `formats` are the formats of reports. */
export function read(env, formats) {
  const text = (name) => (env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
  const choice = (name, known, fallback) => {
    const word = text(name) || fallback;
    if (word !== "" && !known.includes(word)) {
      throw new Failure(`the input \`${name}\` is \`${word}\`; it must be one of ${known.filter(Boolean).join(", ")}`);
    }
    return word;
  };
  const flag = (name) => choice(name, ["true", "false"], "true") === "true";
  const paths = text("paths").split(/\r?\n/).filter((path) => path.trim() !== "").map(folder);
  return {
    paths: paths.includes("") ? [] : paths,
    workingDirectory: text("working-directory") || ".",
    scope: choice("scope", ["auto", "commits", "diff", "tree"], "auto"),
    trust: choice("trust", ["base", "head"], "base"),
    config: folder(text("config")),
    failOn: choice("fail-on", [...SEVERITIES, "never", ""], ""),
    minConfidence: choice("min-confidence", [...CONFIDENCES, ""], ""),
    format: choice("format", [...formats, ""], ""),
    reportFile: text("report-file"),
    sarifFile: text("sarif-file"),
    annotations: flag("annotations"),
    summary: flag("summary"),
    mask: flag("mask"),
  };
}

/** A path as git writes it: `/`-separated, without `./` and `/` around it; the root is empty. */
function folder(path) {
  const plain = path.trim().replaceAll("\\", "/").replace(/^(\.\/+)+/, "").replace(/\/+$/, "");
  return plain === "." ? "" : plain;
}

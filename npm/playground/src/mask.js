// Takes the secrets out of a text before it may become a link. Not here: the link (`link.js`).

import { Text } from "@codemirror/state";
import { secrets } from "./places.js";

/** Shorter values are common words; the scanner has replaced them at their place. */
const SHORTEST = 6;
/** How often what is left is looked for again. */
const ROUNDS = 3;

const isSecret = (finding) => finding.family === "secret";

/** The text with placeholders, and how many secrets it had; `null` where some could not be taken out. */
export function mask(scanner, path, text) {
  const found = scanner.scan(path, text).findings.filter(isSecret);
  let masked = scanner.redact(text, { path, minConfidence: "low" });
  // What was found once is taken out everywhere, and what the redactor left is taken out here.
  const document = Text.of(text.split("\n"));
  let count = 0;
  for (const finding of found) {
    for (const { from, to } of secrets(document, finding)) {
      count += 1;
      for (const piece of text.slice(from, to).split("\n")) {
        if (piece.length >= SHORTEST) {
          masked = masked.replaceAll(piece, `<secret:${finding.rule}>`);
        }
      }
    }
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const left = scanner.scan(path, masked).findings.filter(isSecret);
    if (left.length === 0) {
      return { text: masked, count };
    }
    const rest = Text.of(masked.split("\n"));
    const places = left.flatMap((finding) => secrets(rest, finding).map((place) => ({ ...place, rule: finding.rule })));
    // From the end, so that what stands before stays where it is.
    let before = masked.length;
    for (const { from, to, rule } of places.sort((one, other) => other.from - one.from)) {
      if (to <= before) {
        masked = `${masked.slice(0, from)}<secret:${rule}>${masked.slice(to)}`;
        before = from;
      }
    }
  }
  return null;
}

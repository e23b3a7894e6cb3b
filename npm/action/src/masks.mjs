// Hides what was found from the rest of the job: later steps cannot print it any more.
// Not here: when that is safe to say, which is only to a runner that takes it as a command.

import { mask } from "./commands.mjs";

/** Shorter values would black out the log where they stand by chance. */
const MIN_LENGTH = 8;
/** The runner searches each line of the log for each value. */
const MAX_MASKS = 500;

const worth = (values) => [...new Set(values)].filter((value) => value.trim().length >= MIN_LENGTH);

/** The commands that hide `values`. */
export const masks = (values) => worth(values).slice(0, MAX_MASKS).map(mask);

/** How many of `values` they leave as they are, since there are too many. */
export const unmasked = (values) => Math.max(0, worth(values).length - MAX_MASKS);

/** The text of `data` from `start` to `end`; nothing where it is not text, which nothing prints. */
export function value(data, { start, end }) {
  const bytes = data.subarray(start, end);
  const zeros = [0, 1].map((parity) => bytes.some((byte, at) => at % 2 === parity && byte === 0));
  if (!zeros[0] && !zeros[1]) return decoded(bytes, "utf-8");
  if (zeros[0] && zeros[1]) return [];
  // UTF-16: the zero bytes of plain characters say which half comes first.
  return decoded(bytes, zeros[1] ? "utf-16le" : "utf-16be");
}

function decoded(bytes, encoding) {
  try {
    return [new TextDecoder(encoding, { fatal: true }).decode(bytes)];
  } catch {
    return [];
  }
}

// What stops a run: said in one sentence, with what to do about it. Not here: findings, which are no failure.

/** An error of the surroundings (configuration, checkout, permissions) and not of this program. */
export class Failure extends Error {}

/** The message of an error, without credentials that a URL in it may hold. */
export function said(error) {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\/\/[^/@\s]+@/g, "//***@");
}

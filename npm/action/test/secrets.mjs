// Secrets that are made when a test runs, since none may stand in the repository. Not real ones: nobody issued them.

let state = 0x9e3779b9;

/** `length` characters of `alphabet`, the same ones in each run. */
export function random(length, alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") {
  let text = "";
  while (text.length < length) {
    // xorshift32, Marsaglia 2003.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    text += alphabet[(state >>> 0) % alphabet.length];
  }
  return text;
}

/** A Stripe key. */
export const stripe = () => ["sk", "live", random(24)].join("_");

/** The halves of an AWS key. */
export const aws = () => ({
  id: `AK${"IA"}${random(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`,
  secret: random(40),
});

/** A private key, of several lines. */
export function privateKey() {
  const mark = (word) => `-----${word} RSA ${"PRIVATE"} KEY-----`;
  const body = Array.from({ length: 12 }, () => random(64));
  return [mark("BEGIN"), `MII${body[0].slice(3)}`, ...body.slice(1), mark("END")].join("\n");
}

/** A line that leaks. */
export const line = (name, secret) => `${name} = "${secret}"\n`;

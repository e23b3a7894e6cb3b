// Fills in the placeholders of samples (`{alnum:24}`), so that no token-shaped string stands in the repository.
// Not here: the samples.

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const lower = upper.toLowerCase();
const digits = "0123456789";
const alphabets = {
  alnum: digits + upper + lower,
  base32: `${upper}234567`,
  base64: `${upper}${lower}${digits}+/`,
  digit: digits,
  hex: `${digits}abcdef`,
  lower,
};

/** Numbers that look random and are the same for everybody (mulberry32, public domain). */
function generator(seed) {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** CRC-32 as in zlib. */
function crc32(text) {
  let sum = -1;
  for (const letter of text) {
    sum ^= letter.charCodeAt(0);
    for (let bit = 0; bit < 8; bit += 1) {
      sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
    }
  }
  return (sum ^ -1) >>> 0;
}

/** The six characters at the end of GitHub's tokens:
 * <https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/>. */
function githubChecksum(text) {
  let sum = crc32(text);
  let end = "";
  for (let place = 0; place < 6; place += 1) {
    end = alphabets.alnum[sum % 62] + end;
    sum = Math.floor(sum / 62);
  }
  // Their order of digits is 0-9, A-Z, a-z, which is that of the alphabet above.
  return end;
}

/** The text with its placeholders filled in. */
export function expand(template, seed = 1) {
  const next = generator(seed);
  const letters = (alphabet, length) => Array.from({ length }, () => alphabet[next(alphabet.length)]).join("");
  return template.replace(/\{(alnum|base32|base64|digit|hex|lower|github):(\d+)\}/g, (_, kind, length) => {
    if (kind !== "github") {
      return letters(alphabets[kind], Number(length));
    }
    const head = letters(alphabets.alnum, Number(length));
    return head + githubChecksum(head);
  });
}

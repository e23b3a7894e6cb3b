// A text, its path and policy type as the fragment of a link, deflated, and back. Not here: taking secrets out (`mask.js`).

/** Tells this form from later ones. */
const FORM = "1.";
/** A link that unpacks to more was not made here. */
const MAX_TEXT = 1 << 20;

async function through(stream, bytes, limit = Infinity) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return new Uint8Array(await new Blob(parts).arrayBuffer());
    }
    parts.push(value);
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw new Error("the text in the link is too long");
    }
  }
}

/** The fragment, without `#`; `null` where the text is too long. */
export async function encode({ path, text, policy }) {
  const plain = new TextEncoder().encode(JSON.stringify(policy ? [path, text, policy] : [path, text]));
  if (plain.length > MAX_TEXT) {
    return null;
  }
  const bytes = await through(new CompressionStream("deflate-raw"), plain);
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return FORM + btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What a fragment holds; `null` where it is none of ours. Throws where it is broken. */
export async function decode(fragment) {
  if (!fragment.startsWith(FORM)) {
    return null;
  }
  const letters = atob(fragment.slice(FORM.length).replaceAll("-", "+").replaceAll("_", "/"));
  const packed = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const bytes = await through(new DecompressionStream("deflate-raw"), packed, MAX_TEXT);
  const [path, text, policy = ""] = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof path !== "string" || typeof text !== "string") {
    throw new Error("the link holds no text");
  }
  return { path, text, policy };
}

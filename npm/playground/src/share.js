// The dialog that makes a link and shows what will be in it. Not here: masking and packing (`mask.js`, `link.js`).

import { byId } from "./dom.js";
import { encode } from "./link.js";
import { mask } from "./mask.js";

/** Longer ones are cut by chats and mail programs. */
const LONG = 8000;

function said(masked, link) {
  const { count } = masked;
  const what = count === 0
    ? "No secrets were found in it."
    : `${count === 1 ? "The secret that was found is" : `The ${count} secrets that were found are`} replaced by placeholders.`;
  return link.length > LONG ? `${what} The link has ${link.length} characters; some programs cut long links.` : what;
}

/** Why there is no link. */
function refused(masked, name, fragment) {
  if (!masked || !name) {
    return "Some secrets could not be taken out, so there is no link.";
  }
  return fragment ? null : "The text is too long for a link.";
}

/** Lets the button open the dialog; `current` gives the scanner, path, text and policy type. */
export function shared(button, current) {
  const dialog = byId("dialog");
  button.addEventListener("click", async () => {
    const { scanner, path, text, policy } = current();
    const masked = mask(scanner, path, text);
    const name = mask(scanner, "path.txt", path);
    const fragment = masked && name && (await encode({ path: name.text, text: masked.text, policy }));
    const link = fragment ? new URL(`#${fragment}`, location.href).href : "";
    byId("copied").textContent = "";
    byId("copy").disabled = !fragment;
    byId("masked").textContent = refused(masked, name, fragment) ?? said(masked, link);
    byId("preview").textContent = fragment ? masked.text : "";
    byId("link").value = link;
    dialog.showModal();
  });
  byId("close").addEventListener("click", () => dialog.close());
  byId("copy").addEventListener("click", async () => {
    byId("link").select();
    try {
      await navigator.clipboard.writeText(byId("link").value);
      byId("copied").textContent = "Copied.";
    } catch {
      byId("copied").textContent = "Copy it with the keyboard.";
    }
  });
}

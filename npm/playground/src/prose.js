// Shows what rules say to people: paragraphs, `code` and links, all that their Markdown has. Not here: the rules.

import { element } from "./dom.js";

const inline = /`([^`]+)`|(https:\/\/[^\s)<>]*[^\s)<>.,;:])/g;

/** A text with its code and links as nodes. */
export function line(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(inline)) {
    nodes.push(text.slice(at, found.index), found[1] ? element("code", {}, found[1]) : link(found[2]));
    at = found.index + found[0].length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== "");
}

/** Paragraphs. */
export function prose(text) {
  const paragraphs = text.trim().split(/\n\s*\n/).filter(Boolean);
  return paragraphs.map((paragraph) => element("p", {}, line(paragraph.replace(/\s*\n\s*/g, " "))));
}

/** A link to another site: only followed, never fetched by the page. */
export function link(address, text = address.replace(/^https:\/\//, "")) {
  if (!address.startsWith("https://")) {
    return text;
  }
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}

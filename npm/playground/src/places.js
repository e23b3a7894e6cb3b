// Between what the scanner says of places (lines and UTF-16 units, bytes) and the editor's offsets. Not here: either.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The offset of a position in a CodeMirror document. */
function offset(text, { line, character }) {
  if (line >= text.lines) {
    return text.length;
  }
  const at = text.line(line + 1);
  return Math.min(at.from + character, at.to);
}

/** A range as offsets. */
export function offsets(text, range) {
  const from = offset(text, range.start);
  return { from, to: Math.max(from, offset(text, range.end)) };
}

/** The secrets of a finding that stand in this document, as offsets: its own and those of its partners. */
export function secrets(text, finding) {
  const ranges = [finding.range, ...finding.related.map((related) => related.range).filter(Boolean)];
  return ranges.map((range) => offsets(text, range));
}

/** The changes that a fix makes, or `null` where it is only told or changes other files too. */
export function changes(text, path, fix) {
  const here = fix.edits.every((edit) => edit.path === path && edit.range);
  if (fix.applicability === "display-only" || fix.edits.length === 0 || !here) {
    return null;
  }
  // Few fixes copy, and a long text takes a while to encode.
  let bytes = null;
  const copy = ({ start, end }) => {
    bytes ??= encoder.encode(text.toString());
    return decoder.decode(bytes.subarray(start, end));
  };
  const part = ({ text, copyOf }) => text ?? copy(copyOf);
  return fix.edits.map((edit) => ({ ...offsets(text, edit.range), insert: edit.insert.map(part).join("") }));
}

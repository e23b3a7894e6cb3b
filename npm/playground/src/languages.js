// The language of a path, for colours only: the scanner decides the format itself. Not here: the colours.

import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { toml } from "@codemirror/legacy-modes/mode/toml";

/** HCL as far as colours go: comments, strings, block types, attributes. */
const hcl = {
  name: "hcl",
  token(stream) {
    if (stream.eatSpace()) {
      return null;
    }
    if (stream.match("#") || stream.match("//")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) {
      return "string";
    }
    if (stream.match(/^(?:true|false|null)\b/)) {
      return "atom";
    }
    if (stream.match(/^[0-9]+(?:\.[0-9]+)?/)) {
      return "number";
    }
    if (stream.match(/^[A-Za-z_][\w-]*(?=\s*=[^=])/)) {
      return "propertyName";
    }
    if (stream.match(/^[A-Za-z_][\w-]*(?=\s*(?:\{|"))/)) {
      return "keyword";
    }
    if (!stream.match(/^[A-Za-z_][\w.-]*/)) {
      stream.next();
    }
    return null;
  },
  languageData: { commentTokens: { line: "#" } },
};

const languages = [
  [/\.(?:json|jsonc|json5|tfstate)$/i, json],
  [/\.(?:ya?ml|template)$/i, yaml],
  [/\.(?:tf|tofu|hcl|tfvars)$/i, () => StreamLanguage.define(hcl)],
  [/\.pyi?$/i, python],
  [/\.(?:[cm]?js|[cm]?ts|jsx|tsx)$/i, () => javascript({ typescript: true, jsx: true })],
  [/(?:^|\/)(?:\.env[\w.-]*|[\w.-]*\.(?:env|ini|cfg|conf|properties))$|(?:^|\/)credentials$/i, () => StreamLanguage.define(properties)],
  [/\.toml$/i, () => StreamLanguage.define(toml)],
  [/(?:^|\/)(?:dockerfile|containerfile)[\w.-]*$|\.dockerfile$/i, () => StreamLanguage.define(dockerFile)],
  [/\.(?:ba|z)?sh$/i, () => StreamLanguage.define(shell)],
];

/** The extension for a path; none where no language is known. */
export function language(path) {
  const known = languages.find(([pattern]) => pattern.test(path));
  return known ? known[1]() : [];
}

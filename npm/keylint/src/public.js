// What every entry exports, beside its own `init`.

export {
  Ignore,
  createScanner,
  explain,
  formats,
  initSync,
  readConfig,
  redact,
  rules,
  sarif,
  version,
} from "./api.js";

// Glob patterns for dotted paths, as OPA's glob.match reads them: `data.users.*`, `data.**`.

const compiled = new Map<string, RegExp>();

/** True when the pattern is of the whole path; `*` and `?` stand for what has no dots, `**` for everything. */
export function matchesGlob(path: string, pattern: string): boolean {
  let known = compiled.get(pattern);
  if (known === undefined) {
    known = new RegExp(`^${source(pattern)}$`, "su");
    compiled.set(pattern, known);
  }
  return known.test(path);
}

const piece = /\*\*|\*|\?|\{[^{}]*\}|\[!?[^\]]+\]|\\.|[^*?\\]/gsu;

function source(pattern: string): string {
  return (pattern.match(piece) ?? []).map(pieceSource).join("");
}

function pieceSource(text: string): string {
  if (text === "**") return ".*";
  if (text === "*") return "[^.]*";
  if (text === "?") return "[^.]";
  if (text.length > 1 && text.startsWith("{")) return `(?:${text.slice(1, -1).split(",").map(source).join("|")})`;
  if (text.length > 1 && text.startsWith("[")) return text.replace(/^\[!/u, "[^");
  return text.slice(-1).replace(/[\^$\\.*+?()[\]{}|/-]/u, "\\$&");
}

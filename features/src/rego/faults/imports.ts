// Imports: they start at one of four roots, name one package or rule, without quotes and without `*`.
import { endOf, type FaultKind, rangeOf } from "./fault.ts";

export const importRoot: FaultKind = ({ parsed: { text }, error: { range, message } }) => {
  if (!message.startsWith("unexpected import path, must begin with one of")) return [];
  const path = text.slice(range.start, range.end);
  const root = /^\w+/u.exec(path)?.[0] ?? path;
  return [
    {
      range: { start: range.start, end: range.start + root.length },
      message: `imports start with \`data\`, \`input\`, \`rego\` or \`future\`: did you mean \`data.${path}\`?`,
      title: `Use \`data.${path}\``,
      repair: [{ range: { start: range.start, end: range.start }, newText: "data." }],
      certain: true,
    },
  ];
};

const isImport = (text: string, offset: number): boolean =>
  /^import\b[^\n]*$/u.test(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset));

/** `import "data.foo"`. */
export const quotedImport: FaultKind = ({ parsed: { text, tokens }, token }) => {
  if (token?.tokenType.name !== "StringLiteral" || tokens[token.index - 1]?.image !== "import") return [];
  const path = /^"((?:data|input|rego|future)(?:[./]\w+)*)"$/u.exec(token.image)?.[1]?.replaceAll("/", ".");
  const message = "an import names its path without quotes";
  const range = rangeOf(token);
  if (path === undefined || !isImport(text, range.start)) return [{ range, message, certain: true }];
  return [{ range, message, title: `Use \`${path}\``, repair: [{ range, newText: path }], certain: true }];
};

/** `import data.foo.*`. */
export const wildcardImport: FaultKind = ({ parsed: { text, tokens }, error }) => {
  const star = tokens.find((one) => one.image === "*" && endOf(one) > error.range.start);
  const dot = star === undefined ? undefined : tokens[star.index - 1];
  if (star === undefined || dot?.image !== "." || !isImport(text, star.startOffset)) return [];
  const range = { start: dot.startOffset, end: endOf(star) };
  const message = "an import names the package, whose rules then stand behind its name";
  return [{ range, message, title: "Remove `.*`", repair: [{ range, newText: "" }] }];
};

/** `import data.a, data.b`. */
export const severalImports: FaultKind = ({ parsed: { text }, token }) => {
  if (token?.image !== "," || !isImport(text, token.startOffset)) return [];
  const range = rangeOf(token);
  const blanks = /^[ \t]*/u.exec(text.slice(range.end))![0].length;
  const repair = [{ range: { start: range.start, end: range.end + blanks }, newText: "\nimport " }];
  return [{ range, message: "one `import` for each path", title: "Split the import", repair }];
};

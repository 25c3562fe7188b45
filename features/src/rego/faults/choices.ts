// `a ?? b` and `c ? a : b` as Rego says them, where only one thing can be meant.
import type { Alternatives } from "./alternatives.ts";
import { closersOf, lineEnd } from "./fault.ts";

const text = String.raw`"(?:[^"\\\n]|\\.)*"`;
const ref = new RegExp(String.raw`(?:^|:=|[^=!<>:]=|[(,[:])[ \t]*([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*|\[${text}\])+)[ \t]*$`, "u");
const value = new RegExp(
  String.raw`^[ \t]*(${text}|-?\d+(?:\.\d+)?|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*|\[\]|\{\})(?=[ \t]*(?:$|[)\]},;#]))`,
  "u",
);

/** `object.get(input, "x", 1)` for `input.x ?? 1`; undefined where more than a ref and a simple value is joined. */
export function fallbackAt(source: string, at: number): Alternatives | undefined {
  const start = source.lastIndexOf("\n", at) + 1;
  const [, root, path = ""] = ref.exec(source.slice(start, at)) ?? [];
  const [whole, other] = value.exec(source.slice(at + 2, lineEnd(source, at))) ?? [];
  // What `data` leads to are rules: those have `default`.
  if (root === undefined || root === "data" || whole === undefined) return undefined;
  const keys = Array.from(path.matchAll(new RegExp(`\\.(\\w+)|(${text})`, "gu")), ([, name, key]) => key ?? `"${name}"`);
  const [first] = keys;
  const wanted = keys.length === 1 ? first : `[${keys.join(", ")}]`;
  const from = source.slice(start, at).trimEnd().length + start - root.length - path.length;
  const range = { start: from, end: at + 2 + whole.length };
  return { title: "Use `object.get`", repair: [{ range, newText: `object.get(${root}, ${wanted}, ${other})` }] };
}

/** `x := a if c else := b` for the rule `x := c ? a : b`; undefined in bodies, and for one within another. */
export function choiceAt(source: string, at: number): Alternatives | undefined {
  const start = source.lastIndexOf("\n", at) + 1;
  const end = lineEnd(source, at);
  const [head] = /^[A-Za-z_][\w.]*(?:\([^()\n]*\))?[ \t]*:?=[ \t]*(?!=)/u.exec(source.slice(start, at)) ?? [];
  if (head === undefined) return undefined;
  const condition = source.slice(start + head.length, at).trim();
  const cases = source.slice(at + 1, end);
  const colons = outside(cases, ":");
  const [one, other] = [cases.slice(0, colons[0]).trim(), cases.slice((colons[0] ?? 0) + 1).trim()];
  if (colons.length !== 1 || outside(cases, "?").length > 0 || outside(cases, "#").length > 0) return undefined;
  if (condition === "" || one === "" || other === "" || closersOf(condition) !== "") return undefined;
  const range = { start: start + head.length, end };
  return { title: "Use `if` and `else`", repair: [{ range, newText: `${one} if ${condition} else := ${other}` }] };
}

/** Where a character stands outside of strings and brackets. */
function outside(line: string, wanted: string): readonly number[] {
  const found: number[] = [];
  let depth = 0;
  for (const { 0: piece, index } of line.matchAll(new RegExp(`${text}|[\\s\\S]`, "gu"))) {
    if (piece === wanted && depth === 0) found.push(index);
    if (/^[([{]$/u.test(piece)) depth += 1;
    if (/^[)\]}]$/u.test(piece)) depth -= 1;
  }
  return found;
}

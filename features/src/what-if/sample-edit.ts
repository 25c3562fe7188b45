// Changes of an input as edits of the sample that it comes from: HOCON or JSON, where the values stand, else as new keys.
import type { FieldNode, ObjectNode } from "#grammars/hocon/tree.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { writtenKeys } from "#workspace/written-keys.ts";
import { type Change, changedBy, valueAt } from "./change.ts";

export interface SampleEdit {
  readonly range: Range;
  readonly newText: string;
}

/** A value of the sample by its keys; undefined for one that goes. */
interface Wanted {
  readonly keys: readonly string[];
  readonly value: unknown;
}

/** Undefined where the text cannot be changed so. What it comes to must be seen: what is included, or laid over it, may win. */
export function sampleEdits(file: SourceFile, input: unknown, changes: readonly Change[]): readonly SampleEdit[] | undefined {
  if (file.kind !== "hocon" && file.kind !== "json") return undefined;
  const after = changedBy(input, changes);
  if (after === undefined) return undefined;
  const edits: SampleEdit[] = [];
  for (const wanted of wantedOf(after.input, changes)) {
    const edit = editOf(file, wanted);
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  return edits;
}

/** Lists are written whole; of values within each other the outer one. */
function wantedOf(after: unknown, changes: readonly Change[]): readonly Wanted[] {
  const paths = changes.map(({ path }) => {
    const index = path.findIndex((step) => typeof step === "number");
    return path.slice(0, index < 0 ? path.length : index).map(String);
  });
  const isWithin = (inner: readonly string[], outer: readonly string[]): boolean =>
    inner.length > outer.length && outer.every((key, at) => key === inner[at]);
  const outermost = paths.filter((path) => !paths.some((other) => isWithin(path, other)));
  const unlike = [...new Map(outermost.map((path) => [JSON.stringify(path), path])).values()];
  return unlike.map((keys) => ({ keys, value: valueAt(after, keys) }));
}

function editOf(file: SourceFile, wanted: Wanted): SampleEdit | undefined {
  const { keys, value } = wanted;
  const field = writtenKeys(file).findLast((one) => one.field !== undefined && one.path.join("\n") === keys.join("\n"))?.field;
  if (field !== undefined) {
    if (value === undefined) return { range: withComma(file.text, field), newText: "" };
    const separator = field.separator === undefined || field.separator === "+=" ? " = " : "";
    const start = separator === "" && field.value !== undefined ? field.value.start : field.key.end;
    return { range: { start, end: field.value?.end ?? field.end }, newText: `${separator}${JSON.stringify(value)}` };
  }
  if (value === undefined) return undefined;
  return file.kind === "json" ? inserted(file, wanted) : appended(file, wanted);
}

/** A member with the comma that belongs to it. */
function withComma(text: string, { start, end }: FieldNode): Range {
  const behind = /^[ \t\r\n]*,[ \t]*/u.exec(text.slice(end));
  if (behind !== null) return { start, end: end + behind[0].length };
  const before = /,[ \t\r\n]*$/u.exec(text.slice(0, start));
  return { start: before === null ? start : before.index, end };
}

/** A line at the end of HOCON, within its braces where it has any. */
function appended({ text, path, ...file }: SourceFile, { keys, value }: Wanted): SampleEdit {
  const { tree } = parsedHocon({ text, path, ...file });
  const at = tree.braced ? tree.body.end - 1 : text.length;
  const name = keys.map((key) => (/^[A-Za-z_][\w-]*$/u.test(key) ? key : JSON.stringify(key))).join(".");
  const gap = at === 0 || text[at - 1] === "\n" ? "" : "\n";
  return { range: { start: at, end: at }, newText: `${gap}${name} = ${JSON.stringify(value)}\n` };
}

/** A member of the innermost object that JSON has on the way. */
function inserted(file: SourceFile, { keys, value }: Wanted): SampleEdit | undefined {
  const { tree } = parsedHocon(file);
  if (tree.body.kind !== "object") return undefined;
  let at: ObjectNode = tree.body;
  let depth = 0;
  for (; depth < keys.length - 1; depth++) {
    const inner: FieldNode["value"] = at.members.flatMap((one) =>
      one.kind === "field" && one.key.path.length === 1 && one.key.path[0] === keys[depth] ? [one.value] : [],
    )[0];
    if (inner === undefined) break;
    if (inner.kind !== "object") return undefined;
    at = inner;
  }
  const whole = keys.slice(depth + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const last = at.members.at(-1);
  const member = `${JSON.stringify(keys[depth])}: ${JSON.stringify(whole)}`;
  if (last === undefined) return { range: { start: at.start + 1, end: at.start + 1 }, newText: member };
  const indent = /\n([ \t]*)$/u.exec(file.text.slice(0, last.start))?.[1];
  return { range: { start: last.end, end: last.end }, newText: `,${indent === undefined ? " " : `\n${indent}`}${member}` };
}

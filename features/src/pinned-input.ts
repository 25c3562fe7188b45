// `inputs.pins` of `rw.conf`: which input a rule is always asked with. Where such lines stand, and how one is written, replaced or taken out.
import type { FieldNode } from "#grammars/hocon/tree.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { rulePath } from "#workspace/config.ts";
import { resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { writtenKeys } from "#workspace/written-keys.ts";

export interface WrittenPin {
  /** `data.storage.allow`. */
  readonly rule: string;
  /** The rule as it is written. */
  readonly name: Range;
  readonly field: FieldNode;
}

/** The pins that a configuration writes itself, in the order of their lines. */
export function writtenPins(config: SourceFile): readonly WrittenPin[] {
  return writtenKeys(config).flatMap(({ path, field }) => {
    if (path[0] !== "inputs" || path[1] !== "pins" || path.length < 3 || field === undefined || isObject(field)) return [];
    const written = path.slice(2).join(".");
    const key = config.text.slice(field.key.start, field.key.end);
    const start = field.key.start + Math.max(key.lastIndexOf(written), 0);
    return [{ rule: rulePath(written), name: { start, end: start + written.length }, field }];
  });
}

const isObject = ({ value }: FieldNode): boolean => value?.kind === "object";

export interface PinEdit {
  /** The configuration, which may not be there yet. */
  readonly file: string;
  readonly range: Range;
  readonly newText: string;
}

/** The edit of `rw.conf` that pins an input (a path seen from there) to a rule, or takes the pin out; undefined when there is nothing to do. */
export function pinEdit(project: Project, rule: string, input: string | undefined): PinEdit | undefined {
  const file = resolve(project.configFolder, "rw.conf");
  const config = project.find(file);
  const held = config === undefined ? [] : writtenPins(config);
  const own = held.findLast((pin) => pin.rule === rule);
  if (config === undefined) {
    return input === undefined
      ? undefined
      : { file, range: { start: 0, end: 0 }, newText: `${line("inputs.pins.", rule, input)}\n` };
  }
  const { text } = config;
  if (own !== undefined) {
    const { field } = own;
    const value = field.value ?? { start: field.end, end: field.end };
    if (input === undefined) return { file, range: wholeLine(text, field), newText: "" };
    return { file, range: { start: value.start, end: value.end }, newText: quoted(input) };
  }
  if (input === undefined) return undefined;
  const beside = held.at(-1)?.field;
  if (beside !== undefined) {
    const indent = /[ \t]*$/u.exec(text.slice(0, beside.start))![0];
    const prefix = /^inputs\s*\.\s*pins\s*\./u.exec(text.slice(beside.start, beside.end))?.[0] ?? "";
    return { file, range: { start: beside.end, end: beside.end }, newText: `\n${indent}${line(prefix, rule, input)}` };
  }
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  return { file, range: { start: text.length, end: text.length }, newText: `${gap}${line("inputs.pins.", rule, input)}\n` };
}

const line = (prefix: string, rule: string, input: string): string =>
  `${prefix}${quoted(rule.replace(/^data\./u, "").replaceAll(".", "/"))} = ${quoted(input)}`;

/** HOCON reads plain paths without quotes; two slashes would begin a comment, and dots of a key divide it. */
const quoted = (text: string): string => (/^[\w-]+(?:\/[\w.-]+)*$/u.test(text) ? text : JSON.stringify(text));

/** A field with its line, when it stands alone there. */
function wholeLine(text: string, { start, end }: Range): Range {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const feed = text.indexOf("\n", end);
  const to = feed < 0 ? text.length : feed + 1;
  const isAlone = text.slice(from, start).trim() === "" && /^[,\s]*(?:#.*)?$/u.test(text.slice(end, to));
  return isAlone ? { start: from, end: to } : { start, end };
}

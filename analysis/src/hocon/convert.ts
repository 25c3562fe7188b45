// `inputs.convert`: paths of an input whose durations or sizes become integers (nanoseconds, bytes), by the reference's typed read.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { renderPath, splitPath } from "#grammars/hocon/path.ts";
import { readDuration, readSize } from "./units.ts";
import type { ConfigValue, NumberValue, ObjectValue } from "./value.ts";

/** What to read at a path. */
export type Conversions = ReadonlyMap<string, "duration" | "size">;

export interface Converted {
  readonly value: ObjectValue;
  readonly diagnostics: readonly Diagnostic[];
}

/** Converts the values at the given paths. A path without a value is left alone; a value that cannot be read is an error at its place. */
export function convertUnits(value: ObjectValue, conversions: Conversions): Converted {
  const diagnostics: Diagnostic[] = [];
  let converted: ConfigValue = value;
  for (const [path, kind] of conversions) {
    const elements = splitPath(path).elements.map(({ text }) => text);
    converted = convertAt(converted, elements, 0, kind, diagnostics);
  }
  return { value: converted as ObjectValue, diagnostics };
}

function convertAt(
  value: ConfigValue,
  path: readonly string[],
  index: number,
  kind: "duration" | "size",
  out: Diagnostic[],
): ConfigValue {
  if (index < path.length) {
    if (value.kind !== "object") return value;
    const field = value.fields.get(path[index]!);
    if (field === undefined) return value;
    const converted = convertAt(field, path, index + 1, kind, out);
    return converted === field ? value : { ...value, fields: new Map([...value.fields, [path[index]!, converted]]) };
  }
  if (value.kind !== "string" && value.kind !== "number") return value;
  const { value: read, problem } = kind === "duration" ? readDuration(value.text) : readSize(value.text);
  if (read === undefined) {
    const message = `\`${renderPath(path)}\` is to be read as a ${kind}, but ${problem}`;
    out.push({
      file: value.source.file,
      range: { start: value.start, end: value.end },
      severity: "error",
      code: "hocon_bad_unit",
      message,
    });
    return value;
  }
  const number: NumberValue = { kind: "number", source: value.source, start: value.start, end: value.end, text: read.toString() };
  return number;
}

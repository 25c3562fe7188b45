// An input file as JSON text: `.conf`, `.hocon`, `.json` and `.properties`. YAML is read elsewhere.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { parseHocon, syntaxOf } from "#grammars/hocon/parse.ts";
import { type Conversions, convertUnits } from "./convert.ts";
import { type HoconDocument, type Location, type Resolved, type ResolveOptions, resolveHocon, toJsonText } from "./resolve.ts";

export interface InputOptions extends Omit<ResolveOptions, "allowUnresolved"> {
  /** Where the file lives, for its includes; its name when not given. */
  readonly location?: Location;
  readonly convert?: Conversions;
}

export interface InputDocument {
  /** Undefined when there is an error. */
  readonly json: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The values with their origins; undefined for plain JSON. */
  readonly resolved: Resolved | undefined;
}

/** True for the names that `readInput` reads as HOCON, JSON or properties. */
export function isHoconInput(file: string): boolean {
  return /\.(?:conf|hocon|json|properties)$/.test(file);
}

/**
 * Reads an input. A `.json` file that is JSON stays as it is (duplicate keys, number texts and all: the evaluator reads JSON itself) unless
 * it is merged over other documents or converted.
 */
export function readInput(file: string, text: string, options: InputOptions = {}): InputDocument {
  const { location, convert, ...rest } = options;
  const plain = file.endsWith(".json") && (rest.fallbacks ?? []).length === 0 && (convert?.size ?? 0) === 0;
  if (plain && isJson(text)) return { json: text, diagnostics: [], resolved: undefined };
  const document: HoconDocument = { parsed: parseHocon(text, { file, syntax: syntaxOf(file) }), ...(location && { location }) };
  const resolved = resolveHocon(document, rest);
  const converted = convertUnits(resolved.value, convert ?? new Map());
  const diagnostics = [...resolved.diagnostics, ...converted.diagnostics];
  const failed = resolved.failed || resolved.pending || converted.diagnostics.length > 0;
  return { json: failed ? undefined : toJsonText(converted.value), diagnostics, resolved };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

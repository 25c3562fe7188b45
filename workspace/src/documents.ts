// JSON and YAML files as exact JSON text.
import { crashText } from "#evaluation/crash-text.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import { type NumberFault, refusedNumber } from "#grammars/text/number-limits.ts";
import type { SourceFile } from "./source-file.ts";
import { yamlToJson } from "./yaml-json.ts";

export interface JsonDocument {
  /** Undefined when the file is not readable as its format. */
  readonly json: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The content of a `.json` or `.yaml` file as JSON text; numbers stay as written. */
export const readDocument = oncePer((file: SourceFile): JsonDocument => (file.kind === "yaml" ? fromYaml(file) : fromJson(file)));

export function documentFault(file: SourceFile, offset: number, code: string, message: string): JsonDocument {
  const start = Math.min(offset, file.text.length);
  const range = { start, end: Math.min(start + 1, file.text.length) };
  return { json: undefined, diagnostics: [{ file: file.path, range, severity: "error", code, message }] };
}

/** Such a number could be held, but nothing would end that calculates with it. */
function numberFault(file: SourceFile, offset: number, fault: NumberFault): JsonDocument {
  return documentFault(file, offset, "rw_number_error", `invalid number: ${fault}`);
}

function fromYaml(file: SourceFile): JsonDocument {
  const outcome = yamlToJson(file.text);
  if ("fault" in outcome) return documentFault(file, outcome.fault.offset, "rw_yaml_error", `not YAML: ${outcome.fault.message}`);
  const refused = refusedNumber(outcome.json);
  return refused === undefined ? { json: outcome.json, diagnostics: [] } : numberFault(file, 0, refused.fault);
}

function fromJson(file: SourceFile): JsonDocument {
  try {
    JSON.parse(file.text);
    const refused = refusedNumber(file.text);
    return refused === undefined ? { json: file.text, diagnostics: [] } : numberFault(file, refused.offset, refused.fault);
  } catch (error) {
    const message = crashText(error);
    const position = /at position (\d+)/u.exec(message)?.[1];
    const offset = position === undefined ? file.text.trimEnd().length : Number(position);
    return documentFault(file, offset, "rw_json_error", `not JSON: ${message.replace(/ in JSON at position.*$/u, "")}`);
  }
}

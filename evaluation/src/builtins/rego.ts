// rego.parse_module: the tree of a policy text, as `opa parse` prints it.

import { moduleToJson } from "#analysis/rego/ast-json.ts";
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { errorList, errorText, placeText } from "#grammars/error-text.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { readRegoText } from "../rego-text.ts";
import { type BuiltinFailure, type Family, failure, operand } from "./builtin.ts";

export const rego: Family = {
  "rego.parse_module": (args) => {
    const file = operand(args, 1, "string");
    // OPA says "operand 1" of the second one too.
    const text = operand([args[1] ?? null], 1, "string");
    const parsed = parseModule(text, { file, isBuiltin: isBuiltinName });
    if (parsed.diagnostics.length === 0) return readRegoText(JSON.stringify(moduleToJson(parsed)));
    throw unreadable(parsed);
  },
};

/** The text's own errors are the cause; an empty one has no row. */
function unreadable({ file, text, diagnostics }: ParsedModule): BuiltinFailure {
  const lines = new LineIndex(text);
  const empty = diagnostics[0]?.message === "empty module";
  const causes = diagnostics.map(({ code, message, range, lines: below }) => ({
    code,
    message,
    place: { file, ...(empty ? { row: 0, col: 0 } : lines.rowCol(range.start)) },
    ...(below === undefined ? {} : { lines: below }),
  }));
  const texts = causes.map(({ place, ...cause }) => errorText({ ...cause, place: placeText(place) }));
  return empty ? failure(texts.join("\n")) : failure(errorList(texts), causes);
}

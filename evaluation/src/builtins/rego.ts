// rego.parse_module: the tree of a policy text, as `opa parse` prints it.
import { moduleToJson } from "#analysis/rego/ast-json.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { readRegoText } from "../rego-text.ts";
import { type Family, failure, operand } from "./builtin.ts";

export const rego: Family = {
  "rego.parse_module": (args) => {
    const file = operand(args, 1, "string");
    // OPA says "operand 1" of the second one too.
    const text = operand([args[1] ?? null], 1, "string");
    const parsed = parseModule(text, { file });
    const [first, ...more] = parsed.diagnostics;
    if (first === undefined) return readRegoText(JSON.stringify(moduleToJson(parsed)));
    const lines = new LineIndex(text);
    const place = text.trim() === "" ? `${file}:0` : `${file}:${lines.rowCol(first.range.start).row}`;
    const shown = `${place}: ${first.code}: ${first.message}`;
    throw failure(text.trim() === "" ? shown : `${more.length + 1} error${more.length > 0 ? "s" : ""} occurred: ${shown}`);
  },
};

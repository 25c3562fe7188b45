// The builtins that rules of the linter may call besides OPA's: what they are, and their answers.
import { arg, type Builtin } from "#analysis/rego/builtins/builtin.ts";
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { formatParsed } from "#analysis/rego/fmt.ts";
import { regalInput } from "#analysis/rego/roast.ts";
import { ANY, arrayOf, BOOLEAN, objectOf, STRING } from "#analysis/rego/types/type.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { type Family, failure, operand } from "./builtins/builtin.ts";
import { readRegoText } from "./rego-text.ts";

export const regalBuiltins: readonly Builtin[] = [
  {
    name: "regal.parse_module",
    description: "Parses a Rego module and gives its tree as rules of the linter have it.",
    args: [arg("filename", STRING), arg("rego", STRING)],
    result: arg("output", objectOf(STRING, ANY)),
    where: "host",
    family: "regal",
  },
  {
    name: "regal.last",
    description: "The last item of an array.",
    args: [arg("array", arrayOf(ANY))],
    result: arg("element", ANY),
    where: "host",
    family: "regal",
  },
  {
    name: "regal.is_formatted",
    description: "True for a module that is formatted.",
    args: [arg("input", STRING), arg("options", objectOf(STRING, ANY))],
    result: arg("output", BOOLEAN),
    where: "host",
    family: "regal",
  },
];

export const regalFamily: Family = {
  "regal.parse_module": (args) => {
    const file = operand(args, 1, "string");
    const text = operand(args, 2, "string");
    const version = file.endsWith("_v0.rego") ? "v0" : "v1";
    const parsed = parseModule(text, { file, version, isBuiltin: isBuiltinName });
    const [fault] = parsed.diagnostics;
    if (fault !== undefined) throw failure(`${file}: ${fault.message}`);
    return readRegoText(JSON.stringify(regalInput(parsed, file)));
  },
  "regal.last": (args) => operand(args, 1, "array").at(-1),
  "regal.is_formatted": (args) => {
    const text = operand(args, 1, "string");
    const parsed = parseModule(text, { file: "policy.rego", isBuiltin: isBuiltinName });
    const formatted = parsed.diagnostics.length > 0 ? undefined : formatParsed(parsed, { from: parsed.module.version });
    return formatted !== undefined && "text" in formatted && formatted.text === text;
  },
};

// Calls of functions that the configuration forbids.
import { refText } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const forbiddenFunctionCall = fileRule({
  name: "forbidden-function-call",
  category: "custom",
  description: "Forbidden function call",
  level: "ignore",
  options: { "forbidden-functions": [] as readonly string[] },
  check(file, { "forbidden-functions": forbidden }) {
    if (forbidden.length === 0) return [];
    const calls = file.all("call").filter(({ operator }) => forbidden.includes(refText(operator.parts) ?? ""));
    // Regal looks at functions of policies only where a forbidden builtin is called, too.
    return calls.some(({ operator }) => file.builtins.has(refText(operator.parts)!)) ? calls.map(({ operator }) => operator) : [];
  },
});

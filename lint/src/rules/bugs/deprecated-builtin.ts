// `any`, `all`, `re_match`: builtins that Rego v1 refuses.
import { onlyInV0 } from "../../notices.ts";
import { fileRule } from "../../rule.ts";

export const deprecatedBuiltin = fileRule({
  name: "deprecated-builtin",
  category: "bugs",
  description: "Avoid using deprecated built-in functions",
  notice: onlyInV0(
    "Since OPA 1.0, deprecated-builtin enabled only when provided a v0 policy,\nBUT please note that this may change in the future if new built-in functions\nare deprecated.\n",
  ),
  *check(file) {
    if (!file.mayBeRegoV0) return;
    for (const name of names) if (file.builtins.has(name)) yield* file.calls(name).map(({ operator }) => operator);
  },
});

const names = [
  ...["any", "all", "re_match", "net.cidr_overlap", "set_diff"],
  ...["array", "set", "string", "boolean", "null", "object"].map((type) => `cast_${type}`),
];

// The JSON schema of the linter's configuration: what may be said of which rules.
import { categories, type LintRule } from "./rule.ts";

const levels = ["error", "warning", "ignore"];
const strings = { type: "array", items: { type: "string" } };
const level = { $ref: "#/definitions/level" };
const ignore = { $ref: "#/definitions/ignore" };
const ignored = { type: "object", properties: { files: strings }, description: "Files that are left out, as in .gitignore." };
const only = (properties: object, description?: string): object => ({
  type: "object",
  ...(description === undefined ? {} : { description }),
  properties,
  additionalProperties: false,
});
const levelOf = (what: string): object => only({ level }, `The level of ${what}, unless their own entry says otherwise.`);

/** `purpose` is what is said of a rule behind its description. */
export function lintConfigSchema(rules: readonly LintRule[], purpose: (rule: LintRule) => string) {
  const byCategory = categories.map((category) => {
    const entries = rules
      .filter((rule) => rule.category === category)
      .map((rule) => [
        rule.name,
        {
          type: "object",
          description: `${rule.description}. ${purpose(rule)}`.trim(),
          properties: {
            level: { enum: levels, default: rule.level ?? "error" },
            ignore,
            ...Object.fromEntries(Object.entries(rule.options ?? {}).map(([option, value]) => [option, optionSchema(value)])),
          },
        },
      ]);
    return [
      category,
      { type: "object", properties: { default: levelOf("the category's rules"), ...Object.fromEntries(entries) } },
    ];
  });
  const builtins = only({ builtins: { type: "array", items: { type: "object", properties: { name: { type: "string" } } } } });
  return {
    definitions: { level: { enum: levels }, ignore: ignored },
    type: "object",
    properties: {
      rules: { type: "object", properties: { default: levelOf("all rules"), ...Object.fromEntries(byCategory) } },
      ignore,
      capabilities: only({
        from: only(
          { engine: { type: "string" }, version: { type: "string" }, file: { type: "string" } },
          "The OPA that the policies are for.",
        ),
        plus: builtins,
        minus: builtins,
      }),
    },
  };
}

function optionSchema(value: unknown): object {
  if (Array.isArray(value)) return { type: "array", default: value };
  return value === undefined ? {} : { type: typeof value, default: value };
}

// Which rules a configuration and flags leave on; as Regal has them.
import { expect, test } from "vitest";
import { activeRules, noRuleFlags, type RuleFlags } from "./active-rules.ts";
import { readLintConfig } from "./config.ts";
import { fileRule, type Level } from "./rule.ts";

const rule = (name: string, category: "bugs" | "style", level?: Level) =>
  fileRule({ name, category, description: "", ...(level === undefined ? {} : { level }), options: { max: 3 }, check: () => [] });
const rules = [rule("a-bug", "bugs"), rule("quiet", "style", "ignore"), rule("loud", "style")];

/** `a-bug:error loud:warning`. */
function levels(config: unknown, flags: Partial<RuleFlags> = {}): string {
  return activeRules(rules, readLintConfig(config).config, { ...noRuleFlags, ...flags })
    .map((one) => `${one.rule.name}:${one.level}`)
    .join(" ");
}

test("a rule's level comes before its category's, and that before the general one", () => {
  expect(levels(undefined)).toBe("a-bug:error loud:error");
  expect(levels({ rules: { default: { level: "warning" } } })).toBe("a-bug:warning quiet:warning loud:warning");
  expect(levels({ rules: { default: { level: "error" }, style: { default: { level: "ignore" } } } })).toBe("a-bug:error");
  expect(levels({ rules: { style: { default: { level: "ignore" }, quiet: { level: "warning" } } } })).toBe(
    "a-bug:error quiet:warning",
  );
});

test("flags come before the configuration, the nearest to a rule first", () => {
  const config = { rules: { default: { level: "ignore" } } };
  expect(levels(config, { enable: new Set(["quiet"]) })).toBe("quiet:error");
  expect(levels(config, { enableCategory: new Set(["style"]), disable: new Set(["loud"]) })).toBe("quiet:error");
  expect(levels({}, { disableAll: true, enableCategory: new Set(["bugs"]) })).toBe("a-bug:error");
  expect(levels({}, { enableAll: true, disableCategory: new Set(["bugs"]) })).toBe("quiet:error loud:error");
});

test("options are the defaults until one of the same kind is configured", () => {
  const max = (value: unknown) =>
    activeRules(rules, readLintConfig({ rules: { bugs: { "a-bug": { max: value } } } }).config)[0]!.options["max"];
  expect([max(5), max("five"), max(undefined)]).toEqual([5, 3, 3]);
});

test("a rule leaves out the files that its entry names", () => {
  const config = { rules: { bugs: { "a-bug": { ignore: { files: ["*_test.rego", "lib/", "old/x.rego"] } } } } };
  const { leavesOut } = activeRules(rules, readLintConfig(config).config)[0]!;
  const paths = ["a_test.rego", "d/a_test.rego", "lib/a.rego", "d/lib/a.rego", "old/x.rego", "d/old/x.rego", "libs/a.rego"];
  expect(paths.filter((path) => leavesOut?.(path))).toEqual([
    "a_test.rego",
    "d/a_test.rego",
    "lib/a.rego",
    "d/lib/a.rego",
    "old/x.rego",
  ]);
});

test("what is not as it should be is told and left out", () => {
  const { faults } = readLintConfig({
    rules: { bugs: [], style: { loud: { level: "loud" }, quiet: { ignore: { files: "x" } } } },
    ignore: "all",
    capabilities: { from: { version: 1 }, minus: { builtins: ["http.send"] } },
  });
  expect(faults.map(({ message }) => message)).toEqual([
    "rules.bugs must be a mapping",
    "rules.style.loud.level must be error, warning or ignore",
    "rules.style.quiet.ignore.files must be a list of texts",
    "ignore must be a mapping",
    "capabilities.from.version must be a text",
    "capabilities.minus.builtins must be a mapping",
  ]);
});

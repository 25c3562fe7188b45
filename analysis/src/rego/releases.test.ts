import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { checkModules } from "./check.ts";
import { release } from "./releases.ts";

/** What a release says of a module. */
function said(version: string, text: string, dialect: "v0" | "v1"): string {
  const language = release(version)!;
  const parsed = parseModule(`package a\n\n${text}\n`, { file: "a.rego", version: dialect, language });
  const { diagnostics } = checkModules([parsed], { builtins: language.builtins, language });
  return [...parsed.diagnostics, ...diagnostics].map(({ message }) => message).join("\n");
}

test("a release has the builtins of its time, with their types", () => {
  expect(said("v0.43.0", 'p { strings.any_prefix_match("a", "b") }', "v0")).toBe("undefined function strings.any_prefix_match");
  expect(said("v0.44.0", 'p { strings.any_prefix_match("a", "b") }', "v0")).toBe("");
  expect(said("v0.42.0", 'p { glob.match("a", null, "b") }', "v0")).toContain("glob.match: invalid argument");
  expect(said("v0.43.0", 'p { glob.match("a", null, "b") }', "v0")).toBe("");
  expect(release("v1.22.2")!.builtins.size).toBeGreaterThan(release("v0.17.0")!.builtins.size);
  expect(release("v9.0.0")).toBeUndefined();
});

test("no release names the arguments of builtins", () => {
  const { builtins } = release("v1.22.2")!;
  const { diagnostics } = checkModules([parseModule('package a\n\np := 1 + "a"\n', { file: "a.rego" })], { builtins });
  expect(diagnostics[0]?.lines).toEqual(["have: (number, string, ???)", "want: (number, number, number)"]);
});

test("a release refuses what came into the language later", () => {
  expect(said("v0.30.0", "import future.keywords.in", "v0")).toBe("unexpected keyword, must be one of []");
  expect(said("v0.50.0", "import rego.v1", "v0")).toBe("invalid import, `rego.v1` is not supported by current capabilities");
  expect(said("v1.21.0", "import rego.v2", "v1")).toBe("invalid import, `rego.v2` is not supported by current capabilities");
  expect(said("v1.7.0", 'p := $"{1}"', "v1")).toContain("template strings are not supported by current capabilities");
  expect(said("v1.0.0", "p := input.if", "v1")).toContain("unexpected if keyword: expected identifier");
  expect(said("v0.44.0", "p.q.r := 1", "v0")).toBe("rule heads with refs are not supported: p.q.r");
  expect(said("v0.44.0", "p[x] = y { y = input[x] }", "v0")).toBe("");
  expect(said("v0.44.0", "p.q { true }", "v0")).toBe("");
  expect(said("v0.50.0", "p[q].r := 1 { q := 1 }", "v0")).toBe(
    "rule heads with general refs (containing variables) are not supported: p[q].r",
  );
});

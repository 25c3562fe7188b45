// For which OPA a file should import rego.v1.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { lintFile } from "../../lint.ts";
import { LintFile } from "../../lint-file.ts";
import { useRegoV1 } from "./use-rego-v1.ts";

function isFound(version: "v0" | "v1", ...features: readonly string[]): boolean {
  const parsed = parseModule("package p\n\na := 1\n", { file: "p.rego", version });
  const file = new LintFile(parsed, { relativePath: "p.rego", absolutePath: undefined, features: new Set(features) });
  return lintFile(file, [{ rule: useRegoV1, level: "error", options: {} }]).length > 0;
}

test("for OPA 1.0 and later a file in Rego v0", () => {
  expect(isFound("v0", "rego_v1")).toBe(true);
  expect(isFound("v1", "rego_v1")).toBe(false);
});

test("for an older OPA every file, as soon as there is such an import", () => {
  expect(isFound("v1", "rego_v1_import")).toBe(true);
  expect(isFound("v0")).toBe(false);
});

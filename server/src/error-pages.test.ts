// Every code of a finding has its section, and what a section calls wrong or right is so.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diagnosticsOf } from "#features/diagnostics.ts";
import { open } from "#features/fixture.test-helper.ts";
import { codesIn, sectionAbout } from "#protocol/error-pages.ts";

const page = readFileSync("docs/errors.md", "utf8");
const codes = codesIn(page);
const homes: Readonly<Record<string, string>> = {
  rego: "policy.rego",
  hocon: "inputs/sample.conf",
  json: "data.json",
  yaml: "data.yaml",
};

interface Example {
  readonly code: string;
  readonly says: "Wrong" | "Right";
  readonly text: string;
}

/** The fenced texts after `Wrong:` and `Right:`; several in a row are files of one project. */
const examples: readonly Example[] = codes.flatMap((code) =>
  [...sectionAbout(page, code)!.matchAll(/^(Wrong|Right):\n\n((?:```\w+\n[\s\S]*?^```\n+)+)/gmu)].map(([, says, fences]) => ({
    code,
    says: says as Example["says"],
    text: [...fences!.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gmu)]
      .map(([, language, text]) => `#- ${homes[language!]!}\n${text!}`)
      .join(""),
  })),
);

test.each(examples)("$code, $says: $text", async ({ code, says, text }) => {
  const { project } = await open(text);
  const found = [...diagnosticsOf(project, () => 0).byFile.values()].flat();
  if (says === "Wrong") expect(found.map((one) => one.code)).toContain(code);
  else expect(found.filter(({ severity }) => severity === "error" || severity === "warning")).toEqual([]);
});

test("every code in the sources of findings has a section", () => {
  const sources = ["grammars/src", "analysis/src", "features/src", "workspace/src", "server/src"].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.includes(".test"))
      .map((name) => readFileSync(join(room, name), "utf8")),
  );
  const written = new Set(
    sources.flatMap((text) => [...text.matchAll(/"((?:hocon|rw)_[a-z_]+|rego_[a-z_]+_error)"/gu)].map(([, code]) => code!)),
  );
  expect([...written].filter((code) => !codes.includes(code)).sort()).toEqual([]);
});

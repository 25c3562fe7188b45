// Whole files, token by token: what a change of a grammar does to them shows in the drawn files beside them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tokenize } from "./tokenize.test-helper.ts";

const folder = join(import.meta.dirname, "samples");

/** Under each line its tokens with their innermost scopes; what has no scope is left out. */
async function draw(language: "rego" | "hocon", text: string): Promise<string> {
  const tokens = await tokenize(language, text);
  const suffix = new RegExp(`\\.${language}\\b`, "gu");
  return text
    .split("\n")
    .map((line, at) => {
      const own = tokens.filter((token) => token.line === at + 1 && token.scopes.length > 0 && token.text.trim() !== "");
      const drawn = own.map(({ text: token, scopes }) => `    ${token.trim()} → ${scopes.at(-1)!.replaceAll(suffix, "")}`);
      return [line, ...drawn].join("\n");
    })
    .join("\n");
}

test.each([
  ["rego", "all.rego"],
  ["rego", "v0.rego"],
  ["hocon", "all.hocon"],
] as const)("%s: %s", async (language, name) => {
  const drawn = await draw(language, readFileSync(join(folder, name), "utf8"));
  await expect(drawn).toMatchFileSnapshot(join(folder, `${name}.tokens`));
});

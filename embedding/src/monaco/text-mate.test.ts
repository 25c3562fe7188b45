// The tokens of our runner are those of VS Code's, over samples, examples, halves of texts and damaged ones.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { tokenize } from "../../../syntaxes/tokenize.test-helper.ts";
import { longestLine } from "./colours.ts";
import { grammars } from "./grammars.ts";
import { LineTokens } from "./text-mate.ts";

type Language = "rego" | "hocon";

const drawn = (line: number, text: string, scopes: readonly string[]): string =>
  `${line} ${JSON.stringify(text)} ${scopes.join(" ")}`;

async function theirs(language: Language, text: string): Promise<readonly string[]> {
  return (await tokenize(language, text)).map(({ line, text: token, scopes }) => drawn(line, token, scopes)).filter(isShown);
}

function ours(language: Language, text: string): readonly string[] {
  const lines = new LineTokens(grammars[language]);
  let state = lines.start;
  return text
    .split(/\r?\n/u)
    .flatMap((line, number) => {
      const { tokens, state: next } = lines.line(line, state);
      state = next;
      return tokens.map(({ start, scopes }, at) =>
        drawn(number + 1, line.slice(start, tokens[at + 1]?.start ?? line.length), scopes.slice(1)),
      );
    })
    .filter(isShown);
}

/** An empty line is one empty token there, and none here. */
const isShown = (token: string): boolean => !/^\d+ "" /u.test(token);

const root = join(import.meta.dirname, "../../..");
const below = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(root, folder, name));
const texts: readonly (readonly [Language, string])[] = [...below("syntaxes/samples"), ...below("examples")]
  .filter((path) => /\.(?:rego|conf|hocon)$/u.test(path))
  .map((path) => [path.endsWith(".rego") ? "rego" : "hocon", readFileSync(path, "utf8")]);

test("samples and examples", async () => {
  expect(texts.length).toBeGreaterThan(10);
  for (const [language, text] of texts) expect(ours(language, text)).toEqual(await theirs(language, text));
});

test("texts of which a piece is missing", async () => {
  const cut = fc.tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(40));
  await fc.assert(
    fc.asyncProperty(cut, async ([[language, text], from, length]) => {
      const at = from % text.length;
      const damaged = text.slice(0, at) + text.slice(at + length);
      expect(ours(language, damaged)).toEqual(await theirs(language, damaged));
    }),
    { numRuns: 150 },
  );
});

test.each(["[", "{", '$"{', "a b ", '"a"', "a.", "/"])("a line of nothing but %j is read in little time", (piece) => {
  for (const language of ["rego", "hocon"] as const) {
    const lines = new LineTokens(grammars[language]);
    const line = piece.repeat(longestLine / piece.length);
    const before = performance.now();
    let state = lines.start;
    for (let count = 0; count < 5; count++) state = lines.line(line, state).state;
    expect(performance.now() - before).toBeLessThan(1_500);
  }
});

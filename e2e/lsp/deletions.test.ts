// Takes single tokens out of sound policies: nearly every time one fault is told, on the right line; never more than three.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { faultsOf } from "#features/rego/faults/index.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { random } from "../../fuzz/random.ts";
import { root } from "../programs/run.ts";

const folders = ["rms/policies/rms", "examples/orders/policy", "examples/storage/policy"];
const policies = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".rego"))
    .map((name) => ({ file: name, text: readFileSync(join(root, folder, name), "utf8") })),
);

const trials = 2000;

test("2,000 deletions", () => {
  const { pick } = random(2026);
  let broken = 0;
  let right = 0;
  let most = 0;
  const wrong: string[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const { file, text } = pick(policies);
    const { tokens } = parseModule(text, { file });
    const token = pick(tokens);
    const cut = text.slice(0, token.startOffset) + text.slice(token.startOffset + token.image.length);
    const parsed = parseModule(cut, { file, allStatements: true });
    if (parsed.diagnostics.length === 0) continue;
    broken += 1;
    const found = faultsOf(parsed);
    const row = (offset: number): number => cut.slice(0, offset).split("\n").length;
    // A bracket that is not closed is told where it opens, or where its partner was.
    const isRight = found.some(
      ({ range, message }) => row(range.start) === row(token.startOffset) || message.startsWith(`missing \`${token.image}\``),
    );
    if (isRight && found.length === 1) right += 1;
    else
      wrong.push(
        `${file}:${row(token.startOffset)} ${token.image}: ${found.map(({ range, message }) => `${row(range.start)} ${message}`).join("; ")}`,
      );
    most = Math.max(most, found.length);
  }
  const share = right / broken;
  console.log(`${broken} broken texts: one fault on the right line in ${(100 * share).toFixed(1)} %, at most ${most} faults`);
  expect(share, wrong.slice(0, 20).join("\n")).toBeGreaterThanOrEqual(0.9);
  expect(most).toBeLessThanOrEqual(3);
});

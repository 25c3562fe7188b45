// Completion at the end of a line of 200 KB: no pattern over it takes longer than reading the file does.
import { expect, test } from "vitest";
import { open } from "./fixture.test-helper.ts";
import { completionIn } from "./reading.ts";

const pieces = ["some x ", "some in ", "every x in ", "a", "a.", "{", "with a as ", "a contains ", "| ", " ", "{x | some x "];

test.each([
  ...pieces.flatMap((piece) => ["x := ", "allow if "].map((front) => ["policy.rego", `package p\n\n${front}`, piece] as const)),
  ...["a ", "a", "{a=1} ", '"', "${a} ", "a.b ", "= ", "[{", "include "].map(
    (piece) => ["inputs/a.conf", "x = ", piece] as const,
  ),
])("%s: %j and %j", async (name, front, piece) => {
  const { project, file, offset } = await open(`#- ${name}\n${front}${piece.repeat(200_000 / piece.length)}$0\n`);
  completionIn(project, file, offset, { autoImport: true });
  const started = performance.now();
  // What is read of the text is known by now.
  completionIn(project, file, offset, { autoImport: true });
  expect(performance.now() - started).toBeLessThan(1_500);
});

test("rw.conf behind a word of 100 KB", async () => {
  const { project, file, offset } = await open(
    `#- rw.conf\nentrypoints = [${"a".repeat(100_000)}, $0]\n#- p.rego\npackage p\nallow := 1\n`,
  );
  const started = performance.now();
  expect(completionIn(project, file, offset, { autoImport: true }).items.map(({ label }) => label)).toEqual(["p/allow"]);
  expect(performance.now() - started).toBeLessThan(1_500);
});

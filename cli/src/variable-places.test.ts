// Where traces say that a variable stands: in what an event tells of, heads with their keys first; where it has a value, in the body that gives it. As `opa eval --explain full` tells it.
import { expect, test } from "vitest";
import { rw } from "./run-in-memory.test-helper.ts";

interface Told {
  readonly Op: string;
  readonly LocalMetadata: Readonly<
    Record<string, { readonly name: string; readonly location: { row: number; col: number } | null }>
  >;
}

async function places(rule: string): Promise<readonly string[]> {
  const { out } = await rw({ "/w/p.rego": `package p\n${rule}\n` }, "eval", "-d", "p.rego", "--explain", "full", "data.p");
  const { explanation } = JSON.parse(out) as { readonly explanation: readonly Told[] };
  return explanation.flatMap(({ Op, LocalMetadata }) =>
    Object.values(LocalMetadata).flatMap(({ name, location }) =>
      location === null || (Op !== "Enter" && Op !== "Exit") ? [] : [`${Op} ${name} ${location.row}:${location.col}`],
    ),
  );
}

test.each([
  ['o[k] := v if {\n  k := "a"\n  v := 1\n}', ["Enter k 2:3", "Enter v 2:9", "Exit k 3:3", "Exit v 4:3"]],
  ['o[k].b := v if {\n  k := "a"\n  v := 1\n}', ["Enter k 3:3", "Enter v 2:11", "Exit k 3:3", "Exit v 4:3"]],
  ["s contains x if {\n  x := 1\n}", ["Enter x 2:12", "Exit x 3:3"]],
  ["c := 1 if {\n  1 > 2\n} else := v if {\n  v := 3\n}", ["Enter v 4:11", "Enter v 4:11", "Exit v 5:3"]],
])("%s", async (rule, expected) => {
  expect(await places(rule)).toEqual(expected);
});

// Which inputs a publish is held against: every sample, in every profile.
import { expect, test } from "vitest";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { decisionInputs } from "./decision-diff.ts";

test("a sample is decided as it is and in each profile that makes another input of it", async () => {
  const project = await openProject(
    memoryHost({
      "/p/rw.conf": "profiles { prod { properties { stage = prod } }, plain { } }",
      "/p/main.rego": "package orders\n\nallow := true\n",
      "/p/inputs/ann.conf": "user = ann\nstage = ${?stage}\n",
      "/p/inputs/bob.conf": "user = bob\nat = ${stage}\n",
    }),
    "/p",
  );
  expect(decisionInputs(project).map(({ sample, json }) => [sample, JSON.parse(json)])).toEqual([
    ["ann.conf", { user: "ann" }],
    ["ann.conf (prod)", { stage: "prod", user: "ann" }],
    ["bob.conf (prod)", { at: "prod", stage: "prod", user: "bob" }],
  ]);
});

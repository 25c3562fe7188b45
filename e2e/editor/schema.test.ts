// A schema inferred from the samples in a real workbench: written and named, held against a sample that is changed, and changed after a look.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { storageDesk } from "./storage-desk.ts";
import { patience as timeout } from "./workbench.ts";

const desk = storageDesk();
const patience = { timeout };
const text = (path: string): string => readFileSync(join(desk.folder, path), "utf8");

test("the schema is written, opened, and named in rw.conf", async () => {
  await desk.workbench.decoration("=> true");
  await desk.workbench.command("Rulewright: Infer a JSON Schema from the Samples");
  await desk.workbench.page.locator(".tab.active", { hasText: "input.json" }).waitFor();
  expect(JSON.parse(text("schemas/input.json"))).toMatchObject({
    type: "object",
    required: expect.arrayContaining(["action", "bucket"]),
  });
  await expect.poll(() => text("rw.conf"), patience).toContain('schemas."inputs/**" = schemas/input.json\n');
});

test("a sample that is otherwise has a problem at its key, and the difference is seen before the schema is changed", async () => {
  const sample = join(desk.folder, "inputs/unknown-client.conf");
  writeFileSync(sample, `${readFileSync(sample, "utf8")}\naction = 7\n`);
  await desk.workbench.openFile("unknown-client.conf");
  await expect
    .poll(async () => (await desk.workbench.problems()).join("\n"), patience)
    .toMatch(/the schema of this input says: action/u);
  await desk.workbench.command("Rulewright: Infer a JSON Schema from the Samples");
  await desk.workbench.page.locator(".tab.active", { hasText: "what the samples say" }).waitFor();
  await desk.workbench.screenshot("schema-difference.png");
  await desk.workbench.notification("inputs say otherwise than");
});

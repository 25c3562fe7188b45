// Policies of Rego v0 are written so that both dialects read them; what cannot be is named.
import { expect, test } from "vitest";
import { apply, dedent, open } from "./fixture.test-helper.ts";
import { migrationOf } from "./migration.ts";

async function migrated(fixture: string): Promise<string> {
  const { project } = await open(dedent(fixture));
  const { edits, left } = migrationOf(project);
  const text = edits.length === 0 ? "" : apply(project, edits);
  return text + left.map(({ file, message }) => `left: ${file}: ${message}\n`).join("");
}

test("old files are written anew, those of v1 stay", async () => {
  expect(
    await migrated(`
      #- a.rego
      package a

      deny[msg] { input.x; msg := "no" }

      allow { not deny["no"] }
      #- b.rego
      package b

      ok if input.x
    `),
  ).toBe('package a\n\nimport rego.v1\n\ndeny contains msg if {\n\tinput.x\n\tmsg := "no"\n}\n\nallow if not deny.no\n');
});

test("what v1 has no place for is left, with the reason", async () => {
  expect(await migrated("package a\n\ninput := 1\n\nallow { input == 1 }\n")).toMatch(/^left: \/p\/policy\.rego: .*input/u);
});

test("a project that is read as v0 and has a text for both has nothing to do", async () => {
  expect(
    await migrated(
      '#- rw.conf\nroots = [{ path = ".", rego-version = 0 }]\n#- a.rego\npackage a\n\nimport rego.v1\n\nx if input.y\n',
    ),
  ).toBe("");
});

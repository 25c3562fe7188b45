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

test("deprecated builtins that only have another name in v1 get it, and others are named", async () => {
  const renamed = `
    package a

    # re_match in a comment, and in a text
    allow { re_match("^re_match$", input.x); not re_match("b", f(re_match("a", input.y))) }

    near { x := net.cidr_overlap("10.0.0.0/8", input.ip); x }

    f(x) = x
  `;
  const text = await migrated(renamed);
  expect(text).toContain("# re_match in a comment");
  expect(text).toContain('regex.match("^re_match$", input.x)');
  expect(text).toContain('not regex.match("b", f(regex.match("a", input.y)))');
  expect(text).toContain('x := net.cidr_contains("10.0.0.0/8", input.ip)');
  expect(await migrated('package a\n\nallow { re_match("a", input.x); any([true]) }\n')).toMatch(
    /^left: .*deprecated built-in .*: any/u,
  );
  const own = 'package a\n\nre_match(a, b) { a == b }\n\nallow { re_match("a", input.x) }\n';
  expect(await migrated(own)).toMatch(/^left: .*deprecated built-in .*: re_match/u);
});

test("a project that is read as v0 and has a text for both has nothing to do", async () => {
  expect(
    await migrated(
      '#- rw.conf\nroots = [{ path = ".", rego-version = 0 }]\n#- a.rego\npackage a\n\nimport rego.v1\n\nx if input.y\n',
    ),
  ).toBe("");
});

// A rule that moves to another package takes its comments and imports along, and whoever asks it follows; the project then has no new error.
import { expect, test } from "vitest";
import { dedent, open } from "../../fixture.test-helper.ts";
import { refactoringsAt } from "./index.ts";
import { afterwards, newFault } from "./proof.ts";

/** The files that change, after the move whose title ends so; `$0` is the cursor. */
async function moved(fixture: string, to: string): Promise<string> {
  const { project, file, offset } = await open(dedent(fixture));
  const found = refactoringsAt(project, file, { start: offset, end: offset });
  const one = found.find(({ title }) => title.startsWith("Move ") && title.endsWith(` to ${to}`));
  if (one === undefined) return `not offered: ${found.map(({ title }) => title).join(", ")}`;
  const after = afterwards(project, file, one);
  const fault = newFault(project, after);
  const texts = [...after.files.values()].filter(({ path, text }) => project.files.get(path)?.text !== text);
  return `${texts.map(({ path, text }) => `#- ${path.slice("/p/".length)}\n${text}`).join("")}${fault === undefined ? "" : fault.message}`;
}

test("with its comments, its imports and what it asks; those who ask it follow", async () => {
  expect(
    await moved(
      `
      #- a.rego
      package shop.a

      import data.lib.roles
      import input.user

      # Who may.
      is_clerk$0 if {
      	roles.has(user, "clerk") # the role
      	open
      }

      open if input.hour > 8

      allow if is_clerk
      #- b.rego
      package shop.b

      x := 1
      #- c.rego
      package shop.c

      import data.shop.a

      y if a.is_clerk

      z if data.shop.a.is_clerk
      #- roles.rego
      package lib.roles

      has(u, r) if r in data.given[u]
      #- rw.conf
      entrypoints = [shop/a/is_clerk]
      `,
      "data.shop.b",
    ),
  ).toBe(
    dedent(`
      #- a.rego
      package shop.a

      import data.shop.b

      open if input.hour > 8

      allow if b.is_clerk
      #- b.rego
      package shop.b

      import data.lib.roles
      import data.shop.a
      import input.user

      x := 1

      # Who may.
      is_clerk if {
      	roles.has(user, "clerk") # the role
      	a.open
      }
      #- c.rego
      package shop.c

      import data.shop.a
      import data.shop.b

      y if b.is_clerk

      z if b.is_clerk
      #- rw.conf
      entrypoints = [shop/b/is_clerk]
    `),
  );
});

test("a function with several clauses that calls itself nowhere, into a package that asks it already", async () => {
  expect(
    await moved(
      `
      #- a.rego
      package a

      f$0(x) := 1 if x == k

      f(x) := 2 if x == data.b.j

      k := 3
      #- b.rego
      package b

      import data.a.f

      j := 4

      y := f(3)
      `,
      "data.b",
    ),
  ).toBe(
    dedent(`
      #- a.rego
      package a

      k := 3
      #- b.rego
      package b

      import data.a

      j := 4

      y := f(3)

      f(x) := 1 if x == a.k

      f(x) := 2 if x == data.b.j
    `),
  );
});

test("not where the name is taken there", async () => {
  expect(await moved("#- a.rego\npackage a\n\nx$0 := 1\n#- b.rego\npackage b\n\nx := 2\n", "data.b")).toMatch(/^not offered/u);
});

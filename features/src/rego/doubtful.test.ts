// What the compiler says while some text is broken: files in, `file:line message` out. What only the broken text causes is not said.
import { expect, test } from "vitest";
import { diagnosticsOf } from "../diagnostics.ts";
import { open } from "../fixture.test-helper.ts";

async function told(text: string): Promise<readonly string[]> {
  const { project } = await open(text);
  return [...diagnosticsOf(project, () => 0).byFile].flatMap(([path, found]) =>
    found
      .filter(({ severity }) => severity === "error")
      .map(({ range, message }) => {
        const line = project.files.get(path)!.text.slice(0, range.start).split("\n").length;
        return `${path.slice(3)}:${line} ${message.split("\n")[0]}`;
      }),
  );
}

const comma = "missing `,` between array items";

test("a rule that cannot be read is not missing in other files of its package, nor a function, nor a clause's type", async () => {
  expect(await told("#- a.rego\npackage p\n\na := [1 2]\n#- b.rego\npackage p\n\nc if a\n")).toEqual([`a.rego:3 ${comma}`]);
  expect(await told("#- a.rego\npackage p\n\nf(x) := [x 2]\n#- b.rego\npackage p\n\nc := f(1)\n")).toEqual([`a.rego:3 ${comma}`]);
  const clauses =
    "#- a.rego\npackage p\n\na := 1 if input.x\n\na := [1 2] if input.y\n#- b.rego\npackage p\n\nb := a\n\nc if b == [1]\n";
  expect(await told(clauses)).toEqual([`a.rego:5 ${comma}`]);
});

test("an import that cannot be read is not missing in its file", async () => {
  expect(await told("#- l.rego\npackage l\n\nx := 1\n#- a.rego\npackage p\n\nimport dataa.l as m\n\nc if m.x\n")).toHaveLength(1);
});

test("errors of sound rules stay, in the broken file and in others", async () => {
  expect(await told("#- a.rego\npackage p\n\na := [1 2]\n\nb := y\n\nc if a\n#- b.rego\npackage q\n\nd := z\n")).toEqual([
    `a.rego:3 ${comma}`,
    "a.rego:5 var y is unsafe: nothing in this body gives it a value",
    "b.rego:3 var z is unsafe: nothing in this body gives it a value",
  ]);
});

test("a rule whose name is lost may be any rule of its package", async () => {
  expect(await told("#- a.rego\npackage p\n\n:= 1\n\nz := 1\n#- b.rego\npackage p\n\nc if a\n")).toHaveLength(1);
});

test("a broken rule hides nothing of a rule of the same name that it has nothing to do with", async () => {
  const broken = "#- a.rego\npackage p\n\nallow := [1 2]\n";
  expect(await told(`${broken}#- b.rego\npackage q\n\nallow if z == 1\n`)).toEqual([
    `a.rego:3 ${comma}`,
    "b.rego:3 var z is unsafe: nothing in this body gives it a value",
  ]);
  expect(await told(`${broken}#- b.rego\npackage q\n\nimport data.p as other\n\nc if other.allow == y\n`)).toEqual([
    `a.rego:3 ${comma}`,
  ]);
});

test("the type of a rule is doubted along the packages that lead to the broken one, and nowhere else", async () => {
  const chain =
    "#- a.rego\npackage p\n\na := 1 if input.x\n\na := [1 2]\n#- b.rego\npackage q\n\nb := data.p.a\n#- c.rego\npackage r\n\nc if upper(data.q.b)\n";
  expect(await told(chain)).toEqual([`a.rego:5 ${comma}`]);
  expect(await told(`${chain}#- d.rego\npackage s\n\nb := 1\n\nd if upper(b) == "X"\n`)).toEqual([
    `a.rego:5 ${comma}`,
    "d.rego:5 upper: invalid argument(s)",
  ]);
});

// Rename of HOCON keys through dotted paths, substitutions and includes.
import { expect, test } from "vitest";
import { Project } from "#workspace/project.ts";
import { apply, dedent, open } from "../fixture.test-helper.ts";
import { renameHocon } from "./rename.ts";

async function rename(text: string, name: string): Promise<string> {
  const { project, file, offset } = await open(dedent(text));
  const renamed = renameHocon(project, file, offset, name);
  return "refusal" in renamed ? renamed.refusal : apply(project, renamed.edits);
}

test("a key, its dotted uses and its substitutions", async () => {
  const text = `
    #- inputs/a.conf
    or$0der { id = 1 }
    order.total = 2
    copy = \${order.id} \${?order}
  `;
  expect(await rename(text, "bill")).toBe("bill { id = 1 }\nbill.total = 2\ncopy = ${bill.id} ${?bill}\n");
});

test("a key in the file that includes it", async () => {
  const text = `
    #- inputs/a.conf
    base { include "b" }
    copy = \${base.total}
    #- inputs/b.conf
    to$0tal = 1
    twice = \${total}
  `;
  expect(await rename(text, "my sum")).toBe(
    '#- inputs/a.conf\nbase { include "b" }\ncopy = ${base."my sum"}\n#- inputs/b.conf\n"my sum" = 1\ntwice = ${"my sum"}\n',
  );
});

test("refuses no name, and a name that is there already", async () => {
  expect(await rename("#- inputs/a.conf\na$0 = 1\n", "")).toBe("a key needs a name");
  expect(await rename("#- inputs/a.conf\na$0 = 1\nb = 2\n", "b")).toBe("`b` already exists here: the two keys would merge");
});

const project = `
  #- rw.conf
  inputs { base = common/service.conf }
  profiles { eu { properties { "limits.hard" = 9 } } }
  #- common/service.conf
  payment { currency = EUR }
  #- inputs/a.conf
  include "defaults.conf"
  payment { amount = \${limits.soft} }
  #- inputs/b.conf
  include "defaults.conf"
  user = bob
  copy = \${limits.soft}
  #- inputs/c.conf
  payment.country = CH
  #- inputs/defaults.conf
  limits { soft = 5000, hard = 9000 }
`;

/** The changed files when the key at the end of a text is renamed. */
const renamed = (at: string, name: string): Promise<string> => rename(project.replace(at, `${at}$0`), name);

test("a key of an included file is renamed in all that include it, above a base document too", async () => {
  expect(await renamed("{ soft", "gentle")).toBe(
    dedent(`
      #- inputs/a.conf
      include "defaults.conf"
      payment { amount = \${limits.gentle} }
      #- inputs/b.conf
      include "defaults.conf"
      user = bob
      copy = \${limits.gentle}
      #- inputs/defaults.conf
      limits { gentle = 5000, hard = 9000 }
    `),
  );
});

test("a key that lies on the base document is renamed there and in all samples", async () => {
  const all = dedent(`
    #- common/service.conf
    transfer { currency = EUR }
    #- inputs/a.conf
    include "defaults.conf"
    transfer { amount = \${limits.soft} }
    #- inputs/c.conf
    transfer.country = CH
  `);
  expect(await renamed('a.conf\n  include "defaults.conf"\n  payment', "transfer")).toBe(all);
  expect(await renamed("service.conf\n  payment", "transfer")).toBe(all);
});

test("what the profile in use sets as a property is not renamed in the files alone", async () => {
  const { project: opened, file, offset } = await open(dedent(project.replace("hard = 9000", "hard$0 = 9000")));
  const settings = { ...opened.settings, profile: "eu" };
  const inUse = new Project(opened.root, opened.files, settings, opened.now, opened.elsewhere);
  expect(renameHocon(inUse, file, offset, "fixed")).toEqual({
    refusal: "`limits.hard` is a property of the profile in rw.conf: rename it there, too, by hand",
  });
});

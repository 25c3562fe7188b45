// Rename of HOCON keys through dotted paths, substitutions and includes.
import { expect, test } from "vitest";
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

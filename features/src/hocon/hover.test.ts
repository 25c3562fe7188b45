// Hover of HOCON: provenance, units, variables.
import { expect, test } from "vitest";
import { dedent, open } from "../fixture.test-helper.ts";
import { hoconHover } from "./hover.ts";

async function hover(text: string): Promise<string> {
  const { project, file, offset } = await open(dedent(text));
  return hoconHover(project, file, offset)?.markdown.replaceAll("\n\n", "\n") ?? "";
}

test("a key tells what it overrides and through which file", async () => {
  const text = `
    #- base.conf
    limit = 5
    #- inputs/a.conf
    include "../base.conf"
    # At most so many.
    lim$0it = 7
  `;
  expect(await hover(text)).toBe(
    "```hocon\nlimit\n```\n```json\n7\n```\nnumber, from `inputs/a.conf:3`\noverrides `base.conf:1`\nAt most so many.",
  );
});

test("a value behind a substitution keeps the place of its text", async () => {
  expect(await hover("#- inputs/a.conf\na = one\nb$0 = ${a}\n")).toContain(
    "string, from `inputs/a.conf:1`, set at `inputs/a.conf:2`",
  );
});

test("durations and sizes in plain words", async () => {
  expect(await hover("#- inputs/a.conf\na$0 = 90m\n")).toContain("read as a duration: 1 hour 30 minutes");
  expect(await hover("#- inputs/a.conf\na$0 = 10MiB\n")).toContain("read as a size: 10 MiB (10485760 bytes)");
});

test("a variable names the profiles that set it", async () => {
  const conf = "#- rw.conf\nprofiles { uat.env.REGION = eu, prod.env.REGION = us }\n#- inputs/a.conf\n";
  expect(await hover(`${conf}r = \${?REG$0ION}\n`)).toContain(
    "profile `uat` sets `REGION` to `eu`, profile `prod` sets `REGION` to `us`",
  );
  expect(await hover(`${conf}r = \${?OTH$0ER}\n`)).toContain("no profile sets the variable `OTHER`");
});

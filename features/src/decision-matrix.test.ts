// Rows and columns of the decision matrix: samples in each profile that changes them, entrypoints and what else is expected.
import { expect, test } from "vitest";
import { decisionMatrix } from "./decision-matrix.ts";
import { dedent, open } from "./fixture.test-helper.ts";

/** A line for each row: its name, and for each column `?` where it is asked, with what is expected of it. */
async function drawn(text: string, profile?: string): Promise<string> {
  const { project } = await open(dedent(text));
  const { columns, rows } = decisionMatrix(project, profile);
  const cell = (one: (typeof rows)[number]["cells"][number]): string => {
    if (one === undefined) return "-";
    const { expectation } = one;
    return expectation?.outcome.kind === "value" ? `?${JSON.stringify(expectation.outcome.value)}` : "?";
  };
  return [
    columns.join(" "),
    ...rows.map(({ name, cells, problem }) => [name, ...cells.map(cell), ...(problem === undefined ? [] : ["broken"])].join(" ")),
  ].join("\n");
}

const project = `
  #- rw.conf
  entrypoints = [p/allow]
  profiles { eu { env.REGION = eu }, same {} }
  #- p.rego
  package p
  allow if input.region == "eu"
  limit := 3
  #- inputs/a.conf
  region = us
  region = \${?REGION}
  #- inputs/a.expected.json
  {"decisions": {"p/allow": {"value": true, "profile": "eu"}, "p/limit": {"value": 3}}}
  #- inputs/b.json
  {"region": "eu"}
`;

test("a profile has a row where it makes another input; an expectation stands in the row of its profile", async () => {
  expect(await drawn(project)).toBe("data.p.allow data.p.limit\na.conf ? ?3\na.conf (eu) ?true -\nb.json ? -");
});

test("what is expected without a profile is expected of the chosen one", async () => {
  expect(await drawn(project, "eu")).toBe("data.p.allow data.p.limit\na.conf ? -\na.conf (eu) ?true ?3\nb.json ? -");
  expect(await drawn(project, "same")).toBe("data.p.allow data.p.limit\na.conf ? ?3\na.conf (eu) ?true -\nb.json ? -");
});

test("a sample that cannot be resolved has a row that says so, before those that profiles make", async () => {
  const broken = project.replace("region = us", "region = ${NOPE}");
  expect(await drawn(broken)).toBe("data.p.allow data.p.limit\na.conf - - broken\na.conf (eu) ?true -\nb.json ? -");
});

test("so has one that is expected to be decided with a profile that cannot be", async () => {
  const broken = project.replace("region = us", "region = us\n  more = ${NOPE}");
  expect(await drawn(broken)).toBe("data.p.allow data.p.limit\na.conf - - broken\na.conf (eu) - - broken\nb.json ? -");
});

test("without samples there are no rows", async () => {
  expect(await drawn("package p\nallow := true\n")).toBe("data.p.allow");
});

// What decisions read, as the documents that are exported: policies in, Markdown, JSON and Mermaid out.
import { expect, test } from "vitest";
import { dedent, open } from "../fixture.test-helper.ts";
import { dependenciesOf } from "./dependencies.ts";
import { type DependencyFormat, exported } from "./export.ts";

async function told(text: string, format: DependencyFormat, paths?: readonly string[]): Promise<string> {
  const { project } = await open(dedent(text));
  return exported(dependenciesOf(project, paths), format);
}

const shop = `
  #- a.rego
  package shop

  import data.roles

  default allow := false

  allow if {
  	roles.has(input.user.name, "clerk")
  	input.amount < data.limits[input.region]
  	some check in ["size", "age"]
  	data.checks[check].ok
  }

  other if input.unread
  #- roles.rego
  package roles

  import data.shop

  has(user, role) if role in data.members[user].roles

  used if shop.other
  #- size.rego
  package checks.size

  ok if input.amount > 0
  #- age.rego
  package checks.age

  ok if not old with input.age as 3

  old if input.age > 10
`;

test("input, data and rules of each decision; what a variable decides, and packages that import each other", async () => {
  expect(await told(shop, "markdown")).toMatchInlineSnapshot(`
    "# Dependencies

    ## \`data.shop.allow\`

    Input:

    - \`input.age\`
    - \`input.amount\`
    - \`input.region\`
    - \`input.user.name\`

    Data:

    - \`data.limits\`
    - \`data.members\`

    Rules:

    - \`data.checks.age.ok\` (one of several)
    - \`data.checks.age.old\`
    - \`data.checks.size.ok\` (one of several)
    - \`data.roles.has\`

    ## Circular imports

    - \`data.roles\` → \`data.shop\` → \`data.roles\`
    "
  `);
  expect(await told(shop, "mermaid")).toMatchInlineSnapshot(`
    "flowchart LR
      n0["data.shop.allow"]
      n1["data.roles.has"]
      n2(["input.user.name"])
      n3(["input.amount"])
      n4[("data.limits")]
      n5(["input.region"])
      n6["data.checks.age.ok"]
      n7["data.checks.size.ok"]
      n8[("data.members")]
      n9["data.checks.age.old"]
      n10(["input.age"])
      n11{{"data.roles"}}
      n12{{"data.shop"}}
      n0 --> n1
      n0 --> n2
      n0 --> n3
      n0 --> n4
      n0 --> n5
      n0 -.-> n6
      n0 -.-> n7
      n1 --> n8
      n6 --> n9
      n7 --> n3
      n9 --> n10
      n11 ==>|imports| n12
      n12 ==>|imports| n11
    "
  `);
  expect(JSON.parse(await told(shop, "json", ["data.checks.size.ok"]))).toEqual({
    decisions: [{ path: "data.checks.size.ok", input: ["input.amount"], data: [], rules: [] }],
    circularImports: [["data.roles", "data.shop"]],
  });
});

test("a decision that reads nothing, and a project without decisions", async () => {
  expect(await told("package p\n\nallow := true\n", "markdown")).toContain("Reads nothing.");
  expect(await told("package p\n\nx := 1\n", "mermaid")).toBe("flowchart LR\n");
});

test("a whole package is read rule by rule, and none of them is one of several", async () => {
  expect(
    JSON.parse(
      await told("#- a.rego\npackage a\n\nallow if count(data.b) > 1\n#- b.rego\npackage b\n\nx := 1\n\ny := input.z\n", "json"),
    ),
  ).toEqual({
    decisions: [{ path: "data.a.allow", input: ["input.z"], data: [], rules: [{ path: "data.b.x" }, { path: "data.b.y" }] }],
    circularImports: [],
  });
});

// The rows that tell what decisions read: the rule at the cursor first, then the decisions of the project, then circles of imports.
import { expect, test } from "vitest";
import type { DependenciesResult, DependencyRow } from "#protocol/messages.ts";
import { connect, uri } from "./client.test-helper.ts";

const drawn = (row: DependencyRow, indent = ""): string =>
  [
    `${indent}${row.kind} ${row.label}${row.isDynamic === true ? " (dynamic)" : ""}${row.range === undefined ? "" : ` :${row.range.start.line + 1}`}`,
    ...row.children.map((child) => drawn(child, `${indent}  `)),
  ].join("\n");

test("rows with the places where things are read", async () => {
  const client = await connect({
    "p.rego": "package p\n\nimport data.q\n\nallow if q.ok\n\nother if data.kinds[input.kind].ok\n",
    "q.rego": "package q\n\nimport data.p\n\nok if input.role in data.roles\n",
    "a.rego": "package kinds.a\n\nok := true\n",
  });
  const at = { line: 6, character: 0 };
  const found = await client.request<DependenciesResult>("rw/dependencies", {
    uri: uri("p.rego"),
    range: { start: at, end: at },
  });
  expect(found.asked).toBe("data.p.other");
  expect(found.rows.map((row) => drawn(row)).join("\n")).toMatchInlineSnapshot(`
    "decision data.p.other :7
      inputs input
        input input.kind :7
      rules rules
        rule data.kinds.a.ok (dynamic) :7
    decision data.p.allow :5
      inputs input
        input input.role :5
      documents data
        data data.roles :5
      rules rules
        rule data.q.ok :5
          input input.role :5
          data data.roles :5
    circles circular imports
      circle data.p → data.q → data.p
        import data.p → data.q :3
        import data.q → data.p :3"
  `);
  expect(found.mermaid).toContain("n0 -.-> ");
  const answer = await client.request("workspace/executeCommand", {
    command: "rw.dependencies",
    arguments: [{ uri: uri("q.rego") }],
  });
  expect((answer as DependenciesResult).markdown).toContain("## `data.p.allow`");
});

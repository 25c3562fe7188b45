// Rows to subjects by a mapping: what each field becomes, and which rows fail the whole read.
import { expect, test } from "vitest";
import type { Mapping } from "../store/sources.ts";
import { atPointer } from "./json-pointer.ts";
import { subjectsOf } from "./subjects.ts";

const rowsOf = (rows: readonly unknown[]) => ({
  count: rows.length,
  fields: undefined,
  value: (row: number, field: string) => atPointer(rows[row], field),
});
const map: Mapping = {
  subject: "/mail",
  status: { from: "/state", active: ["A"], suspended: ["S"] },
  manager: "/boss",
  attributes: { department: "/dept", grade: "/grade" },
  groups: { from: "/groups", name: "/name" },
  lowercase: true,
};

test("each field in its place; a state that is not named has left", async () => {
  const rows = [
    { mail: "Ann@Example.com", state: "A", boss: "BOB", dept: "sales", grade: 7, groups: [{ name: "b" }, { name: "a" }, {}] },
    { mail: "bob", state: "S", dept: null, groups: null },
    { mail: "eve", state: "?" },
    { mail: 17, state: "A" },
  ];
  expect([...(await subjectsOf(rowsOf(rows), map))]).toEqual([
    ["ann@example.com", { status: "active", manager: "bob", attributes: { department: "sales", grade: 7 }, groups: ["a", "b"] }],
    ["bob", { status: "suspended", attributes: {}, groups: [] }],
    ["eve", { status: "left", attributes: {}, groups: [] }],
    ["17", { status: "active", attributes: {}, groups: [] }],
  ]);
});

test("rows of one subject have their groups together, and must agree in the rest", async () => {
  const member = (group: string, dept = "x"): unknown => ({ mail: "ann", state: "A", dept, groups: [{ name: group }] });
  expect((await subjectsOf(rowsOf([member("b"), member("a"), member("b")]), map)).get("ann")?.groups).toEqual(["a", "b"]);
  await expect(subjectsOf(rowsOf([member("b"), member("a", "y")]), map)).rejects.toThrow('two rows of "ann" differ');
});

test.each([
  [{ state: "A" }, "row 1 has no subject at /mail"],
  [{ mail: "x".repeat(257), state: "A" }, "row 1 has an id at /mail of more than 256 bytes"],
  [{ mail: "x", state: "A", grade: 2 ** 60 }, "row 1 has a number at /grade with more digits than can be kept"],
  [{ mail: "x", state: "A", dept: "x".repeat(5000) }, "row 1 has more than 4096 characters at /dept"],
])("%j: %s", async (row, message) => {
  await expect(subjectsOf(rowsOf([row]), map)).rejects.toThrow(message);
});

test("a table without a column that the mapping names fails, and names those that there are", async () => {
  const table = { ...rowsOf([]), fields: ["mail", "name"] };
  await expect(subjectsOf(table, { subject: "id" })).rejects.toThrow('there is no column "id"; there are mail, name');
});

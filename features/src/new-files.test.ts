// Names for new policies and samples, and why some cannot be.
import { expect, test } from "vitest";
import { nameFault, newFiles } from "./new-files.ts";

test.each([
  ["decision", "authz.orders", undefined],
  ["decision", "authz.if", { kind: "keyword", word: "if" }],
  ["data", "default", { kind: "keyword", word: "default" }],
  ["library", "authz..orders", { kind: "package" }],
  ["test", "1st", { kind: "package" }],
  ["sample", "large-order", undefined],
  ["sample", "if", undefined],
  ["sample", "../order", { kind: "sample" }],
] as const)("a new %s named %s", (kind, name, fault) => {
  expect(nameFault(kind, name)).toEqual(fault);
});

test("a decision comes with a test, a sample and what is expected of it", () => {
  expect(newFiles("decision", "authz.orders").map(({ folder, file }) => `${folder} ${file}`)).toEqual([
    "package orders.rego",
    "package orders_test.rego",
    "inputs orders-admin.conf",
    "inputs orders-admin.expected.json",
  ]);
});

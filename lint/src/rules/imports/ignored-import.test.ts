// Which refs could have been shorter.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { ignoredImport } from "./ignored-import.ts";

const found = (text: string) => foundIn(ignoredImport, `package p\n\nimport data.lib.roles\n\n${text}`);

test("wherever they stand", () => {
  expect(found("a if f(data.lib.roles.x[i])")).toEqual(["5: data.lib.roles.x[i]"]);
  expect(found("a := [x | x := data.lib.roles]")).toEqual(["5: data.lib.roles"]);
  expect(found("a if data.lib.roles.check(1)")).toEqual(["5: data.lib.roles.check"]);
  expect(found("a if b with data.lib.roles as 1")).toEqual(["5: data.lib.roles"]);
});

test("not what is only near it", () => {
  expect(found("a if data.lib.rolesx")).toEqual([]);
  expect(found("a if data.lib")).toEqual([]);
});

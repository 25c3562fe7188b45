import { expect, test } from "vitest";
import { TabColumns } from "./tab-columns.ts";

/** The columns of the tabs before each `x`. */
function tabsBefore(text: string): readonly (readonly number[])[] {
  const tabs = new TabColumns(text);
  return [...text.matchAll(/x/gu)].map(({ index }) => tabs.before(index));
}

test("tabs have the columns that the last line gave them that has as many, as in OPA", () => {
  expect(tabsBefore("\tx\n\t\tx\n x\n\tx")).toEqual([[1], [1, 2], [], [1]]);
  expect(tabsBefore("\tx\n\t\tx\n  \tx\n")).toEqual([[1], [3, 2], [3]]);
  expect(tabsBefore('\tx\n"💡"\tx\n')).toEqual([[4], [4]]);
});

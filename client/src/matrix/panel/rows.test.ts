// Which rows of the matrix a filter leaves, and how they are grouped.
import { expect, test } from "vitest";
import type { PanelCell, PanelRow, PanelState } from "#protocol/matrix-panel.ts";
import { type Choices, failedCells, shownGroups } from "./rows.ts";

const cell = (text: string, more: Partial<PanelCell> = {}): PanelCell => ({ kind: "value", text, label: text, ...more });
const row = (name: string, cells: PanelRow["cells"], more: Partial<PanelRow> = {}): PanelRow => ({
  ...{ id: name, name, folder: "inputs", profile: "", pinned: false, cells },
  ...more,
});

const rows = [
  row("ann", [cell("true"), cell("3")]),
  row("bob", [cell("false", { expected: "true", difference: "expected true, got false" }), cell("3", { changed: true })]),
  row("bob (uat)", [cell("undefined", { kind: "undefined" }), null], { profile: "uat", folder: "inputs/uat" }),
  row("broken", [null, null], { problem: "no value" }),
];

const words = { noProfile: "no profile", pinned: "Pinned", showAll: "All" } as PanelState["words"];

/** `title: ann bob` for each group. */
function shown(choices: Partial<Choices>, some: readonly PanelRow[] = rows): readonly string[] {
  const groups = shownGroups({ rows: some, words }, { text: "", show: "all", group: "none", ...choices });
  return groups.map((group) => `${group.title ?? "-"}: ${group.rows.map(({ name }) => name).join(" ")}`);
}

test.each<[Partial<Choices>, string[]]>([
  [{}, ["-: ann bob bob (uat) broken"]],
  [{ show: "failed" }, ["-: bob broken"]],
  [{ show: "changed" }, ["-: bob"]],
  [{ show: "undecided" }, ["-: bob (uat) broken"]],
  [{ text: "UAT" }, ["-: bob (uat)"]],
  [{ text: "tru" }, ["-: ann"]],
  [{ text: "nowhere" }, []],
  [{ group: "folder" }, ["inputs: ann bob broken", "inputs/uat: bob (uat)"]],
  [{ group: "profile" }, ["no profile: ann bob broken", "uat: bob (uat)"]],
])("%j", (choices, groups) => {
  expect(shown(choices)).toEqual(groups);
});

test("what is pinned comes first and stays", () => {
  const pinned = rows.map((one) => (one.name === "bob (uat)" ? { ...one, pinned: true } : one));
  expect(shown({}, pinned)).toEqual(["Pinned: bob (uat)", "All: ann bob broken"]);
  expect(shown({ show: "failed", group: "folder" }, pinned)).toEqual(["Pinned: bob (uat)", "inputs: bob broken"]);
});

test("the differences that are shown", () => {
  const groups = shownGroups({ rows, words }, { text: "", show: "all", group: "none" });
  expect(failedCells(groups)).toEqual([{ row: "bob", column: 0 }]);
});

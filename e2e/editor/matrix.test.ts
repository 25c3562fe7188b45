// The decision matrix in a real workbench: its view, its table by keyboard, in dark, light and high contrast, and a difference that is accepted.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { expect, test } from "vitest";
import { storageDesk } from "./storage-desk.ts";
import { patience as timeout } from "./workbench.ts";

const desk = storageDesk({ "workbench.reduceMotion": "on" });
const patience = { timeout };
const page = () => desk.workbench.page;

/** The frame that the page of the matrix lives in. */
async function matrixFrame(): Promise<Frame> {
  let found: Frame | undefined;
  await expect
    .poll(async () => {
      for (const frame of page().frames()) {
        const has = await frame
          .locator("table[role=grid]")
          .count()
          .catch(() => 0);
        if (has > 0) found = frame;
      }
      return found !== undefined;
    }, patience)
    .toBe(true);
  return found!;
}

/** The rows of the table, cell by cell. */
async function rows(): Promise<readonly string[]> {
  const frame = await matrixFrame();
  return frame
    .locator("table tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent).join(" | ")));
}

const decided = [
  "input | storage.allow",
  "client1-reads-bucket2.conf | ✓true",
  "client1-writes-bucket1.conf | ✓true",
  "client1-writes-bucket2.conf | ✓false",
  "client2-reads-bucket2.conf | ✓false",
  "unknown-client.conf | ✓false",
];

test("the lens over a rule opens the matrix, in which every sample is decided", async () => {
  await desk.workbench.decoration("=> true");
  await page().locator(".codelens-decoration a", { hasText: "5 samples: 5 ✓" }).first().click();
  await expect.poll(rows, patience).toEqual(decided);
  const frame = await matrixFrame();
  const colors = await frame
    .locator("td.value, body")
    .evaluateAll((all) => all.slice(0, 2).map((one) => getComputedStyle(one).color));
  expect(new Set(colors).size).toBe(2);
  expect(await frame.locator("[role=status]").textContent()).toBe("5 inputs, 1 rule · 5 as expected");
});

test("keys lead from cell to cell, to what can be done with one, and back", async () => {
  const frame = await matrixFrame();
  const label = () =>
    frame.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
  await frame.locator("tbody td").first().focus();
  expect(await label()).toBe("storage.allow for client1-reads-bucket2.conf: true, as expected");
  await page().keyboard.press("ArrowDown");
  await page().keyboard.press("ArrowDown");
  expect(await label()).toBe("storage.allow for client1-writes-bucket2.conf: false, as expected");
  await page().keyboard.press("ArrowLeft");
  expect(await label()).toBe("inputs/client1-writes-bucket2.conf");
  await page().keyboard.press("Control+End");
  expect(await label()).toBe("storage.allow for unknown-client.conf: false, as expected");
  await page().keyboard.press("Enter");
  expect(await label()).toBe("Open the Full Decision");
  await page().keyboard.press("Escape");
  expect(await label()).toBe("storage.allow for unknown-client.conf: false, as expected");
});

test("the table says what it is to a screen reader", async () => {
  const frame = await matrixFrame();
  const tree = await frame.locator("table").ariaSnapshot();
  expect(tree).toMatch(/^- grid "Decision Matrix":/u);
  expect(tree).toContain('columnheader "storage.allow"');
  expect(tree).toContain('rowheader "inputs/unknown-client.conf"');
  expect(tree).toContain('gridcell "storage.allow for unknown-client.conf: false, as expected"');
});

test("an edit decides what it changes, and the difference is marked in sign and word", async () => {
  const expected = join(desk.folder, "inputs/unknown-client.expected.json");
  writeFileSync(expected, readFileSync(expected, "utf8").replace("false", "true"));
  await expect.poll(async () => (await rows()).at(-1), patience).toBe("unknown-client.conf | ✗false");
  const frame = await matrixFrame();
  await frame.locator("td.failed").focus();
  await frame.locator(".difference", { hasText: "expected true, got false" }).waitFor();
  await desk.workbench.screenshot("matrix-light.png");
  for (const [theme, kind, name] of [
    ["Dark Modern", "vs-dark", "dark"],
    ["Dark High Contrast", "hc-black", "contrast"],
    ["Light High Contrast", "hc-light", "contrast-light"],
  ] as const) {
    await desk.workbench.theme(theme, kind);
    await frame.locator("td.failed").waitFor();
    await desk.workbench.screenshot(`matrix-${name}.png`);
  }
  await desk.workbench.theme("Dark Modern", "vs-dark");
});

test("a filter leaves what is not as expected, and the difference is accepted", async () => {
  const frame = await matrixFrame();
  await frame.getByRole("combobox", { name: "Show" }).selectOption("failed");
  await expect.poll(rows, patience).toEqual(["input | storage.allow", "unknown-client.conf | ✗false"]);
  await frame.locator("td.failed").focus();
  await frame.getByRole("button", { name: "Make Expected", exact: true }).click();
  await frame.locator(".nothing", { hasText: "No row is left by the filter." }).waitFor();
  expect(JSON.parse(readFileSync(join(desk.folder, "inputs/unknown-client.expected.json"), "utf8")).decisions).toEqual({
    "data.storage.allow": { value: false },
  });
  expect(await page().locator(".tab", { hasText: "unknown-client.expected.json" }).count()).toBe(0);
  await frame.getByRole("combobox", { name: "Show" }).selectOption("all");
  await expect.poll(rows, patience).toEqual(decided);
});

test("the view has every input with its decisions", async () => {
  await desk.workbench.command("Rulewright: Focus on Decision Matrix View");
  const tree = page().getByRole("tree", { name: "Decision Matrix" });
  await expect.poll(() => tree.ariaSnapshot(), patience).toContain("All inputs, 5");
  await tree.getByRole("treeitem", { name: "All inputs, 5" }).click();
  await tree.getByRole("treeitem", { name: "client1-reads-bucket2.conf, inputs" }).click();
  await tree.getByRole("treeitem", { name: "storage.allow for client1-reads-bucket2.conf: true, as expected" }).waitFor();
  await desk.workbench.screenshot("matrix-view.png");
});

test("a cell leads to why it is so, to its full value, and to a test of it", async () => {
  await desk.workbench.command("Rulewright: Open the Decision Matrix");
  const frame = await matrixFrame();
  const act = async (name: string): Promise<void> => {
    await frame.locator("tbody td").first().focus();
    await frame.locator(".details").getByRole("button", { name, exact: true }).click();
  };
  await act("Why?");
  const why = page().getByRole("tree", { name: "Why" });
  await expect.poll(() => why.ariaSnapshot(), patience).toContain('treeitem "storage.allow, true"');
  await act("Open the Full Decision");
  await page().locator(".tab", { hasText: "output.jsonc" }).waitFor();
  await act("Create a Test");
  await expect
    .poll(() => page().locator(".view-line", { hasText: "test_allow_client1_reads_bucket2 if {" }).count(), patience)
    .toBe(1);
  await act("Debug");
  await page().locator(".debug-toolbar").waitFor();
  await page().locator(".debug-top-stack-frame-column, .codicon-debug-stackframe").first().waitFor();
  await page().keyboard.press("Shift+F5");
  await page().locator(".debug-toolbar").waitFor({ state: "hidden" });
});

test("policies with errors leave the decisions of before, and say why", async () => {
  await desk.workbench.openFile("storage.rego");
  await desk.workbench.replaceLine(15, "input.action in grnt.actions");
  await desk.workbench.squiggle("error");
  await desk.workbench.command("Rulewright: Open the Decision Matrix");
  const frame = await matrixFrame();
  await frame.locator(".notice", { hasText: "Stale: the policies have errors: policy/storage.rego:15" }).waitFor();
  await expect.poll(rows, patience).toEqual(decided);
  await desk.workbench.screenshot("matrix-stale.png");
});

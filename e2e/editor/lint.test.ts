// Lint in a real workbench: a finding while typing, its page, its fix on the light bulb, and the task.
import { expect, test } from "vitest";
import { storageDesk } from "./storage-desk.ts";
import { patience } from "./workbench.ts";

// Drawn on a canvas, the terminal's text could not be read.
const desk = storageDesk({ "rw.lint.enable": true, "terminal.integrated.gpuAcceleration": "off" });

const found = (): Promise<string[]> =>
  desk.workbench.problems().then((rows) => rows.filter((row) => row.includes("Comment should start with whitespace")));

test("a finding shows while typing, and its page needs no network", async () => {
  await desk.workbench.replaceLine(11, "#who may");
  await desk.workbench.squiggle("warning");
  await expect.poll(found, { timeout: patience }).toHaveLength(1);
  await desk.workbench.screenshot("lint.png");
  await desk.workbench.openProblemPage("no-whitespace-comment");
  await expect.poll(() => desk.workbench.previewHeadings(), { timeout: patience }).toContain("Avoid");
});

test("the task rw: lint finds the same in a terminal", async () => {
  await desk.workbench.command("File: Save All");
  await desk.workbench.runTask("rw: lint");
  await desk.workbench.terminal("2 violations found");
});

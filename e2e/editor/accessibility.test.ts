// What a screen reader is told, and what the keyboard reaches: status bar, Decision view, input picker and publish panel, through the
// accessibility tree of a real workbench; and what the panel says when RMS, or what stands before it, fails.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminToken, type RmsProcess, startRms } from "../sidecar/rms-process.ts";
import { type Front, startFront } from "./faulty-front.ts";
import { storageDesk } from "./storage-desk.ts";
import { patience as timeout } from "./workbench.ts";

const desk = storageDesk({ "workbench.reduceMotion": "on" });
let rms: RmsProcess;
let front: Front;

beforeAll(async () => {
  rms = await startRms();
  front = await startFront(rms.url);
  const config = join(desk.folder, "rw.conf");
  writeFileSync(config, readFileSync(config, "utf8").replace("http://127.0.0.1:8182", front.url));
});

afterAll(async () => {
  front.close();
  await rms.stop();
});

const patience = { timeout };

/** The names of things of a role, as they are read out. */
async function names(role: string, inside: Locator): Promise<readonly string[]> {
  const snapshot = await inside.ariaSnapshot();
  const pattern = new RegExp(`^\\s*- (?:'${role} "((?:[^"]|"(?!'))*)"|${role} "([^"]*)")`, "u");
  return snapshot.split("\n").flatMap((line) => {
    const found = pattern.exec(line);
    return found === null ? [] : [(found[1] ?? found[2] ?? "").replace(/" \[level.*$/u, "")];
  });
}

const statusBar = () => desk.workbench.page.locator(".statusbar");
const tree = () => desk.workbench.page.getByRole("tree", { name: "Decision" });
const panel = () => desk.workbench.page.locator(".quick-input-widget");

test("the status bar says state and input in words", async () => {
  await desk.workbench.page.evaluate(() => {
    const turned: string[] = [];
    Object.assign(window, { turned });
    const ours = '[id="rulewright.rulewright.rw.state"] .codicon-modifier-spin, .quick-input-list .codicon-modifier-spin';
    const look = () => {
      for (const { className } of document.querySelectorAll(ours)) turned.push(className);
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["class"],
    });
  });
  await desk.workbench.decoration("=> true");
  await expect
    .poll(() => names("button", statusBar()), patience)
    .toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^Rulewright: \d+ rules, no problems, allow = true for client1-reads-bucket2\.conf, 5 of 5 tests pass$/u,
        ),
        "Sample input: client1-reads-bucket2.conf",
      ]),
    );
});

test("the list of its layers names the folder, and says the state of each in words", async () => {
  await desk.workbench.command("Rulewright: Show the State of This Project");
  const title = desk.workbench.page.locator(".quick-input-titlebar");
  await expect.poll(() => title.textContent(), patience).toBe(`State of ${basename(desk.folder)}`);
  await expect
    .poll(() => names("option", panel()), patience)
    .toEqual([
      expect.stringMatching(/^syntax, no problems, \d+ ms/u),
      expect.stringMatching(/^compile, no problems, \d+ ms/u),
      expect.stringMatching(/^lint, off/u),
      expect.stringMatching(/^expected decisions, no problems, \d+ ms/u),
      expect.stringMatching(/^tests, 5 of 5 pass, \d+ ms/u),
    ]);
  await desk.workbench.escape();
});

test("a fault is said in words in the status bar, and not by color alone", async () => {
  await desk.workbench.replaceLine(15, "input.action in grnt.actions");
  await expect
    .poll(() => names("button", statusBar()), patience)
    .toEqual(expect.arrayContaining([expect.stringMatching(/^Rulewright: .*1 error, .*of an earlier version of the text/u)]));
  await desk.workbench.replaceLine(15, "input.action in grant.actions");
  await desk.workbench.noSquiggle("error");
});

test("switched off, live decisions are said to be off, and nothing says that all is well", async () => {
  const state = statusBar().locator('[id="rulewright.rulewright.rw.state"]');
  await state.locator(".codicon-check").waitFor();
  await desk.workbench.command("Rulewright: Switch Live Decisions On or Off");
  await expect
    .poll(() => names("button", statusBar()), patience)
    .toEqual(expect.arrayContaining([expect.stringMatching(/^Rulewright: \d+ rules, no problems, live decisions off$/u)]));
  await state.locator(".codicon-check").waitFor({ state: "detached" });
  await desk.workbench.command("Rulewright: Switch Live Decisions On or Off");
  await desk.workbench.decoration("=> true");
  await state.locator(".codicon-check").waitFor();
});

/** Moves the focus into the Decision view, and waits until keys go there. */
async function focusTree(): Promise<void> {
  await desk.workbench.command("Rulewright: Show the Decision View");
  const isFocused = () => tree().evaluate((element) => element.contains(document.activeElement));
  await expect.poll(isFocused, patience).toBe(true);
}

test("every row of the Decision view has a name in words, and keys lead to the rule and to the inputs", async () => {
  await focusTree();
  await expect
    .poll(() => names("treeitem", tree()), patience)
    .toEqual([
      "Sample input: client1-reads-bucket2.conf, input",
      expect.stringMatching(/^Package data\.storage, [\d.]+ ms$/u),
      "allow is true",
    ]);
  const { page } = desk.workbench;
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await desk.workbench.titled("Sample Input");
  await desk.workbench.escape();
  await focusTree();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Ln 10, Col 1" }).waitFor(patience);
});

test("an edit that changes no decision leaves the Decision view quiet", async () => {
  await desk.workbench.showTab("storage.rego");
  const { page } = desk.workbench;
  await tree().evaluate((element) => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    const watch = new MutationObserver((records) => {
      for (const { type, attributeName } of records) seen.push(`${type} ${attributeName ?? ""}`);
    });
    watch.observe(element, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"] });
  });
  await desk.workbench.goTo(16, 2);
  await page.keyboard.type(" # why", { delay: 40 });
  // The state goes by "checking" and comes back after the tests have run.
  await desk.workbench.statusBar("allow = true");
  await page.waitForTimeout(1500);
  expect(await page.evaluate(() => (window as unknown as { readonly seen: readonly string[] }).seen)).toEqual([]);
  await desk.workbench.replaceLine(16, "}");
});

test("the input picker names each choice, what is in use, and what pins it", async () => {
  await desk.workbench.command("Rulewright: Choose Sample Input");
  await desk.workbench.titled("Sample Input");
  await expect
    .poll(() => names("option", panel()), patience)
    .toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^client1-reads-bucket2\.conf, inputs · in use/u),
        expect.stringMatching(/^client1-writes-bucket1\.conf, inputs/u),
        expect.stringMatching(/^Inline JSON…, type the input/u),
        expect.stringMatching(/^No input, `input` is undefined/u),
      ]),
    );
  await desk.workbench.escape();
});

test("a sample pinned to a rule by keyboard is said wherever its decision is, and stands in rw.conf", async () => {
  await desk.workbench.goTo(12);
  await desk.workbench.command("Rulewright: Pin a Sample Input to the Rule at Cursor");
  await desk.workbench.pick("unknown-client");
  await desk.workbench.decoration("=> false  for unknown-client.conf (pinned)");
  await expect.poll(() => names("treeitem", tree()), patience).toContain("allow is false, for unknown-client.conf (pinned)");
  await desk.workbench.statusBar("allow = false · unknown-client.conf");
  // The decision follows the text in the editor, which is saved a moment later.
  await expect
    .poll(() => readFileSync(join(desk.folder, "rw.conf"), "utf8"), patience)
    .toMatch(/pins\S*storage\/allow\s*=\s*"?inputs\/unknown-client\.conf/u);
  await desk.workbench.screenshot("14-pinned-input.png");
  await desk.workbench.command("Rulewright: Pin a Sample Input to the Rule at Cursor");
  await desk.workbench.pick("No pin");
  await desk.workbench.decoration("=> true");
});

async function publish(): Promise<void> {
  await desk.workbench.showTab("storage.rego");
  await desk.workbench.command("Rulewright: Publish to RMS");
  await desk.workbench.titled("Publish to storage/main dev");
}

test("each step of the publish panel says its state in words", async () => {
  await desk.workbench.command("Rulewright: Publish to RMS");
  await desk.workbench.fill("Token for", adminToken);
  await desk.workbench.titled("Publish to storage/main dev");
  await desk.workbench.focusedRow("Publish");
  await expect
    .poll(() => names("textbox", panel()), patience)
    .toEqual([expect.stringContaining("Press Enter to publish, Escape to leave everything")]);
  await expect
    .poll(() => names("option", panel()), patience)
    .toEqual([
      "Publish, nothing is published yet",
      "Say What Changes, is kept with the version",
      expect.stringMatching(/^1 check, done · 2 policies · [\d.]+ s/u),
      expect.stringMatching(/^2 test, done · 5\/5, 5\/5 expected decisions · [\d.]+ s/u),
      expect.stringMatching(/^3 compare decisions, done · nothing is published yet/u),
      expect.stringMatching(/^4 who gains and loses, skipped · nothing is published yet/u),
      expect.stringMatching(/^5 publish, waiting/u),
      expect.stringMatching(/^6 move the channel, waiting/u),
      expect.stringMatching(/^7 active on sidecars, waiting/u),
    ]);
  await desk.workbench.escape();
  await desk.workbench.notification("Nothing was published");
});

test.each([
  ["a gateway that fails", 502, "has a fault of its own (status 502)", "try again; its log says why"],
  ["something that is no RMS", 200, "(status 200) does not look like RMS", "is the address right?"],
])("%s is named, with what to do", async (_, status, what, remedy) => {
  front.answer = () => ({ status, body: "<html></html>" });
  try {
    await publish();
    await desk.workbench.focusedRow("Try Again");
    const rows = async () => (await names("option", panel())).join(" ");
    await expect.poll(rows, patience).toContain(what);
    await expect.poll(rows, patience).toContain(remedy);
    await expect.poll(() => desk.workbench.box(), patience).toContain("Not published: ");
    await desk.workbench.escape();
  } finally {
    front.answer = undefined;
  }
});

test("a version that is stored while the channel could not be moved is said, and the next try goes on from there", async () => {
  front.answer = (method) => (method === "PUT" ? { status: 503, body: "" } : undefined);
  await publish();
  await desk.workbench.focusedRow("Publish");
  await desk.workbench.page.keyboard.press("Enter");
  await expect.poll(() => desk.workbench.box(), patience).toContain("Stored, but not switched on: ");
  const rows = async () => (await names("option", panel())).join(" ");
  await expect.poll(rows, patience).toMatch(/6 move the channel, failed.*status 503/u);
  front.answer = undefined;
  await desk.workbench.focusedRow("Try Again");
  await desk.workbench.page.keyboard.press("Enter");
  await desk.workbench.focusedRow("Publish");
  await desk.workbench.page.keyboard.press("Enter");
  await desk.workbench.notification("Published 1.0.0");
});

test("nothing of ours turned while motion is to be reduced", async () => {
  expect(await desk.workbench.page.evaluate(() => (window as unknown as { readonly turned: readonly string[] }).turned)).toEqual(
    [],
  );
});

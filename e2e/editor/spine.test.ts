// The spine in a real workbench: see the fault, see the decision change while typing, choose another input, look at the resolved input,
// publish to a real RMS, and ask a real OPA that runs as the sidecar.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../programs/run.ts";
import { type Sidecar, startSidecar } from "../sidecar/opa-process.ts";
import { adminToken, type RmsProcess, startRms } from "../sidecar/rms-process.ts";
import { type CodeServer, startCodeServer } from "./code-server.ts";
import { launchBrowser, patience, Workbench } from "./workbench.ts";

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
let rms: RmsProcess;
let sidecar: Sidecar | undefined;
const folder = mkdtempSync(join(tmpdir(), "rw-spine-"));

beforeAll(async () => {
  cpSync("examples", folder, { recursive: true });
  rms = await startRms();
  const config = join(folder, "storage/rw.conf");
  writeFileSync(config, readFileSync(config, "utf8").replace("http://127.0.0.1:8182", rms.url));
  server = await startCodeServer({ vsix: [resolve("dist/rulewright.vsix")] });
  browser = await launchBrowser();
  workbench = await Workbench.open(browser, server, join(folder, "storage"), "policy/storage.rego");
});

afterAll(async () => {
  sidecar?.child.kill("SIGCONT");
  await browser?.close();
  await server?.stop();
  await sidecar?.stop();
  rms?.child.kill("SIGCONT");
  await rms?.stop();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench?.screenshotOfFailure(task.name);
});

test("the decision for the nearest sample stands behind the rule and in the status bar", async () => {
  await workbench.decoration("=> true");
  await workbench.statusBar("allow = true");
  await workbench.statusBar("client1-reads-bucket2.conf");
  await workbench.screenshot("01-decision-light.png");
});

test("a missing quote is underlined where it opened, named, and the decision is marked as old", async () => {
  await workbench.replaceLine(15, 'input.action == "read"');
  await workbench.decoration("=> true");
  await workbench.page.keyboard.press("End");
  await workbench.page.keyboard.press("Backspace");
  await workbench.squiggle("error");
  await workbench.statusBar("allow: stale");
  await expect.poll(async () => (await workbench.problems()).join("\n"), { timeout: patience }).toMatch(/non-terminated string/u);
  await workbench.screenshot("02-missing-quote.png");
  await workbench.decoration("(stale)");
});

test("the Decision view says since when its values are stale, and why, in words", async () => {
  await workbench.command("View: Show Rulewright");
  const pane = workbench.page.locator(".pane-body", { has: workbench.page.getByRole("tree", { name: "Decision" }) });
  await expect
    .poll(() => pane.textContent(), { timeout: patience })
    .toMatch(/Stale since .*policy\/storage\.rego:15: non-terminated string/u);
  await pane.getByRole("treeitem", { name: "allow is true, of an earlier version of the text" }).waitFor();
  await pane.getByRole("treeitem", { name: "Sample input: client1-reads-bucket2.conf, input" }).waitFor();
  await workbench.command("View: Show Explorer");
});

test("mending the quote clears the problem", async () => {
  await workbench.showTab("storage.rego");
  await workbench.goTo(15);
  await workbench.page.keyboard.press("End");
  await workbench.page.keyboard.insertText('"');
  await workbench.noSquiggle("error");
  await workbench.decoration("=> true");
  await workbench.statusBar("allow = true");
});

test("a change of the policy changes the decision while typing, against what is expected", async () => {
  await workbench.replaceLine(15, 'input.action == "write"');
  await workbench.decoration("=> false");
  await workbench.decoration("expected true");
  await workbench.screenshot("03-changed-decision.png");
  await workbench.replaceLine(15, "input.action in grant.actions");
  await workbench.decoration("=> true");
});

test("another input is chosen by keyboard, and the decision is for that one", async () => {
  await workbench.command("Rulewright: Choose Sample Input");
  await workbench.pick("client1-writes-bucket2");
  await workbench.decoration("=> false");
  await workbench.statusBar("client1-writes-bucket2.conf");
});

test("typed JSON is the input; what is no JSON is refused with the reason", async () => {
  await workbench.command("Rulewright: Choose Sample Input");
  await workbench.choose("Sample Input", "Inline JSON");
  await expect.poll(() => workbench.box(), { timeout: patience }).toContain("The input as JSON");
  const box = workbench.page.locator(".quick-input-widget input").first();
  await box.fill('{"client": ');
  await expect.poll(() => workbench.box(), { timeout: patience }).toMatch(/JSON input/u);
  await box.fill('{"client": "client1", "bucket": "bucket2", "action": "read"}');
  await workbench.page.keyboard.press("Enter");
  await workbench.statusBar("allow = true · inline JSON");
  await workbench.command("Rulewright: Choose Sample Input");
  await workbench.pick("client1-writes-bucket2");
  await workbench.decoration("=> false");
});

test("the Decision view lists input and rules", async () => {
  await workbench.command("View: Show Rulewright");
  const row = workbench.page.locator(".pane-body .monaco-list-row", { hasText: "allow" }).first();
  await row.waitFor();
  await expect.poll(() => row.textContent(), { timeout: patience }).toContain("false");
  await workbench.screenshot("04-decision-view.png");
  await workbench.command("View: Show Explorer");
});

test("the resolved input follows the HOCON text", async () => {
  await workbench.openFile("client1-reads-bucket2.conf");
  await workbench.command("Rulewright: Show the Resolved Input");
  const preview = workbench.page.locator(".editor-group-container", { hasText: "resolved.jsonc" }).locator(".view-lines").last();
  await preview.waitFor();
  await expect
    .poll(async () => (await preview.textContent())?.replaceAll("\u00a0", " "), { timeout: patience })
    .toContain('"region": "eu-west"');
  await workbench.screenshot("05-resolved-input.png");
});

test("dark and high contrast show the same", async () => {
  await workbench.showTab("storage.rego");
  for (const [theme, kind, name] of [
    ["Dark Modern", "vs-dark", "06-dark.png"],
    ["Dark High Contrast", "hc-black", "07-high-contrast.png"],
  ] as const) {
    await workbench.theme(theme, kind);
    await workbench.decoration("=> false");
    await workbench.screenshot(name);
  }
  await workbench.theme("Light Modern", "vs");
});

/** Asks to publish, and waits for the panel. */
async function publish(): Promise<void> {
  await workbench.command("Rulewright: Publish to RMS");
  await workbench.titled("Publish to storage/main dev");
}

const question = { client: "client2", bucket: "bucket2", action: "read" };

test("a token that RMS does not know is not kept, and another one is asked for", async () => {
  await workbench.command("Rulewright: Publish to RMS");
  await workbench.fill("Token for", "no_such_token");
  await expect.poll(() => workbench.box(), { timeout: patience }).toContain("RMS does not know that token");
  await workbench.statusBar("sign in again");
  await workbench.escape();
});

test("publishing runs every step after one question, and the sidecar enforces what was published", async () => {
  await workbench.command("Rulewright: Publish to RMS");
  await workbench.fill("Token for", adminToken);
  await workbench.titled("Publish to storage/main dev");
  await workbench.focusedRow("Publish");
  await expect.poll(() => workbench.row("2 test"), { timeout: patience }).toContain("5/5");
  await workbench.screenshot("08-publish.png");
  await workbench.page.keyboard.press("Enter");
  expect(await workbench.notification("Published 1.0.0")).toMatch(/check ✓.*test ✓ 5\/5.*publish ✓.*channel ✓/u);
  await workbench.statusBar("RMS storage/main dev 1.0.0");
  sidecar = await startSidecar(rms, "storage", "main", "dev");
  expect(await sidecar.decide("storage/allow", { ...question, client: "client1" })).toBe(true);
  expect(await sidecar.decide("storage/allow", question)).toBe(false);
});

test("the panel closed at the question publishes nothing", async () => {
  await publish();
  await workbench.focusedRow("Publish");
  await workbench.escape();
  await workbench.notification("Nothing was published");
});

/** Somebody writes down beside the sample of client2 what is decided for it. */
function expectClient2(value: boolean): void {
  const path = join(folder, "storage/inputs/client2-reads-bucket2.expected.json");
  writeFileSync(path, `${JSON.stringify({ decisions: { "data.storage.allow": { value } } })}\n`);
}

test("what is decided otherwise than expected is not published, and the panel leads to the tests", async () => {
  await workbench.showTab("storage.rego");
  await workbench.goTo(16, 2);
  await workbench.page.keyboard.insertText('\n\nallow if input.client == "client2"');
  // The wrong decision is said at the sample and at the expectation.
  await workbench.statusBar("2 · allow");
  await publish();
  await expect.poll(() => workbench.row("1 of 5 expected decisions fail"), { timeout: patience }).toContain("2 test");
  await expect.poll(() => workbench.box(), { timeout: patience }).toContain("Not published: 1 of 5 expected decisions fail");
  await workbench.focusedRow("Show the Tests");
  await workbench.screenshot("09-not-as-expected.png");
  await workbench.escape();
});

test("a change of a decision is shown before it is published, and reaches the sidecar", async () => {
  expectClient2(true);
  await workbench.statusBar("allow = false · client1-writes-bucket2.conf");
  await publish();
  await expect.poll(() => workbench.row("client2-reads-bucket2.conf"), { timeout: patience }).toContain("false → true");
  await expect.poll(() => workbench.box(), { timeout: patience }).toContain("1 decision changes");
  await workbench.screenshot("09-decision-diff.png");
  await workbench.page.keyboard.press("Enter");
  await workbench.notification("Published 1.1.0");
  await eventually(async () => ((await sidecar?.decide("storage/allow", question)) === true ? true : undefined));
});

test("the state of RMS lists the sidecar", async () => {
  // The list shows what RMS knew when it was opened, and the sidecar tells a moment after it decides.
  await eventually(async () => {
    const { body } = await rms.call("GET", "/api/v1/domains/storage/policies/main/activations");
    const { items } = body as { readonly items: readonly { readonly revision: string; readonly state: string }[] };
    return items.some(({ revision, state }) => revision.startsWith("storage/main@1.1.0") && state === "active") || undefined;
  });
  await workbench.command("Rulewright: Show the State of RMS");
  await workbench.titled("RMS storage/main dev 1.1.0");
  await expect.poll(() => workbench.row("sidecar"), { timeout: patience }).toMatch(/active/u);
  await workbench.escape();
});

test("a sidecar that is slow is followed until it runs what was published", async () => {
  sidecar?.child.kill("SIGSTOP");
  await workbench.showTab("storage.rego");
  await workbench.replaceLine(18, 'allow if input.client == "client2" # slowly');
  await publish();
  await workbench.focusedRow("Publish");
  await workbench.page.keyboard.press("Enter");
  await expect.poll(() => workbench.row("0/1 active, 1 not there yet"), { timeout: patience }).toContain("7 active on sidecars");
  await workbench.screenshot("09-slow-sidecar.png");
  await workbench.notification("Published 1.1.1");
  await workbench.statusBar("0 of 1 sidecars run 1.1.1");
  sidecar?.child.kill("SIGCONT");
  await workbench.notification("All sidecars of storage/main dev run 1.1.1");
  await workbench.statusBar("RMS storage/main dev 1.1.1 · 1/1 active");
});

test("a channel goes back from the list of RMS in the status bar: what changes is told first, and a reason is asked for", async () => {
  await workbench.command("Rulewright: Show the State of RMS");
  await workbench.choose("RMS storage/main dev 1.1.1", "Roll Back to 1.1.0");
  await workbench.titled("Roll back storage/main dev: 1.1.1 → 1.1.0");
  await expect.poll(() => workbench.row("Roll Back"), { timeout: patience }).toMatch(/no decision of \d+ changes/u);
  await workbench.focusedRow("Roll Back");
  await workbench.page.keyboard.press("Enter");
  await workbench.answer("Why?", "too early");
  await workbench.notification("storage/main dev is back at 1.1.0");
  await workbench.statusBar("RMS storage/main dev 1.1.0");
});

test("what somebody else published meanwhile is compared again before it is overwritten", async () => {
  await workbench.showTab("storage.rego");
  expectClient2(false);
  await workbench.replaceLine(18, 'allow if input.client == "client3"');
  await workbench.statusBar("allow = false · client1-writes-bucket2.conf");
  await publish();
  await expect.poll(() => workbench.row("client2-reads-bucket2.conf"), { timeout: patience }).toContain("true → false");
  const channel = await rms.call("GET", "/api/v1/domains/storage/policies/main/channels/dev");
  const { seq } = channel.body as { readonly seq: number };
  const moved = await rms.call(
    "PUT",
    "/api/v1/domains/storage/policies/main/channels/dev",
    { version: "1.0.0", reason: "somebody else" },
    { "if-match": `"${seq}"` },
  );
  expect(moved.status).toBe(200);
  await workbench.page.keyboard.press("Enter");
  await expect.poll(() => workbench.box(), { timeout: patience }).toContain("Press Enter to publish");
  await expect.poll(() => workbench.row("3 compare decisions"), { timeout: patience }).toContain("0 of 5 decisions change");
  await workbench.escape();
});

test("what fails its tests is not published, and the panel leads to the tests", async () => {
  await workbench.showTab("storage.rego");
  await workbench.replaceLine(15, 'input.action == "write"');
  await publish();
  await expect.poll(() => workbench.row("2 of 5 tests fail"), { timeout: patience }).toContain("2 test");
  await expect.poll(() => workbench.box(), { timeout: patience }).toContain("Not published: 2 of 5 tests fail");
  await workbench.focusedRow("Show the Tests");
  await workbench.screenshot("10-not-published.png");
  await workbench.page.keyboard.press("Enter");
  await workbench.page.locator(".test-explorer").waitFor();
  expect(await sidecar?.decide("storage/allow", { ...question, client: "client1" })).toBe(true);
});

test("an RMS that does not answer can be given up, and one that is down is named", async () => {
  await workbench.showTab("storage.rego");
  await workbench.replaceLine(15, "input.action in grant.actions");
  rms.child.kill("SIGSTOP");
  await publish();
  await workbench.row("2 testdone · 5/5");
  await workbench.escape();
  await workbench.notification("Stopped: nothing was published");
  rms.child.kill("SIGKILL");
  await publish();
  await expect.poll(() => workbench.row("RMS does not answer at"), { timeout: patience }).toContain("3 compare decisions");
  // What to do is not cut off.
  await workbench.row("is the address right?");
  await workbench.focusedRow("Try Again");
  await workbench.screenshot("11-rms-down.png");
  await workbench.escape();
});

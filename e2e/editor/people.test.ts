// Who gains and who loses by a publish, in a real workbench: told in the panel and as a document before anything is sent.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { adminToken, type RmsProcess, startRms } from "../sidecar/rms-process.ts";
import { type CodeServer, startCodeServer } from "./code-server.ts";
import { launchBrowser, patience, Workbench } from "./workbench.ts";

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
let rms: RmsProcess;
const folder = mkdtempSync(join(tmpdir(), "rw-people-"));
const policyFile = join(folder, "policy/orders.rego");

/** No sample and no test notices it: none of them is a clerk with so large an order. */
const clerksMayMore = `
allow if {
	rbac.user_has_role(input.user, "order-clerk")
	in_time_window
	input.order.amount == 10000
}
`;

beforeAll(async () => {
  cpSync("examples/orders", folder, { recursive: true });
  rms = await startRms();
  const config = join(folder, "rw.conf");
  writeFileSync(config, readFileSync(config, "utf8").replace("http://127.0.0.1:8182", rms.url));
  await knownPeople();
  server = await startCodeServer({ vsix: [resolve("dist/rulewright.vsix")] });
  browser = await launchBrowser();
  workbench = await Workbench.open(browser, server, folder, "policy/orders.rego");
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rms?.stop();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench?.screenshotOfFailure(task.name);
});

async function knownPeople(): Promise<void> {
  const orders = "/api/v1/domains/orders";
  const done = async (method: string, path: string, body: object): Promise<void> => {
    expect((await rms.call(method, path, body)).status).toBeLessThan(300);
  };
  await done("POST", "/api/v1/domains", { id: "orders" });
  await done("POST", `${orders}/policies`, { id: "main", entrypoints: ["orders/allow", "orders/decision"] });
  const small = { action: "approve", resource: "orders/*", constraints: { max: { amount: 1000 } } };
  const large = { action: "approve", resource: "orders/*", constraints: { max: { amount: 10_000 } } };
  await done("PUT", `${orders}/roles/order-clerk`, { responsibilities: [small] });
  await done("PUT", `${orders}/roles/order-manager`, { includes: ["order-clerk"], responsibilities: [large] });
  for (const subject of ["bob", "cid"]) await done("PUT", `${orders}/roles/order-clerk/members/${subject}`, {});
  await done("PUT", `${orders}/roles/order-manager/members/ann`, {});
}

async function publish(): Promise<void> {
  await workbench.command("Rulewright: Publish to RMS");
  await workbench.titled("Publish to orders/main dev");
}

test("people who gain are told where no sample changes, in the panel and as a document", async () => {
  await workbench.command("Rulewright: Publish to RMS");
  await workbench.fill("Token for", adminToken);
  await workbench.titled("Publish to orders/main dev");
  await workbench.focusedRow("Publish");
  await expect.poll(() => workbench.row("4 who gains and loses"), { timeout: patience }).toContain("nothing is published yet");
  await workbench.page.keyboard.press("Enter");
  await workbench.notification("Published 1.0.0");
  const text = `${readFileSync(policyFile, "utf8")}${clerksMayMore}`;
  writeFileSync(policyFile, text);
  await workbench.goTo(text.split("\n").length);
  await workbench.lineWith("user_has_role");
  await publish();
  await expect.poll(() => workbench.row("4 who gains and loses"), { timeout: patience }).toContain("2 people gain, nobody loses");
  await expect.poll(() => workbench.box(), { timeout: patience }).toContain("2 people gain: press Enter to publish");
  expect(await workbench.row("bob")).toContain("gains manager-large-order.conf (orders/allow, orders/decision) · order-clerk");
  expect(await workbench.row("3 compare decisions")).toContain("0 of ");
  expect(await workbench.row("Version 1.1.0")).toContain("minor: 2 people gain, nobody loses");
  await workbench.screenshot("20-people.png");
  await workbench.focusedRow("Publish");
  await workbench.page.keyboard.press("ArrowDown");
  await workbench.focusedRow("Version 1.1.0");
  await workbench.page.keyboard.press("Enter");
  // Another number is taken, and the proposed one again.
  await expect.poll(() => workbench.box(), { timeout: patience }).toContain("Which number");
  await workbench.focusedRow("1.1.0");
  await workbench.screenshot("21-version.png");
  await workbench.page.keyboard.press("ArrowDown");
  await workbench.focusedRow("2.0.0");
  await workbench.page.keyboard.press("Enter");
  await workbench.focusedRow("Publish");
  expect(await workbench.row("Version 2.0.0")).toContain("major: who asks has to change something; proposed: 1.1.0");
  await workbench.page.keyboard.press("ArrowDown");
  await workbench.focusedRow("Version 2.0.0");
  await workbench.page.keyboard.press("Enter");
  await expect.poll(() => workbench.box(), { timeout: patience }).toContain("Which number");
  await workbench.focusedRow("2.0.0");
  await workbench.page.keyboard.press("ArrowUp");
  await workbench.focusedRow("proposed");
  await workbench.page.keyboard.press("Enter");
  await workbench.focusedRow("Publish");
  await workbench.page.keyboard.press("ArrowDown");
  await workbench.focusedRow("Version 1.1.0");
  await workbench.page.keyboard.press("ArrowDown");
  await workbench.focusedRow("Say What Changes");
  await workbench.page.keyboard.press("ArrowDown");
  await workbench.focusedRow("Show Who Gains and Who Loses");
  await workbench.page.keyboard.press("Enter");
  await workbench.lineWith("| gains | bob | order-clerk |");
  await workbench.screenshot("21-people-document.png");
  // The question stands all the same.
  await workbench.focusedRow("Show Who Gains and Who Loses");
  const publishRow = workbench.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "Publish" });
  const upToPublish = async (): Promise<number> => {
    if ((await publishRow.count()) === 0) await workbench.page.keyboard.press("ArrowUp");
    return publishRow.count();
  };
  await expect.poll(upToPublish, { timeout: patience }).toBe(1);
  await workbench.page.keyboard.press("Enter");
  await workbench.notification("Published 1.1.0");
});

test("the name of a role says what it is and who holds it, by keyboard, in dark too", async () => {
  await workbench.showTab("orders.rego");
  await workbench.goTo(readFileSync(policyFile, "utf8").split("user_has_role")[0]!.split("\n").length, 38);
  const hover = workbench.page.locator(".monaco-hover", { hasText: "a role of roles.conf" });
  for (const [theme, kind] of [
    ["Dark Modern", "vs-dark"],
    ["Light Modern", "vs"],
  ] as const) {
    await workbench.theme(theme, kind);
    await workbench.command("Show or Focus Hover");
    await hover.first().waitFor();
    expect(await hover.first().textContent()).toMatch(/Held by 3 people.*bob.*ann, by order-manager/su);
    await workbench.screenshot(`24-role-${kind}.png`);
    await workbench.page.keyboard.press("Escape");
  }
});

const gate = (impact: object) =>
  rms.call("PATCH", "/api/v1/domains/orders/policies/main", { gates: { impact: { channel: "dev", ...impact } } });

test("where more lose than the owner allows, the panel names them, and says what comes next", async () => {
  const text = readFileSync(policyFile, "utf8").replace(clerksMayMore, "");
  writeFileSync(policyFile, text);
  const clause = workbench.page.locator(".view-line", { hasText: "user_has_role" });
  await expect.poll(() => clause.count(), { timeout: patience }).toBe(0);
  expect((await gate({ lose: { people: 1 }, otherwise: "refuse" })).status).toBe(200);
  // RMS would refuse it: nobody is asked whether to publish it.
  await publish();
  await workbench.focusedRow("Try Again");
  await expect
    .poll(() => workbench.box(), { timeout: patience })
    .toContain("Not published: against dev, 2 people lose by orders/allow, orders/decision, and 1 of 3");
  await workbench.screenshot("22-people-refused.png");
  await workbench.escape();
  expect((await gate({ lose: { people: 1 } })).status).toBe(200);
  await publish();
  await workbench.focusedRow("Publish");
  expect(await workbench.row("5 publish")).toContain("it will wait until somebody else approves it");
  await workbench.screenshot("23-people-wait.png");
  await workbench.page.keyboard.press("Enter");
  expect(await workbench.notification("Stored, but not switched on: 1.2.0 waits until somebody else approves it")).toMatch(
    /then publish again, .*against dev, /u,
  );
});

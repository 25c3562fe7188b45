// The playground as a visitor has it: static files in a browser, typing, an error, a link, no network, the keyboard.
import { mkdirSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { deflateRawSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { servePlayground } from "../../scripts/playground.ts";
import { launchBrowser, patience } from "./workbench.ts";

let server: Server;
let browser: Browser;
let page: Page;
let address: string;
const failures: string[] = [];

beforeAll(async () => {
  server = servePlayground();
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  address = `http://localhost:${(server.address() as AddressInfo).port}/`;
  browser = await launchBrowser();
  mkdirSync("artifacts/screenshots", { recursive: true });
});

beforeEach(async () => {
  page = await opened();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail")
    await browser
      .contexts()
      .at(-1)
      ?.pages()[0]
      ?.screenshot({ path: `artifacts/screenshots/failed-playground-${task.name.length}.png` });
  for (const context of browser.contexts()) await context.close();
});

async function opened(fragment = ""): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, colorScheme: "dark" });
  const made = await context.newPage();
  made.setDefaultTimeout(patience);
  // Monaco rejects what nobody waits for any more with this, when a newer key comes or an editor goes.
  made.on("pageerror", ({ name, message }) => (name === "Canceled" && message === name) || failures.push(message));
  made.on("console", (message) => message.type() === "error" && failures.push(message.text()));
  made.on("request", (request) => request.url().startsWith(address) || failures.push(`asked for ${request.url()}`));
  await made.goto(address + fragment);
  return made;
}

const status = (text: string | RegExp, on = page) => on.locator("#status").filter({ hasText: text }).waitFor();
const painted = (text: string) =>
  page
    .locator("#policy .rw-decision", { hasText: new RegExp(text.replaceAll(" ", "\\s"), "u") })
    .first()
    .waitFor();

async function replaceIn(pane: string, from: string, to: string): Promise<void> {
  const editor = page.locator(`#${pane} .monaco-editor`).first();
  await editor.locator(".view-line", { hasText: from }).first().click();
  await page.keyboard.press("End");
  await page.keyboard.press("Shift+Home");
  await page.keyboard.insertText(to);
}

test("the example is decided, tested and without problems", async () => {
  await status("allow = true");
  await painted("=> true");
  await page.locator("#test-counts", { hasText: "2 of 2 passed" }).waitFor();
  expect(await page.locator("#rules th").allTextContents()).toEqual(["allow", "buckets"]);
  await page.screenshot({ path: "artifacts/screenshots/80-playground-dark.png" });
  for (const [theme, keyword] of [
    ["rulewright-light", "rgb(0, 0, 255)"],
    ["rulewright-contrast-dark", "rgb(86, 156, 214)"],
    ["rulewright-contrast-light", "rgb(0, 0, 255)"],
  ] as const) {
    await page.locator("#theme").selectOption(theme);
    await page.waitForFunction(
      (wanted) =>
        ["policy", "tests"].every((pane) => {
          const first = document.querySelector(`#${pane} .view-line span span`);
          return first?.textContent?.startsWith("package") && getComputedStyle(first).color === wanted;
        }),
      keyword,
    );
    await page.screenshot({ path: `artifacts/screenshots/81-playground-${theme}.png` });
  }
  await page.locator("#theme").selectOption("system");
  expect(await page.locator("#problem-count").textContent()).toBe("none");
});

test("typing into the input, the data and the policy changes the decision", async () => {
  await replaceIn("input", "action = read", "action = write");
  await status("allow = false");
  await painted("=> false");
  await replaceIn("data", '"ann"', '"ann": [{ "bucket": "reports", "actions": ["write"] }],');
  await status("allow = true");
  await page.locator("#test-counts", { hasText: "0 of 2 passed" }).waitFor();
  await replaceIn("policy", "grant.bucket == input.bucket", "grant.bucket != input.bucket");
  await status("allow = false");
});

test("tests can be deleted, and written again", async () => {
  await page.locator("#test-counts", { hasText: "2 of 2 passed" }).waitFor();
  await page.locator("#tests .view-line").first().click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.locator("#test-counts", { hasText: "none" }).waitFor();
  await status("allow = true");
  expect(await page.locator("#problem-count").textContent()).toBe("none");
  await page.keyboard.insertText("package a_test\n\ntest_a if 1 == 1\n");
  await page.locator("#test-counts", { hasText: "1 of 1 passed" }).waitFor();
});

test("an error is marked, told, and goes away", async () => {
  await replaceIn("policy", "input.action in grant.actions", "input.action in grnat.actions");
  await page.locator("#policy .squiggly-error").first().waitFor();
  const problem = page.locator("#problem-list button", { hasText: "grnat" }).first();
  await problem.waitFor();
  await status(/Not decided|=/u);
  await page.screenshot({ path: "artifacts/screenshots/83-playground-error.png" });
  await problem.click();
  await page.waitForFunction(() => document.activeElement?.closest("#policy") !== null);
  await replaceIn("policy", "grnat", "input.action in grant.actions");
  await page.locator("#policy .squiggly-error").first().waitFor({ state: "detached" });
  await status("allow = true");
});

test("hover, completion, signatures and rename answer", async () => {
  await status("allow = true");
  await page
    .locator("#policy .view-line span", { hasText: /^allow$/u })
    .first()
    .hover();
  await page.locator(".monaco-hover", { hasText: "storage.allow" }).first().waitFor();
  await replaceIn("policy", "grant.bucket == input.bucket", "true; ");
  await page.keyboard.type("count(inp");
  await page.locator(".suggest-widget .monaco-list-row", { hasText: "input" }).first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".parameter-hints-widget", { hasText: "count" }).first().waitFor();
  await page.screenshot({ path: "artifacts/screenshots/84-playground-completion.png" });
  await page.keyboard.press("Escape");
  await replaceIn("policy", "count", "grant.bucket == input.bucket");
  await status("allow = true");
  await page
    .locator("#policy .view-line span", { hasText: /^allow$/u })
    .first()
    .click();
  await page.keyboard.press("F2");
  await page.locator(".rename-input").fill("permit");
  await page.keyboard.press("Enter");
  await status("permit = true");
  await page.locator("#tests .view-line", { hasText: "storage.permit" }).first().waitFor();
});

test("definitions, symbols, folding and formatting answer", async () => {
  await status("allow = true");
  await page
    .locator("#tests .view-line span", { hasText: /^allow$/u })
    .first()
    .click();
  await page.keyboard.press("F12");
  await page.locator(".peekview-title", { hasText: "Definitions (2)" }).waitFor();
  await page.locator(".peekview-widget .monaco-list-row", { hasText: "allow if" }).first().dblclick();
  await page.waitForFunction(() => document.activeElement?.closest("#policy") !== null);
  await page.keyboard.press("Control+Shift+O");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "buckets" }).first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#policy .codicon-folding-expanded").first().waitFor({ state: "attached" });
  await replaceIn("policy", "grant.bucket == input.bucket", "grant.bucket    ==    input.bucket");
  await page.locator("#format").click();
  await page
    .locator("#policy .view-line", { hasText: /^\s*grant\.bucket\s==\sinput\.bucket$/u })
    .first()
    .waitFor();
});

test("a quick fix is offered and applied", async () => {
  await replaceIn("policy", "input.action in grant.actions", "input.action in grnat.actions");
  await page.locator("#policy .squiggly-error").first().waitFor();
  for (let step = 0; step < 10; step++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Control+Period");
  const fix = page.locator(".action-widget .monaco-list-row", { hasText: /grant/u }).first();
  await fix.waitFor();
  await page.screenshot({ path: "artifacts/screenshots/85-playground-quick-fix.png" });
  await fix.click();
  await page.locator("#policy .view-line", { hasText: "input.action in grant.actions" }).first().waitFor();
  await status("allow = true");
});

test("a shared link brings the texts back, and a hostile one nothing", async () => {
  await status("allow = true");
  await page.locator("#examples").selectOption("HOCON: paths and substitutions");
  await replaceIn("input", "order.total = 180", "order.total = 500");
  await status(/^allow = undefined/u);
  await page.locator("#share").click();
  await page.locator("#notice", { hasText: "The link is in the" }).waitFor();
  const { hash } = new URL(page.url());
  const again = await opened(hash);
  await again.locator("#input .view-line", { hasText: "500" }).first().waitFor();
  await status(/^allow = undefined/u, again);

  const evil = '"><img src=x onerror="document.title=1"><script>document.title=1</script>';
  const texts = { policy: `package p\n\nx := "${evil.replaceAll('"', "'")}"\n`, tests: "", input: evil, data: "{" };
  const pack = (value: unknown) => `#1.${deflateRawSync(JSON.stringify(value)).toString("base64url")}`;
  const marked = await opened(pack(texts));
  await marked.locator("#policy .view-line", { hasText: "onerror" }).first().waitFor();
  await marked.locator("#problem-list button").first().waitFor();
  expect(await marked.title()).toBe("Rulewright Playground");
  expect(await marked.locator("main img, main script").count()).toBe(0);
  for (const fragment of ["#1.%00", `#1.${"A".repeat(100_000)}`, pack({ ...texts, policy: { toString: 1 } }), "#__proto__"]) {
    const hostile = await opened(fragment);
    await hostile.locator("#notice", { hasText: "holds no policy" }).waitFor();
    await status("allow = true", hostile);
  }
});

test("a policy without an end is given up, and the page goes on", async () => {
  const loop = "r if {\n\tsome a in xs\n\tsome b in xs\n\tsome c in xs\n\tsome d in xs\n\ta < b\n\tb < c\n\tc < d\n\td < a\n}\n";
  const texts = { policy: `package p\n\nxs := numbers.range(1, 2000)\n\n${loop}`, tests: "", input: "", data: "{}" };
  const slow = await opened(`#1.${deflateRawSync(JSON.stringify(texts)).toString("base64url")}`);
  await status(/took longer than 500 ms/u, slow);
  await slow.locator("#examples").selectOption("Reasons to refuse");
  await status("allow = undefined", slow);
});

test("the keyboard reaches every pane, and all that it reaches has a name", async () => {
  await status("allow = true");
  await page.locator("#policy .view-line").first().click();
  const seen: string[] = [];
  for (let step = 0; step < 5; step++) {
    await page.keyboard.press("F6");
    seen.push(await page.evaluate(() => document.activeElement?.closest(".pane")?.id ?? ""));
  }
  expect(seen).toEqual(["tests-pane", "input-pane", "data-pane", "results", "policy-pane"]);
  const unnamed = await page
    .locator("button, select, textarea, [role=textbox]")
    .evaluateAll((all) =>
      all
        .filter(
          (one) =>
            one.checkVisibility() &&
            one.ariaHidden !== "true" &&
            !(one.getAttribute("aria-label") || one.textContent || one.closest("label")),
        )
        .map((one) => one.outerHTML.slice(0, 200)),
    );
  expect(unnamed).toEqual([]);
});

test("on a narrow screen the panes stand below each other", async () => {
  await status("allow = true");
  await page.setViewportSize({ width: 420, height: 800 });
  await page.screenshot({ path: "artifacts/screenshots/86-playground-narrow.png", fullPage: true });
  const boxes = await page.locator(".pane").evaluateAll((panes) => panes.map((pane) => pane.getBoundingClientRect().toJSON()));
  for (const { left, right } of boxes) expect([left, right]).toEqual([0, 420]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(420);
});

test("keys are followed by decisions at once", async () => {
  await status("allow = true");
  await page.evaluate(() => performance.clearMeasures());
  await page.locator("#policy .view-line", { hasText: "package storage" }).first().click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  for (const key of "# Typed at some speed, as somebody who knows what to say would.") {
    await page.keyboard.type(key);
    await page.waitForTimeout(80);
  }
  const times = await page.evaluate(() => performance.getEntriesByType("measure").map(({ duration }) => duration));
  times.sort((one, other) => one - other);
  const at = (part: number) => (times[Math.floor((times.length - 1) * part)] ?? Number.NaN).toFixed(1);
  console.log(`key → decision, ${times.length} decisions: median ${at(0.5)} ms, p95 ${at(0.95)} ms`);
  expect(times.length).toBeGreaterThan(20);
  expect(Number(at(0.5))).toBeLessThan(500);
});

test("it works without a network once it was seen", async () => {
  const context = await browser.newContext();
  const visitor = await context.newPage();
  visitor.setDefaultTimeout(patience);
  await visitor.goto(address);
  await visitor.evaluate(() => navigator.serviceWorker.ready);
  await visitor.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated");
  await context.setOffline(true);
  await visitor.reload();
  await status("allow = true", visitor);
});

test("nothing failed in the page, and it asked nobody else", () => {
  expect(failures).toEqual([]);
});

// The console of a running RMS in a real browser: by keyboard alone, with and without script, in dark and light, as a screen reader is told.
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../editor/workbench.ts";
import { adminToken, type RmsProcess, startRms } from "../sidecar/rms-process.ts";

const orders = "/api/v1/domains/orders";
const policy = `${orders}/policies/main`;
const hostile = `<img src=x onerror="document.title='taken'">'&`;
let rms: RmsProcess;
let browser: Browser;
/** What the pages' own consoles complained of. */
const complaints: string[] = [];

async function done(
  method: string,
  path: string,
  body?: unknown,
  token = adminToken,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await rms.call(method, path, body, { authorization: `Bearer ${token}` });
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return (answer.body ?? {}) as Readonly<Record<string, unknown>>;
}

async function tokenOf(subject: string, ...scopes: readonly string[]): Promise<string> {
  const made = await done("POST", "/api/v1/tokens", { kind: "user", subject, domains: ["orders"], scopes });
  return String(made["token"]);
}

async function publish(version: string, rule: string, token?: string): Promise<void> {
  const files = { "orders.rego": `package orders\n\ndefault allow := false\n\n${rule}\n` };
  await done("POST", `${policy}/versions`, { version, files, message: hostile }, token);
}

beforeAll(async () => {
  [rms, browser] = await Promise.all([startRms(), launchBrowser()]);
  await done("POST", "/api/v1/domains", { id: "orders", title: `Order desk ${hostile}` });
  await done("POST", `${orders}/policies`, { id: "main", entrypoints: ["orders/allow"] });
  await publish("1.0.0", "allow if input.admin");
  await publish("1.1.0", "allow if input.owner");
  for (const version of ["1.0.0", "1.1.0"]) await done("PUT", `${policy}/channels/prod`, { version, reason: "go" });
  await done("PATCH", policy, { gates: { approvals: 1 } });
  await publish("1.2.0", "allow if input.clerk", await tokenOf("bob", "read", "publish"));
  const responsibilities = [{ action: "approve", resource: "orders/*" }];
  await done("PUT", `${orders}/roles/clerk`, { title: "Clerk", risk: "high", responsibilities });
  for (const subject of ["ann", "ben", hostile])
    await done("PUT", `${orders}/roles/clerk/members/${encodeURIComponent(subject)}`, { reason: "hired" });
  await done("POST", `${orders}/campaigns`, { title: "Spring", due: "2100-01-01T00:00:00Z", reviewer: "eve" });
});

afterAll(async () => {
  await browser.close();
  await rms.stop();
});

/** A page of who signed in with a token of these scopes, by keyboard. */
async function signedIn(options: BrowserContextOptions = {}): Promise<Page> {
  const token = await tokenOf("eve", "read", "channel:write", "roles:write", "review:write", "audit:read");
  const page = await (await browser.newContext({ baseURL: rms.url, ...options })).newPage();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto("/console/domains/orders");
  await page.getByLabel("API token").focus();
  await page.keyboard.type(token);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Order desk" }).waitFor();
  return page;
}

test("a version is found and approved by keyboard alone", async () => {
  const page = await signedIn();
  await page.keyboard.press("Tab");
  expect(await page.locator(":focus").textContent()).toBe("Skip to the page");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
  for (let step = 0; step < 20 && (await page.locator(":focus").textContent()) !== "main 1.2.0"; step++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "main 1.2.0" }).waitFor();
  const summary = page.getByText("Approve this version");
  await summary.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("read every line");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Your approval is recorded.").waitFor();
  expect((await done("GET", `${policy}/versions/1.2.0`))["state"]).toBe("published");
  await page.context().close();
});

test("a page tells a screen reader its landmarks, headings, tables and fields", async () => {
  const page = await signedIn();
  await page.goto("/console/domains/orders/roles/clerk");
  const told = await page.locator("body").ariaSnapshot();
  for (const part of [
    "- banner:",
    '- navigation "Console":',
    '- navigation "Domain orders":',
    '- navigation "Where this is":',
    "- main:",
    "- contentinfo:",
    '- heading "Role clerk" [level=1]',
    '- heading "Members" [level=2]',
    '- columnheader "Person"',
    '- rowheader "ann"',
    '- link "Change the membership of ann":',
  ])
    expect(told).toContain(part);
  expect(await page.getByRole("table", { name: "Members of the role" }).count()).toBe(1);
  await page.getByText("Add a member").click();
  await page.getByLabel("Person").fill("zoe");
  await page.getByLabel("Until (UTC)").fill("2000-01-01T00:00");
  await page.getByLabel("From (UTC)").fill("2001-01-01T00:00");
  await page.getByLabel("Reason").fill("late");
  await page.getByRole("button", { name: "Add the member" }).click();
  await page.getByRole("alert").getByText("validUntil must be after validFrom.").waitFor();
  await page.getByRole("alert").getByRole("link", { name: "validUntil must be after validFrom" }).click();
  expect(await page.locator(":focus, :target").first().getAttribute("id")).toBe("add-validUntil");
  expect(await page.getByLabel("Until (UTC)").getAttribute("aria-describedby")).toBe("add-validUntil-hint add-validUntil-fault");
  expect([await page.title(), await page.getByLabel("Person").inputValue()]).toEqual(["Not done: Role clerk – RMS", "zoe"]);
  await page.context().close();
});

test("a box ticks all memberships of a page; without a script the server takes it so, and everything else works, too", async () => {
  const page = await signedIn();
  await page.goto("/console/domains/orders/campaigns/1");
  await page.getByLabel("All 3 memberships of this page").check();
  expect(await page.locator('input[name="item"]:checked').count()).toBe(3);
  await page.locator('input[name="item"]').first().uncheck();
  expect(await page.getByLabel("All 3 memberships of this page").isChecked()).toBe(false);
  await page.context().close();

  const bare = await signedIn({ javaScriptEnabled: false });
  await bare.goto("/console/domains/orders/campaigns/1");
  await bare.getByLabel("All 3 memberships of this page").check();
  await bare.getByLabel("they are kept").check();
  await bare.getByLabel("Reason").fill("all of them sell");
  await bare.getByRole("button", { name: "Record the decision" }).click();
  await bare.getByText("3 of 3: 3 kept, 0 to end").waitFor();
  await bare.goto("/console/domains/orders/policies/main/channels/prod");
  await bare.getByText("Roll back to 1.0.0").first().click();
  await bare.getByLabel("Reason").first().fill("too early");
  await bare.getByRole("button", { name: "Roll back to 1.0.0" }).click();
  await bare.getByText("The channel is rolled back").waitFor();
  expect((await done("GET", `${policy}/channels/prod`))["version"]).toBe("1.0.0");
  await bare.context().close();
});

const addresses = [
  "",
  "/audit",
  ...[
    "",
    "/people",
    "/roles",
    "/roles/clerk",
    "/roles/clerk/member?id=ann",
    "/person?id=ann",
    "/campaigns",
    "/campaigns/1?who=all&state=any",
  ],
  ...["/campaigns/1/sign", "/reviews", "/sources", "/access?action=approve", "/audit", "/report"],
  ...[
    "",
    "/versions/1.2.0",
    "/versions/1.2.0/impact",
    "/versions/1.2.0/file?path=orders.rego",
    "/channels/prod",
    "/sidecars",
    "/decide",
  ].map((one) => `/policies/main${one}`),
].map((path, index) => (index < 2 ? `/console${path}` : `/console/domains/orders${path}`));

/** Texts whose colour is too near to what lies behind them, as WCAG counts contrast. */
function faintTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const light = ([red = 0, green = 0, blue = 0]: number[]): number => {
      const [r = 0, g = 0, b = 0] = [red, green, blue].map((one) => {
        const part = one / 255;
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element: Element | null): number[] => {
      for (let at = element; at !== null; at = at.parentElement) {
        const colour = channels(getComputedStyle(at).backgroundColor);
        if ((colour[3] ?? 1) > 0) return colour;
      }
      return [255, 255, 255];
    };
    return [...document.querySelectorAll("body *")].flatMap((element) => {
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "");
      if (!own || !element.checkVisibility()) return [];
      const [a, b] = [light(channels(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
      const contrast = ((a ?? 0) + 0.05) / ((b ?? 0) + 0.05);
      return contrast < 4.5 ? [`${element.tagName} ${element.textContent?.trim().slice(0, 40)}: ${contrast.toFixed(2)}`] : [];
    });
  });
}

test.each(["dark", "light"] as const)(
  "every page is readable in %s, on a telephone too, and no name becomes markup",
  async (colorScheme) => {
    const page = await signedIn({ colorScheme, viewport: { width: 360, height: 740 } });
    for (const address of addresses) {
      const answer = await page.goto(address);
      expect([address, answer?.status()]).toEqual([address, 200]);
      for (const summary of await page.locator("summary").all()) await summary.click();
      expect(await faintTexts(page), address).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), address).toBeLessThanOrEqual(0);
      const unnamed = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLInputElement>("input:not([type=hidden]), select, textarea")]
          .filter(({ labels, ariaLabel }) => (labels?.length ?? 0) === 0 && ariaLabel === null)
          .map(({ outerHTML }) => outerHTML),
      );
      expect(unnamed, address).toEqual([]);
      const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map(({ id }) => id));
      expect(new Set(ids).size, address).toBe(ids.length);
      expect(await page.locator("main img, main script, main style").count(), address).toBe(0);
      expect(await page.title(), address).not.toBe("taken");
    }
    await page.context().close();
  },
);

test("no page asked for what its policy of content forbids, and no script failed", () => {
  expect(complaints.filter((one) => !/status of 4\d\d/.test(one))).toEqual([]);
});

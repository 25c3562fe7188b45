// Over all pages: nonsense in addresses and forms is answered with a page that says so, and changes nothing.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestRms, testRms } from "../server/rms.test-helper.ts";
import { signedIn, type TestBrowser } from "./browser.test-helper.ts";
import { pages } from "./pages.ts";

const nonsense = [
  "..",
  "%2e%2e%2f",
  "a%00b",
  "%F0%9F%98%80",
  "%3Cscript%3E",
  "x".repeat(3000),
  "0",
  "-1",
  "__proto__",
  "%E2%80%AE",
];
const query =
  "?id=..&cursor=%00&q=%25&state=%3Cx%3E&who=&against=../x&path=../../etc&instance=%0A&at=soon&from=x&to=9&role=1&done=__proto__";
let rms: TestRms;
let olga: TestBrowser;
let formToken: string;

beforeAll(async () => {
  rms = await testRms();
  await rms.call("POST", "/api/v1/domains", { id: "orders" });
  await rms.call("POST", "/api/v1/domains/orders/policies", { id: "main", entrypoints: ["orders/allow"] });
  await rms.call("PUT", "/api/v1/domains/orders/roles/clerk", {});
  await rms.call("PUT", "/api/v1/domains/orders/roles/clerk/members/ann");
  await rms.call("POST", "/api/v1/domains/orders/campaigns", { title: "x", due: "2100-01-01T00:00:00Z", reviewer: "eve" });
  olga = await signedIn(rms, ["domain:admin"], ["orders"], "olga");
  formToken = /name="form-token" value="([^"]*)"/.exec((await olga.get("/console")).page)?.[1] ?? "";
});
afterAll(() => rms.stop());

const known: Readonly<Record<string, string>> = { domain: "orders", policy: "main", role: "clerk", campaign: "1" };
/** The page's address with a word in place of one of its parameters, or of all. */
function addresses(path: string, word: string): readonly string[] {
  const filled = (at: number): string => {
    let index = 0;
    return `/console${path.replace(/:(\w+)/g, (_, name: string) => (index++ === at ? word : (known[name] ?? "x")))}`;
  };
  const parameters = path.match(/:\w+/g) ?? [];
  return [`/console${path.replace(/:\w+/g, word)}`, ...parameters.map((_, at) => filled(at))];
}

const events = async (): Promise<number> => (await rms.rms.store.audit.head())?.seq ?? 0;

test.each(pages.map((page) => [page.path, page] as const))("%s", async (path, { acts = {} }) => {
  const before = await events();
  for (const address of new Set(nonsense.flatMap((word) => addresses(path, word)))) {
    for (const more of ["", query]) {
      const seen = await olga.get(`${address}${more}`);
      expect(seen.status, address).toBeLessThan(500);
      if (seen.headers.get("content-type")?.startsWith("text/html")) expect(seen.page, address).not.toContain("<script>");
    }
  }
  const address = addresses(path, "nothing")[0] ?? "";
  for (const act of [...Object.keys(acts), "__proto__", "constructor", ""]) {
    const form = new URLSearchParams({
      "form-token": formToken,
      act,
      once: "\u0000",
      tag: "x",
      reason: "",
      role: "..",
      decision: "{}",
    });
    for (const one of ["null", "[]", '"x"', "{", "9"]) form.append("item", one);
    const seen = await olga.post(`${address}${query}`, form);
    expect([seen.status >= 400 && seen.status < 500, `${address} ${act}: ${seen.status}`]).toEqual([
      true,
      `${address} ${act}: ${seen.status}`,
    ]);
  }
  expect(await events()).toBe(before);
  expect(rms.log.filter((line) => line.includes('"event":"error"'))).toEqual([]);
});

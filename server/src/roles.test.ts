// The roles file of a project in RMS: its changes are told first, and made when they are the ones that were seen.
import { expect, test } from "vitest";
import type { ApplyRolesResult } from "#protocol/publishing.ts";
import { connect, uri } from "./client.test-helper.ts";

const files = {
  "rw.conf": 'roles = roles.conf\nrms { url = "http://rms.test", domain = loans, policy = main, channel = dev }\n',
  "roles.conf": "roles { clerk.members = [ann], boss { includes = [clerk], members = [eve] } }\n",
  "loans.rego": "package loans\n\nallow := true\n",
};
const trusted = { initializationOptions: { rw: { trusted: true } } };

/** An RMS that has one role, and what it was told. */
function rms(status = 200): { readonly fetch: typeof fetch; readonly told: string[] } {
  const told: string[] = [];
  const answer: typeof fetch = async (given, init) => {
    const { pathname } = new URL(String(given));
    const { method = "GET" } = init ?? {};
    if (method !== "GET") told.push(`${method} ${pathname.replace("/api/v1/domains/loans/roles/", "")}`);
    if (status !== 200) return Response.json({ status, detail: "not here" }, { status });
    if (pathname.endsWith("/roles"))
      return Response.json({ items: [{ id: "clerk", title: "", includes: [], responsibilities: [] }] });
    if (pathname.endsWith("/members")) return Response.json({ items: [{ subject: "bob" }] });
    return Response.json({});
  };
  return { fetch: answer, told };
}

const asking = { uri: uri("loans.rego"), token: "t" };

test("what changes is told, and done once it was seen", async () => {
  const { fetch, told } = rms();
  const client = await connect(files, { fetch, initialize: trusted });
  const found = (await client.request<ApplyRolesResult>("rw/applyRoles", asking)) as { readonly lines: readonly string[] };
  expect(found).toEqual({
    domain: "loans",
    file: "roles.conf",
    lines: ["~ the role clerk: title", "+ the role boss", "+ ann in clerk", "+ eve in boss"],
    stays: ["bob in clerk"],
  });
  expect(told).toEqual([]);
  const stale = await client.request("rw/applyRoles", { ...asking, accepted: ["+ eve in clerk"] });
  expect(stale).toEqual({ problem: "the roles, or what RMS has of them, changed meanwhile: nothing was done" });
  expect(told).toEqual([]);
  expect(await client.request("rw/applyRoles", { ...asking, accepted: found.lines })).toEqual(found);
  expect(told).toEqual(["PUT clerk", "PUT boss", "PUT clerk/members/ann", "PUT boss/members/eve"]);
});

test("nothing is asked without trust; a missing domain and a missing or wrong file say so", async () => {
  const wary = await connect(files, { fetch: rms().fetch, initialize: { initializationOptions: { rw: { trusted: false } } } });
  expect(await wary.request("rw/applyRoles", asking)).toEqual({ problem: "changing roles needs a trusted workspace" });
  const none = await connect(files, { fetch: rms(404).fetch, initialize: trusted });
  expect(await none.request("rw/applyRoles", asking)).toEqual({ problem: "RMS has no domain loans yet: publish first" });
  const wrong = await connect({ ...files, "roles.conf": "rolls = 1\n" }, { fetch: rms().fetch, initialize: trusted });
  expect(await wrong.request("rw/applyRoles", asking)).toEqual({ problem: expect.stringMatching(/roles\.conf:1.*rolls/u) });
});

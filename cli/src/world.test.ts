// Mocks of `rw.conf` on the command line: what policies see of the world, with a profile and without, and nothing else where none are named.
import { expect, test } from "vitest";
import { rw } from "./run-in-memory.test-helper.ts";

const policy = `package p

import rego.v1

now := time.now_ns()

chance := [rand.intn("a", 1000000), uuid.rfc4122("b")]

sent := http.send({"method": "GET", "url": "https://users.test/ann"}).body.role

addresses := net.lookup_ip_addr("users.test")

region := opa.runtime().env.REGION

other := http.send({"method": "GET", "url": "https://users.test/bob", "raise_error": false})
`;
const files = {
  "/w/p.rego": policy,
  "/w/p_test.rego": `package p_test

import rego.v1
import data.p

test_now if p.now == 1767225600000000000

test_sent if p.sent == "clerk"

test_unmocked if not p.other
`,
  "/w/rw.conf": `mocks {
  clock = "2026-01-01T00:00:00Z", seed = 7, http = mocks/http.conf
  net.lookup_ip_addr { "users.test" = "10.0.0.1" }
  opa.runtime.env.REGION = eu
}
profiles.uat.mocks { clock = "2027-01-01T00:00:00Z", http = mocks/uat.conf, opa.runtime.env.REGION = us }
`,
  "/w/mocks/http.conf": 'requests = [{ request.url = "https://users.test/ann", response.body = { role = clerk } }]\n',
  "/w/mocks/uat.conf": 'requests = [{ request.url = "https://users.test/ann", response.body = { role = chief } }]\n',
};
const query = "[data.p.now, data.p.sent, data.p.addresses, data.p.region]";

test("eval sees the mocks, and the same each time", async () => {
  const one = await rw(files, "eval", "-d", ".", "-f", "raw", query);
  expect(one).toMatchObject({ code: 0, out: '[1767225600000000000,"clerk",["10.0.0.1"],"eu"]\n', err: "" });
  const chance = await rw(files, "eval", "-d", ".", "-f", "raw", "data.p.chance");
  expect(await rw(files, "eval", "-d", ".", "-f", "raw", "data.p.chance")).toEqual(chance);
  expect(await rw(files, "eval", "-d", ".", "-f", "raw", "--seed", "8", "data.p.chance")).not.toEqual(chance);
});

test("a profile lies over them, and a flag over both", async () => {
  const { out } = await rw(files, "eval", "-d", ".", "--input-profile", "uat", "-f", "raw", query);
  expect(out).toBe('[1798761600000000000,"chief",["10.0.0.1"],"us"]\n');
  const timed = await rw(files, "eval", "-d", ".", "--time", "2020-01-01T00:00:00Z", "-f", "raw", "data.p.now");
  expect(timed.out).toBe("1577836800000000000\n");
});

test("a call without a mock is undefined, and told", async () => {
  expect(await rw(files, "eval", "-d", ".", "-f", "raw", "data.p.other")).toMatchObject({
    code: 0,
    out: "",
    err: "note: p.rego:15: http.send: GET https://users.test/bob needs a mock: `mocks` of rw.conf has none\n",
  });
});

test("test sees them", async () => {
  const told = "note: p.rego:15: http.send: GET https://users.test/bob needs a mock: `mocks` of rw.conf has none\n";
  expect(await rw(files, "test", ".")).toMatchObject({ code: 0, out: "PASS: 3/3\n", err: told });
  const { code, out } = await rw(files, "test", ".", "--input-profile", "uat");
  expect([code, out]).toEqual([2, expect.stringContaining("FAIL: 2/3")]);
});

test("a policy that is named without its project sees what OPA grants", async () => {
  expect((await rw(files, "eval", "-d", "p.rego", "-f", "raw", "data.p.now > 1790000000000000000")).out).toBe("true\n");
  expect((await rw(files, "eval", "-d", "p.rego", "-f", "raw", "opa.runtime().version")).out).toBe("1.22.2\n");
  const plain = { ...files, "/w/rw.conf": "entrypoints = 1\n" };
  expect((await rw(plain, "eval", "-d", ".", "-f", "raw", "opa.runtime().version")).out).toBe("1.22.2\n");
});

test("what is wrong with the mocks ends the command", async () => {
  const wrong = { ...files, "/w/mocks/http.conf": "requests = [\n  1\n]\n" };
  const fault = "mocks/http.conf:2: an entry must be an object with `request`, `response`\n";
  expect((await rw(wrong, "eval", "-d", ".", "data.p.now")).err).toContain(fault);
  expect(await rw(wrong, "test", ".")).toMatchObject({ code: 1, err: fault });
  expect((await rw({ ...files, "/w/rw.conf": "mocks.clock = noon\n" }, "test", ".")).err).toBe(
    "/w/rw.conf:1: `mocks.clock` must be a time like 2026-01-31T12:00:00Z\n",
  );
});

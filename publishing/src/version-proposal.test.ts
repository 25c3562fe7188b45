// The number that a publish proposes: the newest version and the project in, the next number and the reason out.
import { expect, test } from "vitest";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { RmsClient } from "./rms-client.ts";
import { proposeVersion } from "./version-proposal.ts";

interface Rms {
  readonly versions?: readonly string[];
  /** Of the newest version, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** As RMS has them for the policy. */
  readonly entrypoints?: readonly string[];
}

/** What is proposed for `policy` after a version that RMS has. */
async function proposed(policy: string, rms: Rms, files: Readonly<Record<string, string>> = {}, people?: string) {
  const project = await openProject(memoryHost({ "/p/main.rego": policy, ...files }), "/p");
  const { versions = ["1.0.0"] } = rms;
  const answer = (path: string): string => {
    const [, file] = /\/files\/(.+)$/u.exec(path) ?? [];
    if (file !== undefined) return rms.files[file] ?? "";
    const list = (items: readonly unknown[]): string => JSON.stringify({ items });
    if (path.endsWith("/files")) return list(Object.keys(rms.files).map((one) => ({ path: one })));
    if (path.endsWith("/versions")) return list(versions.map((version) => ({ version })));
    return JSON.stringify({ entrypoints: rms.entrypoints });
  };
  const client = new RmsClient({ url: "http://rms.test", token: "t" }, async (url) => ({
    status: 200,
    headers: { get: () => null },
    text: async () => answer(url.replace(/\?.*$/u, "")),
  }));
  const known = { channel: undefined, people, now: 0n };
  const reply = await proposeVersion(project, { client, domain: "orders", policy: "main" }, known);
  return reply.ok ? `${reply.value.version} (${reply.value.reason})` : reply.failure.message;
}

const rego = (...rules: readonly string[]): string => `package orders\n\n${rules.join("\n\n")}\n`;
const allow = "allow if input.user == data.owner";
const before = { files: { "main.rego": rego(allow) } };

test.each([
  ["a comment", [allow, "# why"], "1.0.1 (patch: no entrypoint, no rule and no known decision is another)"],
  ["a new entrypoint", [allow, 'deny contains "no" if input.late'], "1.1.0 (minor: the entrypoint orders.deny is new)"],
  ["a new rule", [allow, "limit := 3"], "1.1.0 (minor: the rule orders.limit is new)"],
  [
    "new rules",
    [allow, "a := 1", "b := 2", "c := 3", "d := 4"],
    "1.1.0 (minor: the rules orders.a, orders.b, orders.c and 1 more are new)",
  ],
  ["an entrypoint that is gone", ["may if input.user"], "2.0.0 (major: the entrypoint orders.allow is gone)"],
  ["another kind of value", ['allow := "yes" if input.user'], "2.0.0 (major: orders.allow is string, and was boolean)"],
  [
    "values of a kind more",
    [allow, 'else := "maybe" if input.late'],
    "2.0.0 (major: orders.allow is boolean or string, and was boolean)",
  ],
  [
    "a value of any kind, which tells nothing",
    ["allow := input.answer"],
    "1.0.1 (patch: no entrypoint, no rule and no known decision is another)",
  ],
])("%s", async (_, rules, expected) => {
  expect(await proposed(rego(...rules), before)).toBe(expected);
});

test("fewer kinds of values break nobody", async () => {
  const files = { "main.rego": rego('allow := "yes" if input.a', "allow := true if not input.a") };
  expect(await proposed(rego("allow := true if not input.a"), { files })).toMatch(/^1\.0\.1 \(patch/u);
});

test("a helper that is gone breaks nobody, unless RMS serves it", async () => {
  const files = { "main.rego": rego(allow, "limit := 3") };
  expect(await proposed(rego(allow), { files })).toMatch(/^1\.0\.1 \(patch/u);
  expect(await proposed(rego(allow), { files, entrypoints: ["orders/limit"] })).toBe(
    "2.0.0 (major: the entrypoint orders.limit is gone)",
  );
});

test("decisions of samples, and who gains and loses, are minor changes", async () => {
  const sample = { "/p/inputs/ann.json": '{"user": "ann"}', "/p/data.json": '{"owner": "ann"}' };
  const files = { ...before.files, "data.json": '{"owner":"bob"}' };
  expect(await proposed(rego(allow), { files }, sample)).toBe("1.1.0 (minor: 1 decision of a sample changes)");
  expect(await proposed(rego(allow, "# why"), before, {}, "2 people gain, nobody loses")).toBe(
    "1.1.0 (minor: 2 people gain, nobody loses)",
  );
});

test("tests and their rules are no change for who asks", async () => {
  const more = { "/p/main_test.rego": "package orders_test\n\nlimit := 1\n\ntest_a if limit == 1\n" };
  expect(await proposed(rego(allow), before, more)).toMatch(/^1\.0\.1 \(patch/u);
});

test("the newest of all versions counts; the same content has the same number", async () => {
  const versions = ["1.9.9", "1.10.0", "2.0.0-rc.1", "1.2.0"];
  expect(await proposed(rego(allow), { ...before, versions })).toBe("1.10.0 (nothing of it is another)");
  expect(await proposed(rego(allow, "a := 1"), { ...before, versions })).toMatch(/^1\.11\.0 /u);
  expect(await proposed(rego(allow), { ...before, versions: [] })).toBe("1.0.0 (the first version)");
});

test("before 1.0.0 nothing is promised: the second number is raised", async () => {
  const versions = ["0.3.1"];
  expect(await proposed(rego("may := 1"), { ...before, versions })).toBe(
    "0.4.0 (minor before 1.0.0: the entrypoint orders.allow is gone)",
  );
});

test("a version whose policies have errors by now is compared with nothing", async () => {
  expect(await proposed(rego(allow), { files: { "main.rego": rego("allow := nope(1)") } })).toBe(
    "1.0.1 (patch: the policies of 1.0.0 have errors by now, so that nothing is compared)",
  );
});

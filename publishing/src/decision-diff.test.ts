// Which inputs a publish is held against: every sample, in every profile; and what two versions decide for them.
import { expect, test } from "vitest";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { decisionInputs, diffVersions } from "./decision-diff.ts";
import { changeLine } from "./decisions.ts";
import { RmsClient } from "./rms-client.ts";

test("a sample is decided as it is and in each profile that makes another input of it", async () => {
  const project = await openProject(
    memoryHost({
      "/p/rw.conf": "profiles { prod { properties { stage = prod } }, plain { } }",
      "/p/main.rego": "package orders\n\nallow := true\n",
      "/p/inputs/ann.conf": "user = ann\nstage = ${?stage}\n",
      "/p/inputs/bob.conf": "user = bob\nat = ${stage}\n",
    }),
    "/p",
  );
  expect(decisionInputs(project).map(({ sample, json }) => [sample, JSON.parse(json)])).toEqual([
    ["ann.conf", { user: "ann" }],
    ["ann.conf (prod)", { stage: "prod", user: "ann" }],
    ["bob.conf (prod)", { at: "prod", stage: "prod", user: "bob" }],
  ]);
});

test("what a channel decides otherwise when it goes back: two versions, on the project's samples and roles", async () => {
  const project = await openProject(
    memoryHost({
      "/p/rw.conf": "entrypoints = [orders/allow]",
      "/p/main.rego": "package orders\n\nallow := false\n",
      "/p/inputs/ann.conf": "user = ann",
      "/p/inputs/bob.conf": "user = bob",
    }),
    "/p",
  );
  const versions: Readonly<Record<string, string>> = {
    "1.0.0": 'package orders\n\nallow if input.user == "ann"\n',
    "1.1.0": "package orders\n\nallow if data.users[input.user]\n",
  };
  const client = new RmsClient({ url: "http://rms.test", token: "secret" }, async (url) => {
    const [, version = "", path = ""] = /versions\/([\d.]+)\/files\/?(.*)$/u.exec(url.replace(/\?.*/u, "")) ?? [];
    const text = path === "" ? JSON.stringify({ items: [{ path: "main.rego" }, { path: "data.json" }] }) : versions[version];
    const found = path === "data.json" ? '{"users": {"bob": true}}' : text;
    return { status: found === undefined ? 404 : 200, headers: { get: () => null }, text: async () => found ?? "{}" };
  });
  const published = { client, domain: "orders", policy: "main" };
  const reply = await diffVersions(project, published, ["1.1.0", "1.0.0"], 0n);
  expect(reply.ok && reply.value.decided).toBe(2);
  expect(reply.ok && reply.value.changes.map(changeLine)).toEqual([
    "ann.conf · data.orders.allow: undefined → true",
    "bob.conf · data.orders.allow: true → undefined",
  ]);
  expect(await diffVersions(project, published, ["9.9.9", "1.0.0"], 0n)).toMatchObject({ ok: false, failure: { status: 404 } });
});

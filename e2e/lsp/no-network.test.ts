// Nothing is sent anywhere while policies are written: every socket of the server and of its workers is trapped.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect, workspace } from "./desk.ts";

/** Loaded before anything else, in every thread: notes each attempt to reach something and refuses it. */
const trap = (log: string) => `
const { appendFileSync } = require("node:fs");
const note = (what) => { appendFileSync(${JSON.stringify(log)}, what + "\\n"); throw new Error("trapped: " + what); };
require("node:net").Socket.prototype.connect = () => note("connect");
require("node:dns").lookup = () => note("lookup");
require("node:dgram").createSocket = () => note("datagram");
globalThis.fetch = () => note("fetch");
`;

const policy = `package p

# METADATA
# related_resources:
# - https://example.com/help
# schemas:
# - input: schema.request
allow if http.send({"method": "get", "url": "https://example.com/", "force_json_decode": true}).body.ok

host := net.lookup_ip_addr("example.com")
`;

test("checking, completing, hovering, evaluating and testing reach nothing", async () => {
  const { path, uri } = workspace({
    "p.rego": policy,
    "p_test.rego": "package p_test\n\nimport data.p\n\ntest_allow if p.allow\n",
    "inputs/one.conf": 'include url("https://example.com/base.conf")\na = 1\n',
  });
  const log = join(path, "trapped");
  writeFileSync(join(path, "trap.cjs"), trap(log));
  const client = connect(undefined, { NODE_OPTIONS: `--require ${join(path, "trap.cjs")}` });
  await client.initialize([uri]);
  const textDocument = { uri: `${uri}/p.rego` };
  client.open(textDocument.uri, policy);
  client.open(`${uri}/inputs/one.conf`, readFileSync(join(path, "inputs/one.conf"), "utf8"), "hocon");
  await client.diagnostics(textDocument.uri);
  await client.diagnostics(`${uri}/inputs/one.conf`);
  const position = { line: 7, character: 11 };
  await client.request("textDocument/hover", { textDocument, position });
  await client.request("textDocument/completion", { textDocument, position });
  await client.request("textDocument/documentLink", { textDocument });
  await client.request("rw/evaluate", { uri: textDocument.uri, query: "data.p" });
  await client.request("rw/runTests", { ids: [] });
  await client.request("rw/resolve", { uri: `${uri}/inputs/one.conf` });
  expect(existsSync(log) ? readFileSync(log, "utf8") : "").toBe("");
});

test("the trap holds what it should: a publish to nowhere is noted", async () => {
  const { path, uri } = workspace({
    "p.rego": "package p\n\nallow := true\n",
    "rw.conf": 'rms { url = "http://127.0.0.1:9", domain = p, policy = main, channel = dev }\n',
  });
  const log = join(path, "trapped");
  writeFileSync(join(path, "trap.cjs"), trap(log));
  const client = connect(undefined, { NODE_OPTIONS: `--require ${join(path, "trap.cjs")}` });
  await client.initialize([uri]);
  const answer = await client.request<{ problem?: string }>("rw/rmsStatus", { uri: `${uri}/p.rego`, token: "t" });
  expect(answer.problem).toMatch(/does not answer/u);
  expect(readFileSync(log, "utf8")).toContain("fetch");
});

// Recording over the wire: nothing is sent before hosts are named, what replies lead to is asked too, secrets stay out.
import { expect, test } from "vitest";
import type * as messages from "#protocol/messages.ts";
import { connect, richCapabilities, uri } from "../client.test-helper.ts";
import { evaluator } from "../evaluator.test-helper.ts";

const policy = `package p

user := http.send({"method": "GET", "url": "https://users.test/ann", "headers": {"Authorization": "Bearer s3cret"}}).body

limit := http.send({"method": "GET", "url": sprintf("https://limits.test/%s", [user.role])}).body

token := http.send({"method": "POST", "url": "https://users.test/token", "body": {"a": 1}}).body
`;
const replies: Readonly<Record<string, string>> = {
  "https://users.test/ann": '{"role": "clerk"}',
  "https://limits.test/clerk": '{"max": 5}',
  "https://users.test/token": '{"access_token": "s3cret"}',
};
const workspace = { applyEdit: true, workspaceEdit: { documentChanges: true, resourceOperations: ["create" as const] } };

async function start(trusted = true) {
  const sent: string[] = [];
  const client = await connect(
    { "p.rego": policy, "inputs/a.json": "{}" },
    {
      evaluator,
      fetch: async (url, init) => {
        sent.push(`${init?.method} ${String(url)}`);
        return new Response(replies[String(url)], { headers: { "content-type": "application/json", "set-cookie": "s3cret" } });
      },
      initialize: { capabilities: { ...richCapabilities, workspace }, initializationOptions: { trusted } },
    },
  );
  client.open("p.rego", policy);
  await client.diagnostics("p.rego");
  const record = (hosts: readonly string[]): Promise<messages.RecordMocksResult> =>
    client.request("rw/recordMocks", { uri: uri("p.rego"), hosts });
  const edits = (): string => JSON.stringify(client.notifications.get("workspace/applyEdit") ?? []);
  return { record, sent, edits };
}

test("nothing is sent before somebody agreed to the hosts; a reply can lead to others", async () => {
  const { record, sent, edits } = await start();
  expect(await record([])).toEqual({
    sample: "a.json",
    requests: ["GET https://users.test/ann", "POST https://users.test/token"],
    hosts: ["users.test"],
    recorded: 0,
    left: [],
  });
  expect([sent, edits()]).toEqual([[], "[]"]);
  expect(await record(["users.test"])).toEqual({
    sample: "a.json",
    requests: ["GET https://limits.test/clerk"],
    hosts: ["limits.test"],
    recorded: 1,
    left: ["POST https://users.test/token: the reply holds a secret"],
  });
  expect(sent).toEqual(["GET https://users.test/ann", "POST https://users.test/token"]);
  expect(edits()).toContain("mocks.http = mocks/http.conf");
  expect(edits()).not.toContain("s3cret");
  expect(await record(["users.test", "limits.test"])).toMatchObject({ hosts: [], recorded: 2 });
});

test("a workspace that is not trusted sends nothing", async () => {
  const { record, sent } = await start(false);
  expect(await record(["users.test"])).toEqual({ problem: "requests are sent in a trusted workspace only" });
  expect(sent).toEqual([]);
});

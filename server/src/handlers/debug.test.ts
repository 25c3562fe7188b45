// Debug sessions of an editor through its connection: unsaved text, the chosen input, several at once.
import { expect, test } from "vitest";
import { connect, type TestClient, uri } from "../client.test-helper.ts";
import type { DapEvent, DapResponse } from "../debug/protocol.ts";
import { evaluator } from "../evaluator.test-helper.ts";

const policy = "package p\n\nallow if {\n\tinput.user == data.boss\n}\n";
const files = {
  "p.rego": policy,
  "data.json": '{"boss": "ann"}',
  "inputs/ann.conf": "user = ann\n",
  "inputs/bob.conf": "user = bob\n",
};

type Message = DapResponse | DapEvent;

/** The messages of a session, once one of them is as wanted. */
async function until(client: TestClient, session: string, wanted: (message: Message) => boolean): Promise<Message> {
  for (;;) {
    const sent = (client.notifications.get("rw/debug") ?? []) as { session: string; message: Message }[];
    const found = sent.find((one) => one.session === session && wanted(one.message));
    if (found !== undefined) return found.message;
    await new Promise((ok) => setImmediate(ok));
  }
}

function ask(client: TestClient, session: string, seq: number, command: string, sent: object = {}): Promise<Message> {
  client.notify("rw/debug", { session, message: { seq, type: "request", command, arguments: sent } });
  return until(client, session, (message) => message.type === "response" && message.request_seq === seq);
}

test("two sessions over unsaved text and the chosen input", async () => {
  const client = await connect(files, { evaluator });
  client.open("p.rego", `# not saved\n${policy}`);
  await client.diagnostics("p.rego");
  await client.request("rw/selectSample", { uri: uri("p.rego"), sample: uri("inputs/bob.conf") });
  const told: unknown[] = [];
  for (const session of ["one", "two"]) {
    await ask(client, session, 1, "initialize");
    const launch = await ask(client, session, 2, "launch", { file: uri("p.rego"), query: "data.p.allow", stopOnFail: true });
    told.push((launch as DapResponse).success);
    await ask(client, session, 3, "configurationDone");
    await until(client, session, (message) => message.type === "event" && message.event === "stopped");
    const { body } = (await ask(client, session, 4, "stackTrace")) as { body: { stackFrames: { line: number }[] } };
    const value = (await ask(client, session, 5, "evaluate", { expression: "input.user", frameId: 1 })) as { body: object };
    told.push(
      body.stackFrames.map(({ line }) => line),
      value.body,
    );
  }
  client.notify("rw/debug", { session: "one" });
  const after = (await ask(client, "two", 6, "threads")) as DapResponse;
  expect([...told, after.success, client.logged]).toMatchInlineSnapshot(`
    [
      true,
      [
        4,
        1,
      ],
      {
        "result": ""bob"",
        "type": "string",
        "variablesReference": 0,
      },
      true,
      [
        4,
        1,
      ],
      {
        "result": ""bob"",
        "type": "string",
        "variablesReference": 0,
      },
      true,
      [],
    ]
  `);
});

// The base protocol: framing, life cycle, cancellation, and messages that are wrong.
import { expect, test } from "vitest";
import { Connection } from "./connection.ts";
import { encodeFrame, FrameReader } from "./frames.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function start() {
  const sent: unknown[] = [];
  const logged: string[] = [];
  let exit: number | undefined;
  const jobs: (() => void)[] = [];
  const connection = new Connection({
    send: (message) => sent.push(message),
    pass: (frame) => frame instanceof Uint8Array && sent.push(...new FrameReader().push(frame)),
    defer: (job) => jobs.push(job),
    exit: (code) => {
      exit = code;
    },
    log: (text) => logged.push(text),
  });
  connection.onRequest("initialize", () => ({ capabilities: {} }));
  connection.onRequest("add", (params: { a: number; b: number }) => params.a + params.b);
  connection.onRequest("boom", () => {
    throw new Error("no luck");
  });
  const reader = new FrameReader();
  const say = async (...messages: object[]) => {
    for (const message of messages) connection.receive(reader.push(encodeFrame({ jsonrpc: "2.0", ...message })));
    await run();
  };
  const run = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) job();
    await new Promise((done) => setTimeout(done, 0));
  };
  const take = () => JSON.stringify(sent.splice(0)).replaceAll('"jsonrpc":"2.0",', "");
  return { say, take, run, raw: (text: string) => connection.receive(reader.push(bytes(text))), exit: () => exit, logged };
}

test("requests are answered in order, unknown methods with an error", async () => {
  const server = start();
  await server.say(
    { id: 1, method: "initialize" },
    { id: 2, method: "add", params: { a: 1, b: 2 } },
    { id: "x", method: "nope" },
  );
  expect(server.take()).toBe(
    '[{"id":1,"result":{"capabilities":{}}},{"id":2,"result":3},{"id":"x","error":{"code":-32601,"message":"unknown method nope"}}]',
  );
});

test("before initialize and after shutdown requests are refused; exit gives 0 only after shutdown", async () => {
  const server = start();
  await server.say({ id: 1, method: "add", params: {} });
  expect(server.take()).toContain("-32002");
  await server.say({ id: 2, method: "initialize" }, { id: 3, method: "shutdown" }, { id: 4, method: "add" });
  expect(server.take()).toBe(
    '[{"id":2,"result":{"capabilities":{}}},{"id":3,"result":null},{"id":4,"error":{"code":-32600,"message":"the server is shutting down"}}]',
  );
  await server.say({ method: "exit" });
  expect(server.exit()).toBe(0);
  const hasty = start();
  await hasty.say({ id: 1, method: "initialize" }, { method: "exit" });
  expect(hasty.exit()).toBe(1);
});

test("a cancel overtakes the request that waits", async () => {
  const server = start();
  await server.say({ id: 1, method: "initialize" });
  server.take();
  await server.say({ id: 2, method: "add", params: { a: 1, b: 1 } }, { method: "$/cancelRequest", params: { id: 2 } });
  expect(server.take()).toBe('[{"id":2,"error":{"code":-32800,"message":"the request was cancelled"}}]');
});

test("broken JSON, missing headers and wrong lengths are reported, and the server goes on", async () => {
  const server = start();
  await server.say({ id: 1, method: "initialize" });
  server.take();
  server.raw("Content-Length: 5\r\n\r\n{oops");
  expect(server.take()).toContain("-32700");
  server.raw("X-Other: 1\r\n\r\n");
  expect(server.take()).toContain("Content-Length");
  const body = '{"jsonrpc":"2.0","id":7,"method":"add","params":{"a":2,"b":2}}';
  server.raw(`Content-Length: 30\r\n\r\n{"jsonrpc":Content-Length: ${body.length}\r\n\r\n${body}`);
  await server.run();
  const said = server.take();
  expect(said).toContain("-32700");
  expect(said).toContain('"id":7,"result":4');
  await server.say({ id: 8, method: "add", params: { a: 2, b: 2 } });
  expect(server.take()).toContain('"id":8,"result":4');
  await server.say({ id: 9 });
  expect(server.take()).toContain("-32600");
});

const sum = '{"jsonrpc":"2.0","id":7,"method":"add","params":{"a":2,"b":2}}';
const framed = `Content-Length: ${sum.length}\r\n\r\n${sum}`;

test.each([
  ["a length that is too great", `Content-Length: ${sum.length + 500}\r\n\r\n${sum}`],
  ["a length that no message can have", `Content-Length: 99999999999999\r\n\r\n`],
  ["a negative length", "Content-Length: -5\r\n\r\n"],
  ["no length", "\r\n\r\n"],
  ["bytes before the header", "noise and\nmore "],
  ["line feeds alone", `Content-Length: ${sum.length}\n\n${sum}`],
  ["a header without end", "x".repeat(40_000)],
  ["bytes that are no UTF-8", `Content-Length: 4\r\n\r\n\u0000\u0001\u0002\u0003`],
])("after %s the next message is answered", async (_, noise) => {
  const server = start();
  await server.say({ id: 1, method: "initialize" });
  server.take();
  server.raw(noise);
  await server.run();
  server.raw(framed);
  await server.run();
  const said = server.take();
  expect(said).toContain("-32700");
  expect(said).toContain('"id":7,"result":4');
});

test("a long message in many pieces is no fault", async () => {
  const reader = new FrameReader();
  const all = encodeFrame({ text: "Content-Length: 5 \\r\\n ".repeat(50_000) });
  const frames = [];
  for (let at = 0; at < all.length; at += 1000) frames.push(...reader.push(all.subarray(at, at + 1000)));
  expect(frames).toHaveLength(1);
  expect(frames[0]).toHaveProperty("message");
});

test("a handler that fails answers with an error and the server goes on", async () => {
  const server = start();
  await server.say({ id: 1, method: "initialize" }, { id: 2, method: "boom" }, { id: 3, method: "add", params: { a: 4, b: 5 } });
  expect(server.take()).toContain('"id":3,"result":9');
  expect(server.logged[0]).toContain("boom: Error: no luck");
});

test("messages cut anywhere come out whole", () => {
  const reader = new FrameReader();
  const all = encodeFrame({ text: "grüße 😀" });
  const frames = [...all].flatMap((byte) => reader.push(new Uint8Array([byte])));
  expect(frames).toEqual([{ message: { text: "grüße 😀" } }]);
});

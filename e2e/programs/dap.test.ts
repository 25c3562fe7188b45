// `rw dap` as an editor starts it: a session over standard input and output, steps ahead and back, a clean end.
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeFrame, FrameReader } from "#server/rpc/frames.ts";
import { examples, run, start } from "./run.ts";

interface Message {
  readonly type: string;
  readonly event?: string;
  readonly request_seq?: number;
  readonly body?: { readonly stackFrames?: readonly { readonly name: string; readonly line: number }[] };
}

test("a session from launch to disconnect", async () => {
  const child = start("rw", ["dap"], { cwd: join(examples, "storage") });
  const ended = new Promise<number | null>((ok) => child.on("exit", ok));
  const reader = new FrameReader();
  const messages: Message[] = [];
  let heard = (): void => undefined;
  child.stdout!.on("data", (bytes: Buffer) => {
    for (const frame of reader.push(bytes)) if ("message" in frame) messages.push(frame.message as Message);
    heard();
  });
  const next = async (wanted: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const at = messages.findIndex(wanted);
      if (at >= 0) return messages.splice(at, 1)[0]!;
      await new Promise<void>((ok) => {
        heard = ok;
      });
    }
  };
  let seq = 0;
  const ask = (command: string, sent: object = {}): Promise<Message> => {
    const own = ++seq;
    child.stdin!.write(encodeFrame({ seq: own, type: "request", command, arguments: sent }));
    return next(({ type, request_seq }) => type === "response" && request_seq === own);
  };
  const stopped = async (): Promise<string> => {
    await next(({ event }) => event === "stopped");
    const { body } = await ask("stackTrace", { threadId: 1 });
    return body!.stackFrames!.map(({ name, line }) => `${name}:${line}`).join(" ");
  };
  await ask("initialize");
  await ask("launch", { query: "data.storage.allow", inputPath: join(examples, "storage/inputs/client1-reads-bucket2.conf") });
  await next(({ event }) => event === "initialized");
  await ask("configurationDone");
  const states = [await stopped()];
  for (const command of ["next", "next", "stepBack", "reverseContinue"]) {
    await ask(command, { threadId: 1 });
    states.push(await stopped());
  }
  expect(states).toEqual([
    "allow:12 data.storage.allow:1",
    "allow:13 data.storage.allow:1",
    "allow:14 data.storage.allow:1",
    "allow:13 data.storage.allow:1",
    "data.storage.allow:1",
  ]);
  await ask("disconnect");
  expect(await ended).toBe(0);
});

test("it takes no arguments", async () => {
  const { code, err } = await run("rw", ["dap", "policy.rego"]);
  expect([code, err.split("\n")[0]]).toEqual([1, "Error: dap takes no arguments, not policy.rego"]);
});

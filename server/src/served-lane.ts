// What a lane does where it runs: a server for one large file, without files and without evaluation.
import { memoryHost } from "#workspace/host.ts";
import type { Ports } from "./ports.ts";
import type { Id } from "./rpc/connection.ts";
import { serve } from "./serve.ts";

export interface LaneSurroundings {
  /** A message for the client, with the id of the request that it answers. */
  send(message: unknown, answers: Id | undefined): void;
  /** Runs a job behind what has arrived by now. */
  defer(job: () => void): void;
  readonly later: Ports["later"];
  log(text: string): void;
}

/** Takes the messages for the lane, of which the first is `initialize`. */
export function servedLane({ send, defer, later, log }: LaneSurroundings): (message: object) => void {
  const none = new Error("large files are not evaluated");
  const connection = serve(
    {
      send: (message) => {
        const { id, method } = message as { id?: Id; method?: string };
        send(message, method === undefined ? id : undefined);
      },
      pass: () => undefined,
      defer,
      exit: () => undefined,
      log,
    },
    {
      host: memoryHost({}),
      anySize: true,
      evaluator: { run: () => ({ answer: Promise.reject(none), stop: () => undefined }), dispose: () => undefined },
      fetch: () => Promise.reject(none),
      environment: {},
      now: () => performance.timeOrigin + performance.now(),
      later,
      log,
      endWith: () => undefined,
    },
  );
  return (message) => connection.receive([{ message: { jsonrpc: "2.0", ...message } }]);
}

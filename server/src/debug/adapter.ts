// Debug adapter messages in and out of a session: answers carry the numbers of their requests, refusals the words for the reader.
import type { Inputs } from "../inputs.ts";
import type { Session } from "../session.ts";
import { Ground } from "./ground.ts";
import { Arguments, type DapEvent, type DapRequest, type DapResponse, Refusal } from "./protocol.ts";
import { DebugSession } from "./session.ts";

/** An adapter over the projects of a server. */
export function startAdapter(session: Session, inputs: Inputs, send: (message: DapResponse | DapEvent) => void): Adapter {
  return new Adapter(new Ground(session, inputs), send);
}

export class Adapter {
  readonly #send: (message: DapResponse | DapEvent) => void;
  readonly #session: DebugSession;
  readonly #log: (text: string) => void;
  #next = 1;

  constructor(ground: Ground, send: (message: DapResponse | DapEvent) => void) {
    this.#send = send;
    this.#log = ground.session.ports.log;
    this.#session = new DebugSession(ground, (event, body) =>
      send({ seq: this.#next++, type: "event", event, ...(body === undefined ? {} : { body }) }),
    );
  }

  async receive(message: unknown): Promise<void> {
    if (!isRequest(message)) return;
    const { seq, command } = message;
    const base = { type: "response", request_seq: seq, command } as const;
    try {
      const body = await this.#session.answer(command, new Arguments(message.arguments));
      this.#send({ ...base, seq: this.#next++, success: true, ...(body === undefined ? {} : { body }) });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (!(error instanceof Refusal))
        this.#log(`debugger: ${command}: ${error instanceof Error ? (error.stack ?? text) : text}`);
      const told = { error: { id: 1, format: "{text}", variables: { text }, showUser: command === "launch" } };
      this.#send({ ...base, seq: this.#next++, success: false, message: text, body: told });
    }
  }

  dispose(): void {
    this.#session.dispose();
  }
}

function isRequest(message: unknown): message is DapRequest {
  const { type, command, seq } = (message ?? {}) as Partial<DapRequest>;
  return type === "request" && typeof command === "string" && typeof seq === "number";
}

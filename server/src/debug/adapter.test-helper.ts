// A debug adapter over files in memory, asked as an editor asks it; its state as text.
import { memoryHost } from "#workspace/host.ts";
import { evaluator } from "../evaluator.test-helper.ts";
import { Inputs } from "../inputs.ts";
import { Connection } from "../rpc/connection.ts";
import { Session } from "../session.ts";
import { type Adapter, startAdapter } from "./adapter.ts";
import type { DapEvent, DapResponse, Variable } from "./protocol.ts";

interface StackFrame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly source?: { readonly path?: string; readonly name?: string };
}

export class DapClient {
  readonly events: DapEvent[] = [];
  readonly session: Session;
  readonly #adapter: Adapter;
  readonly #answers = new Map<number, (answer: DapResponse) => void>();
  #waiting: (() => void)[] = [];
  #next = 1;

  constructor(session: Session) {
    this.session = session;
    this.#adapter = startAdapter(session, new Inputs(session), (message) => {
      if (message.type === "response") this.#answers.get(message.request_seq)?.(message);
      else this.events.push(message);
      for (const look of this.#waiting.splice(0)) look();
    });
  }

  async ask<T>(command: string, sent: object = {}): Promise<T> {
    const seq = this.#next++;
    const answer = new Promise<DapResponse>((ok) => this.#answers.set(seq, ok));
    void this.#adapter.receive({ seq, type: "request", command, arguments: sent });
    const { success, message, body } = await answer;
    if (!success) throw new Error(message);
    return body as T;
  }

  /** The next event of a kind, or the end of the session. */
  async event(...names: readonly string[]): Promise<DapEvent> {
    for (;;) {
      const at = this.events.findIndex(({ event }) => names.includes(event) || event === "terminated");
      if (at >= 0) return this.events.splice(at, 1)[0]!;
      await new Promise<void>((ok) => this.#waiting.push(ok));
    }
  }

  /** Launches up to the first stop. */
  async launch(configuration: object, breakpoints: readonly object[] = []): Promise<string> {
    await this.ask("initialize", { linesStartAt1: true, columnsStartAt1: true });
    await this.ask("launch", configuration);
    await this.event("initialized");
    await this.ask("setBreakpoints", { source: { path: "/p/policy.rego" }, breakpoints });
    await this.ask("configurationDone");
    return this.stopped();
  }

  /** `breakpoint | 7 allow < query`. */
  async stopped(): Promise<string> {
    const { event, body } = await this.event("stopped");
    if (event !== "stopped") return event;
    const { reason, description } = body as { reason: string; description?: string };
    return `${description ?? reason} | ${await this.state()}`;
  }

  async go(command: string, sent: object = {}): Promise<string> {
    await this.ask(command, { threadId: 1, ...sent });
    return this.stopped();
  }

  async state(): Promise<string> {
    const { stackFrames } = await this.ask<{ stackFrames: StackFrame[] }>("stackTrace", { threadId: 1 });
    const [top] = stackFrames;
    const locals = await this.variables("Locals");
    return `${top?.line} ${stackFrames.map(({ name }) => name).join(" < ")} {${locals.join(", ")}}`;
  }

  /** The variables of a scope: `name = value`. */
  async variables(scope: string, frameId = 1): Promise<readonly string[]> {
    const { variables } = await this.ask<{ variables: Variable[] }>("variables", {
      variablesReference: await this.reference(scope, frameId),
    });
    return variables.map(({ name, value }) => `${name} = ${value}`);
  }

  async reference(scope: string, frameId = 1): Promise<number> {
    const { scopes } = await this.ask<{ scopes: { name: string; variablesReference: number }[] }>("scopes", { frameId });
    return scopes.find(({ name }) => name === scope)!.variablesReference;
  }

  async evaluate(expression: string, frameId = 1, context = "watch"): Promise<string> {
    try {
      return (await this.ask<{ result: string }>("evaluate", { expression, frameId, context })).result;
    } catch (error) {
      return `refused: ${(error as Error).message}`;
    }
  }

  get output(): readonly string[] {
    return this.events.filter(({ event }) => event === "output").map(({ body }) => (body as { output: string }).output.trim());
  }
}

/** A client of an adapter on files at `/p`. */
export async function dapClient(files: Readonly<Record<string, string>>): Promise<DapClient> {
  const host = memoryHost(Object.fromEntries(Object.entries(files).map(([name, text]) => [`/p/${name}`, text])));
  const wire = { send: () => undefined, pass: () => undefined, defer: setImmediate, exit: () => undefined, log: () => undefined };
  const session = new Session(new Connection(wire), {
    host,
    evaluator,
    fetch: () => Promise.reject(new Error("no network in this test")),
    environment: {},
    now: () => performance.now(),
    later: (_, job) => {
      const timer = setImmediate(job);
      return () => clearImmediate(timer);
    },
    log: (text) => {
      throw new Error(text);
    },
    endWith: () => undefined,
  });
  await session.workspace.setFolders(["/p"]);
  return new DapClient(session);
}

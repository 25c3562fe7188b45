// Real OPA's answers to programs: one server that takes each program's modules in the place of the ones before.
import { type ChildProcess, spawn } from "node:child_process";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { type ExactJson, type NumberText, readExact } from "../../scripts/conformance/exact-json.ts";
import type { FuzzProgram } from "./program.ts";
import { type Answer, type Answers, type Question, questionsOf } from "./questions.ts";
import { unspelled } from "./spelling.ts";

export interface Oracle {
  /** One program at a time. */
  ask(one: FuzzProgram): Promise<Answers>;
  close(): void;
}

const opa = process.env["OPA"] ?? "opa";
/** A server that says nothing for so long is ended. */
const patience = 60_000;
/** Memory that a server keeps of programs that are gone: a new one takes over. */
const lifetime = 5_000;

export function startOracle(): Oracle {
  let server: Server | undefined;
  let asked = 0;
  return {
    async ask(one) {
      if (asked++ % lifetime === 0) {
        server?.end();
        server = undefined;
      }
      const answers = new Map<Question, Answer>();
      for (let loaded: Answer | "ready" | undefined; answers.size < questionsOf(one).length; ) {
        server ??= await serve();
        try {
          loaded ??= await load(server, one);
          const next = questionsOf(one)[answers.size];
          if (next !== undefined) answers.set(next, loaded === "ready" ? await decide(server, next) : loaded);
        } catch {
          // Go's stack overflows end the whole server.
          server.end();
          server = undefined;
          loaded = undefined;
          const next = questionsOf(one)[answers.size];
          if (next !== undefined)
            answers.set(next, { kind: "error", code: "crash", message: "the server ended", place: "", prints: undefined });
        }
      }
      return answers;
    },
    close() {
      server?.end();
    },
  };
}

async function load(server: Server, one: FuzzProgram): Promise<Answer | "ready"> {
  await server.send("PUT", "/v1/data", one.data);
  // Modules of one package may need each other.
  for (let at = 0; at < server.modules; at++) await server.send("PUT", `/v1/policies/m${at}`, `package none${at}`);
  for (const [at, text] of one.texts.entries()) {
    const refused = await server.send("PUT", `/v1/policies/m${at}`, text);
    if (refused.includes('"errors"')) return { kind: "refused", message: firstError(refused) };
    server.modules = Math.max(server.modules, at + 1);
  }
  return "ready";
}

async function decide(server: Server, { path, input, strict }: Question): Promise<Answer> {
  return readAnswer(await server.send("POST", `/v1/data/${path}?strict-builtin-errors=${strict}`, `{"input":${input}}`));
}

function firstError(text: string): string {
  const { errors } = JSON.parse(text) as { readonly errors: readonly { readonly code: string; readonly message: string }[] };
  return `${errors[0]?.code}: ${errors[0]?.message}`;
}

function readAnswer(text: string): Answer {
  const body = readExact(text) as {
    readonly result?: ExactJson;
    readonly errors?: readonly { readonly code: string; readonly message: string; readonly location?: Location }[];
    readonly code?: string;
    readonly message?: string;
  };
  if (body.code !== undefined) {
    const { code, message, location } = body.errors?.[0] ?? { code: body.code, message: body.message ?? "" };
    const place = location === undefined ? "" : `${location.file}:${location.row.text}:${location.col.text}`;
    return { kind: "error", code, message, place, prints: undefined };
  }
  const unsaid = { builtinErrors: undefined, prints: undefined };
  return body.result === undefined
    ? { kind: "undefined", ...unsaid }
    : { kind: "value", text: unspelled(body.result), ...unsaid };
}

/** Numbers are read with their digits. */
interface Location {
  readonly file: string;
  readonly row: NumberText;
  readonly col: NumberText;
}

interface Server {
  /** How many modules it holds. */
  modules: number;
  send(method: string, path: string, body: string): Promise<string>;
  end(): void;
}

async function serve(): Promise<Server> {
  const port = await freePort();
  // Prints are erased below the level of information.
  const flags = ["run", "--server", "--disable-telemetry", "--log-level", "info", "--addr", `127.0.0.1:${port}`];
  const process = spawn(opa, flags, { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  process.stderr?.on("data", (text: Buffer) => {
    complaint = (complaint + text).slice(-2000);
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method: string, path: string, body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const sent = request({ host: "127.0.0.1", port, agent, path, method, headers, timeout: patience }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
        response.on("error", reject);
      });
      sent.on("timeout", () => sent.destroy(new Error("opa run: no answer in time")));
      sent.on("error", reject);
      sent.end(body);
    });
  await ready(
    () => send("GET", "/health", ""),
    process,
    () => complaint,
  );
  return {
    modules: 0,
    send,
    end() {
      agent.destroy();
      process.kill("SIGKILL");
    },
  };
}

async function ready(ask: () => Promise<string>, server: ChildProcess, complaint: () => string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (server.exitCode !== null) throw new Error(`opa run: ${complaint()}`);
    try {
      await ask();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("opa run: no answer");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

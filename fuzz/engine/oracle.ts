// Real OPA's answers to many programs at once: one server that has compiled them all, one request for each.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonical, type ExactJson, readExact } from "../../scripts/conformance/exact-json.ts";
import type { Answer } from "./ours.ts";
import type { FuzzProgram } from "./program.ts";

const opa = process.env["OPA"] ?? "opa";

/** The answers by package. */
export async function evaluateOracle(programs: readonly FuzzProgram[]): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  const folder = mkdtempSync(join(tmpdir(), "fuzz-engine-"));
  try {
    for (const one of programs)
      for (const [at, text] of one.texts.entries()) writeFileSync(join(folder, `${one.package}-${at}.rego`), text);
    const bad = refused(folder);
    for (const one of programs) {
      const message = bad.get(one.package);
      if (message === undefined) continue;
      answers.set(one.package, { kind: "refused", message });
      for (const at of one.texts.keys()) rmSync(join(folder, `${one.package}-${at}.rego`));
    }
    const left = programs.filter((one) => !answers.has(one.package));
    writeFileSync(join(folder, "data.json"), `{${left.map((one) => `${JSON.stringify(one.package)}:${one.data}`).join(",")}}`);
    await ask(folder, left, answers);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return answers;
}

/** What OPA does not compile, stage by stage until the rest passes. */
function refused(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let round = 0; round < 20; round++) {
    const ignored = [...found.keys()].flatMap((file) => ["--ignore", `${file}-*.rego`]);
    const run = spawnSync(opa, ["check", "--max-errors", "0", "--format", "json", ...ignored, folder], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (run.status === 0) return found;
    const before = found.size;
    const { errors } = JSON.parse(run.stderr || run.stdout) as {
      errors: { message: string; code: string; location?: { file: string } }[];
    };
    for (const { code, message, location } of errors) {
      // What the compiler made itself has no place: then the words name the package.
      const file = (/([^/]+)-\d+\.rego$/.exec(location?.file ?? "") ?? /\bdata\.(\w+)/.exec(message))?.[1];
      if (file !== undefined && !found.has(file)) found.set(file, `${code}: ${message}`);
    }
    if (found.size > before) continue;
    // An error that says nothing of its place: each program is asked for itself.
    for (const name of new Set(readdirSync(folder).map((file) => file.replace(/-\d+\.rego$/, "")))) {
      if (found.has(name)) continue;
      const own = readdirSync(folder).filter((file) => file.startsWith(`${name}-`));
      const one = spawnSync(opa, ["check", ...own.map((file) => join(folder, file))], { encoding: "utf8" });
      if (one.status !== 0) found.set(name, one.stderr);
    }
    if (found.size === before) throw new Error(`opa check: ${run.stderr}`);
  }
  return found;
}

/** A program may end the server (Go's stack overflows): then the ones left are asked one by one, and the culprit's answer is its end. */
async function ask(folder: string, programs: readonly FuzzProgram[], answers: Map<string, Answer>): Promise<void> {
  await serve(folder, async (decide) => {
    await Promise.allSettled(programs.map(async (one) => answers.set(one.package, await decide(one))));
  });
  for (let left = programs.filter((one) => !answers.has(one.package)); left.length > 0; ) {
    await serve(folder, async (decide) => {
      for (const one of left) {
        const answer = await decide(one).catch(() => undefined);
        answers.set(one.package, answer ?? { kind: "error", code: "crash", message: "the server ended" });
        if (answer === undefined) break;
      }
    });
    left = left.filter((one) => !answers.has(one.package));
  }
}

type Decide = (one: FuzzProgram) => Promise<Answer>;

async function serve(folder: string, use: (decide: Decide) => Promise<void>): Promise<void> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  // Prints are erased below the level of information.
  const flags = ["run", "--server", "--disable-telemetry", "--log-level", "info", "--addr", address];
  const server = spawn(opa, [...flags, folder], { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  server.stderr?.on("data", (text: Buffer) => {
    complaint = (complaint + text).slice(-2000);
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  try {
    await ready(port, agent, server, () => complaint);
    await use(async (one) => readAnswer(await post(port, agent, `/v1/data/${one.package}`, `{"input":${one.input}}`)));
  } finally {
    agent.destroy();
    server.kill();
  }
}

function readAnswer(text: string): Answer {
  const body = readExact(text) as {
    readonly result?: ExactJson;
    readonly errors?: readonly { readonly code: string; readonly message: string }[];
    readonly code?: string;
    readonly message?: string;
  };
  if (body.code !== undefined) {
    const first = body.errors?.[0];
    return { kind: "error", code: first?.code ?? body.code, message: first?.message ?? body.message ?? "" };
  }
  return body.result === undefined ? { kind: "undefined" } : { kind: "value", text: canonical(body.result) };
}

async function ready(port: number, agent: Agent, server: ChildProcess, complaint: () => string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (server.exitCode !== null) throw new Error(`opa run: ${complaint()}`);
    try {
      await post(port, agent, "/v1/data/system_is_ready", "{}");
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("opa run: no answer");
}

function post(port: number, agent: Agent, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request({ host: "127.0.0.1", port, agent, path, method: "POST", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
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

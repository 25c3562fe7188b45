// Rego while typing: from the start of the built language server, and from a change of a document, to what the client gets to see.
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Position, Published } from "../e2e/lsp/client.ts";
import { type Desk, memoryOf, openDesk, requestTimes, untilIdle } from "./language-server.ts";
import { median, p95 } from "./measure.ts";
import { printRow } from "./report.ts";

type Generate = (workload: string, ...args: readonly string[]) => string;

interface Subject {
  readonly name: string;
  readonly folder: string;
  /** The document that is typed in. */
  readonly file: string;
  /** Milliseconds in the 95th percentile to compile findings and to the decision, where the design names them. */
  readonly compile: number | undefined;
  readonly decision: number | undefined;
}

/** Rounds before the clock counts, as in a server that somebody works with. */
const WARM = 6;

/** Milliseconds in which the design wants an answer on W2. */
const requestLimits: Readonly<Record<string, number>> = { "semantic tokens": 50, completion: 40 };

/** Prints the rows of W1 beside 5.9 MB of data, of W2, and of W3 in three sizes; those of start and requests beside Regal's server. */
export async function regoTypingRows(
  generate: Generate,
  folder: string,
  regal: readonly string[] | undefined,
  short: boolean,
): Promise<void> {
  const w2 = generate("w2");
  const domain = join(folder, "w2-workspace");
  mkdirSync(domain, { recursive: true });
  for (const part of ["src", "data.json", "input.json"]) cpSync(join(w2, part), join(domain, part), { recursive: true });
  const users = generate("w1-100k", "--users", "100000");
  const service = join("team0", "svc0010.rego");
  const subjects: readonly Subject[] = [
    { name: "W1, 100k users", folder: join(users, "index"), file: "policy.rego", compile: undefined, decision: 50 },
    { name: "W2", folder: domain, file: join("src", "policy.rego"), compile: 25, decision: 50 },
    { name: "W3-50", folder: generate("w3-50", "--files", "50"), file: service, compile: undefined, decision: undefined },
    { name: "W3-200", folder: generate("w3-200", "--files", "200"), file: service, compile: 50, decision: 100 },
    ...(short
      ? []
      : [{ name: "W3-1000", folder: generate("w3-1000", "--files", "1000"), file: service, compile: 100, decision: undefined }]),
  ];
  for (const subject of subjects) {
    await startRows(subject, regal, short ? 1 : 3);
    await typingRows(subject, regal, short ? 8 : 25);
    if (subject.name === "W3-1000") await typingRows(subject, regal, 25, true);
  }
}

/** From the start of the process to the first findings of the open file, and the memory once the server rests. */
async function startRows({ name, folder, file }: Subject, regal: readonly string[] | undefined, rounds: number): Promise<void> {
  const servers = [undefined, ...(regal === undefined ? [] : [regal])];
  const times: number[][] = servers.map(() => []);
  const memory: (number | undefined)[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [index, command] of servers.entries()) {
      const desk = await openDesk(folder, file, command);
      times[index]?.push(desk.started);
      if (round === rounds - 1) {
        await untilIdle(desk);
        memory[index] = memoryOf(desk);
      }
      desk.client.child.kill("SIGKILL");
    }
  }
  const beside = (value: number | undefined) => (value === undefined ? {} : { reference: { name: "Regal", value }, goal: 0.33 });
  const [ours = [], theirs] = times;
  printRow({
    operation: `${name}: server start to findings`,
    ours: median(ours),
    ...beside(theirs === undefined ? undefined : median(theirs)),
  });
  if (memory[0] !== undefined)
    printRow({ operation: `${name}: server memory after start`, ours: memory[0], unit: "bytes", ...beside(memory[1]) });
}

async function typingRows(
  subject: Subject,
  regal: readonly string[] | undefined,
  rounds: number,
  isReading = false,
): Promise<void> {
  const { name, folder, file, compile, decision } = subject;
  const desk = await openDesk(folder, file, undefined);
  const { client, uri, text } = desk;
  try {
    await client.next(({ method }) => method === "rw/live", 600_000).catch(() => undefined);

    let version = 1;
    const end: Position = { line: text.split("\n").length - 1, character: text.length - text.lastIndexOf("\n") - 1 };
    /** Types a text at the end and takes it back; the times until `seen` accepts what is published, and until the decisions come. */
    const type = async (typed: string, seen: (published: Published) => boolean, lives = false): Promise<readonly number[]> => {
      const times: number[] = [];
      const lines = typed.split("\n");
      const after: Position = {
        line: end.line + lines.length - 1,
        character: lines.at(-1)!.length + (lines.length === 1 ? end.character : 0),
      };
      for (let round = -WARM; round < rounds; round++) {
        for (const forth of [true, false]) {
          version++;
          const done = client.next(({ method, params }) => {
            if (lives)
              return (
                method === "rw/live" &&
                (params as { version?: number }).version === version &&
                !(params as { stale?: boolean }).stale
              );
            if (method !== "textDocument/publishDiagnostics") return false;
            const published = params as Published;
            return published.uri === uri && published.version === version && seen(published) === forth;
          }, 60_000);
          const range = forth ? { start: end, end } : { start: end, end: after };
          const sent = performance.now();
          client.notify("textDocument/didChange", {
            textDocument: { uri, version },
            contentChanges: [{ range, text: forth ? typed : "" }],
          });
          await done;
          if (round >= 0) times.push(performance.now() - sent);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
      return times;
    };
    const says = (word: RegExp) => (published: Published) => published.diagnostics.some(({ message }) => word.test(message));
    const row = (operation: string, times: readonly number[], limit: number | undefined): void =>
      printRow({ operation: `${name}: ${operation}, p95`, ours: p95(times), ...(limit === undefined ? {} : { limit }) });
    const unsafe = (): Promise<readonly number[]> => type("\nloose if undeclared > 1\n", says(/undeclared is unsafe/u));
    if (isReading) {
      row("key to compile findings while others are read", await unsafe(), compile);
      return;
    }
    row(
      "key to syntax findings",
      await type("\nbroken := := 1\n", ({ diagnostics }) => diagnostics.some(({ code }) => code === "rego_parse_error")),
      10,
    );
    // Syntax is told while the other files are still being read; the rows below are of one who works.
    await untilIdle(desk);
    row("key to compile findings", await unsafe(), compile);
    row("key to type findings", await type('\nodd if upper(1) == "x"\n', says(/upper/u)), compile);
    row("key to decisions", await type("\n# typed\n", () => false, true), decision);
    await requestRows(subject, desk, regal);
    const bytes = memoryOf(desk);
    if (bytes !== undefined) printRow({ operation: `${name}: server memory after edits`, ours: bytes, unit: "bytes" });
  } finally {
    await client.stop();
  }
}

async function requestRows({ name, folder, file }: Subject, desk: Desk, regal: readonly string[] | undefined): Promise<void> {
  const ours = await requestTimes(desk);
  const other = regal === undefined ? undefined : await openDesk(folder, file, regal);
  if (other !== undefined) await untilIdle(other);
  const theirs = other === undefined ? undefined : await requestTimes(other);
  other?.client.child.kill("SIGKILL");
  for (const [operation, times] of ours) {
    const reference = theirs?.get(operation);
    printRow({
      operation: `${name}: ${operation}, p95`,
      ours: p95(times),
      ...(reference === undefined ? {} : { reference: { name: "Regal", value: p95(reference) } }),
      limit: requestLimits[operation] ?? 20,
    });
  }
}

// Real OPA's answers to programs, from a process that has OPA as its library: many times faster than a server.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { type ExactJson, readExact } from "../../scripts/conformance/exact-json.ts";
import { buildWithOpa } from "../../scripts/opa-library.ts";
import type { Oracle } from "./oracle.ts";
import type { FuzzProgram } from "./program.ts";
import { type Answer, type Fault, type Question, questionsOf } from "./questions.ts";
import { unspelled } from "./spelling.ts";

/** A process that says nothing for so long is ended: some programs never end in OPA. */
const patience = 30_000;

/** Undefined where Go or OPA's module is missing. */
export function startLibrary(): Oracle | undefined {
  const folder = mkdtempSync(join(tmpdir(), "rw-fuzz-"));
  const program = buildWithOpa("fuzz/engine/opa-answers.go", folder);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (program === undefined) {
    remove();
    return undefined;
  }
  let running: Running | undefined;
  return {
    async ask(one) {
      const questions = questionsOf(one);
      const answers = new Map<Question, Answer>();
      while (answers.size < questions.length) {
        running ??= start(program);
        const left = questions.slice(answers.size);
        running.write(`${requestOf(one, left)}\n`);
        for (const question of left) {
          const line = await running.line();
          // Go's stack overflows end the whole process.
          answers.set(
            question,
            line === undefined
              ? { kind: "error", code: "crash", message: "OPA's process ended", place: "", prints: undefined }
              : readAnswer(line),
          );
          if (line !== undefined) continue;
          running.end();
          running = undefined;
          break;
        }
      }
      return answers;
    },
    close() {
      running?.end();
      remove();
    },
  };
}

function requestOf(one: FuzzProgram, questions: readonly Question[]): string {
  const asked = questions.map(
    ({ path, input, strict }) => `{"path":${JSON.stringify(path)},"input":${input},"strict":${strict}}`,
  );
  return `{"modules":${JSON.stringify(one.dealt)},"data":${one.data},"questions":[${asked.join(",")}]}`;
}

function readAnswer(line: string): Answer {
  const { kind, result, faults, prints } = readExact(line) as unknown as {
    readonly kind: Answer["kind"];
    readonly result: ExactJson;
    readonly faults: readonly Fault[];
    readonly prints: readonly string[];
  };
  const first = faults[0] ?? { code: "", message: "", place: "" };
  switch (kind) {
    case "value":
      return { kind, text: unspelled(result), builtinErrors: faults, prints };
    case "undefined":
      return { kind, builtinErrors: faults, prints };
    case "refused":
      return { kind, message: first.message };
    case "error":
      return { kind, ...first, prints };
  }
}

interface Running {
  write(text: string): void;
  /** The next line; undefined when the process has ended. */
  line(): Promise<string | undefined>;
  end(): void;
}

function start(program: string): Running {
  const process: ChildProcessByStdio<Writable, Readable, null> = spawn(program, [], { stdio: ["pipe", "pipe", "ignore"] });
  // A write to a process that has ended is heard as the end of its lines.
  process.stdin.on("error", () => {});
  const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  const end = (): void => {
    process.kill("SIGKILL");
  };
  return {
    write: (text) => process.stdin.write(text),
    line: async () => {
      const clock = setTimeout(end, patience);
      const next = await lines.next();
      clearTimeout(clock);
      return next.done === true ? undefined : next.value;
    },
    end,
  };
}

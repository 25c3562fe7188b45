// The peers that figures stand beside, each only where it is installed: OPA's own Wasm under the stock SDK, OPA as a library
// (a Go program made against OPA's module), `opa eval` as a process, Regorus (the program of `bench/regorus`), and Regal's language server.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import { readTar } from "#bundles/tar.ts";
import { buildWithOpa } from "../scripts/opa-library.ts";
import { median } from "./measure.ts";

export interface Peers {
  readonly opa: string | undefined;
  /** The command that starts Regal's language server. */
  readonly regal: string | undefined;
  /** OPA's Wasm of a policy, in one file or several; undefined without OPA. */
  wasm(files: string | readonly string[], entrypoints: readonly string[]): Uint8Array | undefined;
  /** Median milliseconds and the answer of OPA as a library; undefined without Go. */
  inProcess(question: Question): { readonly ms: number; readonly result: unknown } | undefined;
  /** Median milliseconds in which OPA as a library parses or formats (parsing included) a policy; undefined without Go. */
  text(work: "parse" | "format", policy: string, rounds: number): number | undefined;
  /**
   * Median milliseconds in which Regorus decides all inputs, by its register machine or its interpreter, whichever gives these results
   * in less time; undefined where it is not installed or gives others.
   */
  regorus(question: Omit<Question, "input" | "edit">, inputs: readonly string[], results: readonly unknown[]): number | undefined;
  /** Median wall time of `opa eval`; undefined without OPA. */
  evalProcess(question: Question): number | undefined;
}

export interface Question {
  readonly policy: string;
  readonly data?: string;
  readonly input: string;
  readonly query: string;
  /** Compiles a changed text before every decision. */
  readonly edit?: boolean;
  readonly rounds: number;
}

export function findPeers(folder: string): Peers {
  const program = process.env["OPA"] ?? "opa";
  const opa = spawnSync(program, ["version"], { stdio: "ignore" }).status === 0 ? program : undefined;
  const linter = process.env["REGAL"] ?? "regal";
  const regal = spawnSync(linter, ["version"], { stdio: "ignore" }).status === 0 ? linter : undefined;
  const built = new Map<string, Uint8Array | undefined>();
  let library: string | undefined | false = false;
  const ask = (question: object): { readonly ms: number; readonly result: unknown } | undefined => {
    if (library === false) library = buildWithOpa("bench/opa-in-process.go", join(folder, "opa-in-process"));
    if (library === undefined) return undefined;
    const { stdout } = spawnSync(library, { input: `${JSON.stringify(question)}\n`, encoding: "utf8", maxBuffer: 1 << 28 });
    const answer = JSON.parse(stdout) as { times?: number[]; result?: unknown; error?: string };
    if (answer.times === undefined) throw new Error(`OPA in process: ${answer.error}`);
    return { ms: median(answer.times), result: answer.result };
  };
  return {
    opa,
    regal,
    wasm(given, entrypoints) {
      if (opa === undefined) return undefined;
      const files = typeof given === "string" ? [given] : given;
      const key = [...files, ...entrypoints].join(" ");
      if (!built.has(key)) built.set(key, buildWasm(opa, folder, files, entrypoints));
      return built.get(key);
    },
    inProcess({ policy, data = "", input, query, edit = false, rounds }) {
      return ask({ Policy: policy, Data: data, Input: input, Query: query, Edit: edit, Rounds: rounds });
    },
    text: (Work, Policy, Rounds) => ask({ Work, Policy, Rounds })?.ms,
    regorus({ policy, data = "", query, rounds }, inputs, results) {
      const request = { Policy: policy, Data: data, Inputs: inputs, Query: query, Rounds: rounds };
      const { status, stdout } = spawnSync(process.env["REGORUS"] ?? "regorus-peer", {
        input: `${JSON.stringify(request)}\n`,
        encoding: "utf8",
        maxBuffer: 1 << 28,
      });
      if (status !== 0) return undefined;
      const answers = Object.values(JSON.parse(stdout) as Record<string, { times?: number[]; results?: unknown }>);
      const right = answers.flatMap((answer) =>
        answer.times !== undefined && isDeepStrictEqual(answer.results, results) ? [median(answer.times)] : [],
      );
      return right.length === 0 ? undefined : Math.min(...right);
    },
    evalProcess({ policy, data, input, query, rounds }) {
      if (opa === undefined) return undefined;
      const args = ["eval", "-d", policy, ...(data === undefined ? [] : ["-d", data]), "-i", input, query];
      return median(
        Array.from({ length: rounds }, () => {
          const started = performance.now();
          spawnSync(opa, args, { stdio: "ignore" });
          return performance.now() - started;
        }),
      );
    },
  };
}

function buildWasm(
  opa: string,
  folder: string,
  files: readonly string[],
  entrypoints: readonly string[],
): Uint8Array | undefined {
  const out = join(folder, "opa-bundle.tar.gz");
  const run = spawnSync(opa, ["build", "-t", "wasm", ...entrypoints.flatMap((name) => ["-e", name]), ...files, "-o", out], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(run.stderr);
  const tar = readTar(gunzipSync(readFileSync(out)));
  return "files" in tar ? tar.files.find(({ name }) => name === "policy.wasm")?.bytes : undefined;
}

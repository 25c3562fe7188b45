// One decision, four ways: command line, editor, the module under the stock OPA Wasm SDK, and a real OPA over the published bundle.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTar } from "#bundles/tar.ts";
import { hostBuiltins } from "#evaluation/builtins/index.ts";
import { readRegoText, writeJson } from "#evaluation/rego-text.ts";
import { examples, inFolder, run } from "../programs/run.ts";
import { type Sidecar, startSidecar } from "../sidecar/opa-process.ts";
import { type RmsProcess, startRms } from "../sidecar/rms-process.ts";
import { type LspProcess, startLsp } from "./lsp-process.ts";

interface Row {
  readonly input: string;
  readonly query: string;
  readonly decision: string;
  readonly ok: boolean;
}

let rms: RmsProcess;

beforeAll(async () => {
  rms = await startRms();
});

afterAll(() => rms.stop());

async function publish(name: string): Promise<void> {
  const target = ["--rms", rms.url, "--token-file", rms.tokenFile];
  const folder = join(examples, name);
  const published = await run("rw", ["publish", folder, ...target, "--create", "--channel", "dev", "--message", "test"]);
  // Its roles are put there after the publish, which says that they are missing.
  expect(published.err).toMatch(name === "orders" ? /^note: RMS has none of the roles of [^\n]*\n$/u : /^$/u);
  expect(published.code).toBe(0);
  if (name === "orders") expect(await run("rw", ["roles", "apply", folder, ...target])).toMatchObject({ code: 0, err: "" });
}

/** The sets of a decision come as arrays whose order is the module's own. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** The host's builtins in the form that the SDK calls: JavaScript values in and out. */
function sdkBuiltins(): Record<string, (...args: unknown[]) => unknown> {
  const context = { now: BigInt(Date.now()) * 1_000_000n, random: () => 0, cache: new Map(), print: () => {}, ports: {} };
  return Object.fromEntries(
    [...hostBuiltins].map(([name, builtin]) => [
      name,
      (...args: unknown[]) => {
        const result = builtin(
          args.map((arg) => readRegoText(JSON.stringify(arg))),
          context,
        );
        return result === undefined ? undefined : (JSON.parse(writeJson(result)) as unknown);
      },
    ]),
  );
}

describe.each(["storage", "orders"])("examples/%s", (name) => {
  const folder = join(examples, name);
  let rows: readonly Row[];
  let sidecar: Sidecar;
  let editor: LspProcess;

  beforeAll(async () => {
    await publish(name);
    sidecar = await startSidecar(rms, name, "main", "dev");
    editor = await startLsp(folder);
    const samples = await run("rw", ["samples", folder, "--format", "json"]);
    expect(samples.code).toBe(0);
    rows = JSON.parse(samples.out) as readonly Row[];
    expect(rows.length).toBeGreaterThan(4);
  });

  afterAll(async () => {
    await editor?.stop();
    await sidecar?.stop();
  });

  async function inputOf(row: Row): Promise<unknown> {
    const resolved = await run("rw", ["hocon", "resolve", "--root", folder, join(folder, row.input)]);
    expect(resolved.code).toBe(0);
    return JSON.parse(resolved.out);
  }

  test("the decisions are those that the samples expect", () => {
    expect(rows.filter((row) => !row.ok)).toEqual([]);
  });

  test("real OPA decides the same over the published bundle", async () => {
    for (const row of rows) {
      const decision = await sidecar.decide(row.query.replace(/^data\./, "").replaceAll(".", "/"), await inputOf(row));
      expect(plain(decision), `${row.input} ${row.query}`).toEqual(plain(JSON.parse(row.decision)));
    }
  });

  test("the editor decides the same", async () => {
    const policy = pathToFileURL(join(folder, "policy", `${name}.rego`)).href;
    for (const row of rows) {
      const answer = await editor.request<{ value?: string; error?: string }>("rw/evaluate", {
        uri: policy,
        query: row.query,
        input: JSON.stringify(await inputOf(row)),
      });
      expect(answer.error).toBeUndefined();
      expect(plain(JSON.parse(answer.value ?? "null")), `${row.input} ${row.query}`).toEqual(plain(JSON.parse(row.decision)));
    }
  });

  test("the portable module decides the same under the stock SDK, with the data of the published bundle", async () => {
    const answer = await fetch(`${rms.url}/opa/v1/bundles/${name}/main/dev`, {
      headers: { authorization: `Bearer ${readFileSync(rms.tokenFile, "utf8").trim()}` },
    });
    const published = readTar(gunzipSync(Buffer.from(await answer.arrayBuffer())));
    const data = "files" in published ? published.files.find((file) => file.name === "data.json") : undefined;
    await inFolder(async (temporary) => {
      const queries = [...new Set(rows.map((row) => row.query))];
      const entrypoints = queries.flatMap((query) => ["-e", query.replace(/^data\./, "").replaceAll(".", "/")]);
      const built = await run("rw", [
        "build",
        "-t",
        "wasm",
        ...entrypoints,
        join(folder, "policy", `${name}.rego`),
        "-o",
        join(temporary, "bundle.tar.gz"),
      ]);
      expect(built).toMatchObject({ code: 0, err: "" });
      const bundle = readTar(gunzipSync(readFileSync(join(temporary, "bundle.tar.gz"))));
      const wasm = "files" in bundle ? bundle.files.find((file) => file.name === "policy.wasm") : undefined;
      const policy = await loadPolicy(new Uint8Array(wasm!.bytes).buffer, undefined, sdkBuiltins());
      policy.setData(JSON.parse(Buffer.from(data!.bytes).toString()));
      for (const row of rows) {
        const [solution] = policy.evaluate(await inputOf(row), row.query.replace(/^data\./, "").replaceAll(".", "/")) as {
          result: unknown;
        }[];
        expect(plain(solution?.result), `${row.input} ${row.query}`).toEqual(plain(JSON.parse(row.decision)));
      }
    });
  });
});

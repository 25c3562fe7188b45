// Decisions of published versions; what was compiled last is kept for the next question.
import { gunzipSync } from "node:zlib";
import { checkModules } from "#analysis/rego/check.ts";
import { canonicalJson, type Json, readJson } from "#bundles/canonical-json.ts";
import { readTar } from "#bundles/tar.ts";
import { compile } from "#compiler/compile.ts";
import { markHeads } from "#evaluation/coverage.ts";
import { createInstance, type Instance, type Print } from "#evaluation/instance.ts";
import { testCaseBuiltin } from "#evaluation/test-cases.ts";
import { failuresOf, Tracer, traceLines } from "#evaluation/trace.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { type BuildSource, versionDocuments } from "./build.ts";
import { library } from "./library.ts";
import { type Decision, type DecisionQuestion, evaluationLimit } from "./questions.ts";

/** 256 MiB. */
const maxPages = 4096;
/** Compiled versions with their data that a worker keeps. */
const maxKept = 4;

/** Lines of an explanation that are answered. */
const maxLines = 2000;

interface Kept {
  readonly instance: Instance;
  readonly snapshot: number;
  /** Of what was compiled to be explained. */
  readonly tracer?: Tracer;
}

type Source = Pick<BuildSource, "store" | "blobs">;

export class Decider {
  private readonly source: Source;
  private readonly kept = new Map<string, Kept>();

  constructor(source: Source) {
    this.source = source;
  }

  /** Evaluates the entrypoint; rejects when something of the version is missing or damaged. */
  async decide(question: DecisionQuestion): Promise<Decision> {
    const { kept } = this;
    const { domain, policy, version, entrypoint, stamp, input, now, bundle, explain } = question;
    const key = JSON.stringify([domain, policy, version, entrypoint, stamp.number, bundle, isTraced(question)]);
    const found = kept.get(key) ?? (await prepare(this.source, question));
    if ("fault" in found) return found;
    kept.delete(key);
    found.tracer?.reset();
    const end = performance.now() + evaluationLimit;
    const cancelled = (): boolean => performance.now() > end;
    const outcome = found.instance.evaluate(entrypoint, input, { now: BigInt(now) * 1_000_000n, cancelled });
    // An instance that ran into a limit is not asked again.
    if (outcome.kind === "error") {
      const late = outcome.error.code === "eval_cancel_error";
      return { fault: late ? `the evaluation took more than ${evaluationLimit / 1000} seconds` : outcome.error.message };
    }
    kept.set(key, found);
    for (const oldest of kept.keys()) if (kept.size > maxKept) kept.delete(oldest);
    const [first] = JSON.parse(outcome.text) as readonly { readonly result?: unknown }[];
    return {
      snapshot: found.snapshot,
      ...(first === undefined ? {} : { result: first.result }),
      ...(explain === undefined ? {} : { explanation: explanationOf(question, found, outcome.notes) }),
    };
  }
}

const isTraced = ({ explain }: DecisionQuestion): boolean => explain === "full" || explain === "fails";

function explanationOf({ entrypoint, explain }: DecisionQuestion, { tracer }: Kept, notes: readonly Print[]): readonly string[] {
  if (tracer === undefined) return notes.slice(0, maxLines).map(({ line }) => line);
  const events = tracer.finish();
  const query = `data.${entrypoint.replaceAll("/", ".")}`;
  return traceLines(query, explain === "fails" ? failuresOf(events) : events, true).slice(0, maxLines);
}

interface Documents {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly data: Json;
  readonly snapshot: number;
}

async function publishedDocuments(source: Source, question: DecisionQuestion): Promise<Documents> {
  const documents = await versionDocuments(source, question, question.stamp);
  return { ...documents, files: [...documents.files, ...library.files] };
}

/** What a sidecar has that took the bundle. */
function bundleDocuments({ blobs }: Source, transport: string, snapshot: number): Documents {
  const bytes = blobs.get(transport);
  const read = bytes === undefined ? undefined : readTar(gunzipSync(bytes));
  if (read === undefined || "fault" in read) throw new Error(`the bundle ${transport} is missing or damaged`);
  const texts = read.files.map(({ name, bytes: content }) => ({ path: name, text: new TextDecoder().decode(content) }));
  const data = readJson(texts.find(({ path }) => path === "data.json")?.text ?? "{}");
  if ("fault" in data) throw new Error(`the data of the bundle ${transport} cannot be read`);
  return { files: texts.filter(({ path }) => path.endsWith(".rego")), data: data.value, snapshot };
}

async function prepare(source: Source, question: DecisionQuestion): Promise<Kept | { readonly fault: string }> {
  const { entrypoint } = question;
  const { files, data, snapshot } =
    question.bundle === undefined
      ? await publishedDocuments(source, question)
      : bundleDocuments(source, question.bundle, question.stamp.snapshot);
  const modules = files.map(({ path, text }) => parseModule(text, { file: path }));
  const traced = isTraced(question);
  const plain = checkModules(modules, { strict: false, printing: true });
  const checked = traced ? markHeads(plain) : plain;
  const { module } = compile(checked, { entrypoints: [entrypoint], ...(traced ? { watch: "events" } : {}) });
  if (module === undefined) return { fault: `the version has no rule ${entrypoint}` };
  const tracer = traced ? new Tracer(checked, module) : undefined;
  const instance = createInstance(module, {
    now: () => BigInt(question.now) * 1_000_000n,
    maxPages,
    ...(tracer === undefined ? {} : { onStep: tracer.onStep, builtins: { [testCaseBuiltin]: () => true } }),
  });
  tracer?.attach(instance);
  const fault = instance.setData(canonicalJson(data));
  return fault === undefined ? { instance, snapshot, ...(tracer === undefined ? {} : { tracer }) } : { fault: fault.message };
}

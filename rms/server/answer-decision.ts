// Decisions of published versions; what was compiled last is kept for the next question.
import { gunzipSync } from "node:zlib";
import { checkModules } from "#analysis/rego/check.ts";
import { canonicalJson } from "#bundles/canonical-json.ts";
import { readTar } from "#bundles/tar.ts";
import { compile } from "#compiler/compile.ts";
import { CourseListener, courseRequest } from "#evaluation/course.ts";
import { courseEnd, explain } from "#evaluation/explanation.ts";
import { Explained, explanationLines } from "#evaluation/explanation-text.ts";
import { createInstance, type Instance, type Print } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { type BuildSource, type PastMoment, pastDocuments } from "./build.ts";
import { type Decision, type DecisionQuestion, evaluationLimit } from "./questions.ts";

/** 256 MiB. */
const maxPages = 4096;
/** Compiled versions with their data that a worker keeps. */
const maxKept = 4;

/** Lines of an explanation that are answered. */
const maxLines = 2000;

interface Kept {
  readonly instance: Instance;
  /** The blob of the bundle whose data the instance has. */
  readonly bundle: string;
  /** Of what was compiled to be explained. */
  readonly told?: { readonly course: CourseListener; readonly explained: Explained };
}

type Fault = { readonly fault: string };

export class Decider {
  private readonly source: Pick<BuildSource, "store" | "blobs" | "library">;
  private readonly kept = new Map<string, Kept>();

  constructor(source: Pick<BuildSource, "store" | "blobs" | "library">) {
    this.source = source;
  }

  /** Evaluates the entrypoint; rejects when the bundle, or a file of the version, is missing or damaged. */
  async decide(question: DecisionQuestion): Promise<Decision> {
    const { kept } = this;
    const { domain, policy, version, library, entrypoint, input, now, explain } = question;
    const key = JSON.stringify([domain, policy, version, library, entrypoint, isTraced(question)]);
    const found = await this.prepared(key, question);
    kept.delete(key);
    if ("fault" in found) return found;
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
    const explanation = explain === undefined ? {} : { explanation: explanationOf(question, found, outcome.notes) };
    // What is kept for later questions holds no steps and values of this one.
    found.told?.course.reset();
    const [first] = JSON.parse(outcome.text) as readonly { readonly result?: unknown }[];
    return {
      ...(first === undefined ? {} : { result: first.result }),
      ...explanation,
    };
  }

  /** What was compiled before, with the data of the bundle asked for; compiled now otherwise. */
  private async prepared(key: string, question: DecisionQuestion): Promise<Kept | Fault> {
    const { past } = question;
    const bundle = past === undefined ? question.bundle : JSON.stringify(past);
    const before = this.kept.get(key);
    if (before?.bundle === bundle) return before;
    const documents = past === undefined ? documentsOf(this.source.blobs, bundle) : await this.thenDocuments(question, past);
    const made = before ?? prepare(question, documents);
    if ("fault" in made) return made;
    const fault = made.instance.setData(documents.data);
    return fault === undefined ? { ...made, bundle } : { fault: fault.message };
  }

  /** The policies with the library of now, and the data of another time. */
  private async thenDocuments(question: DecisionQuestion, past: PastMoment): Promise<Documents> {
    const { data, policies } = await pastDocuments(this.source, question, past);
    return { policies: [...policies, ...this.source.library.files], data: canonicalJson(data) };
  }
}

const isTraced = ({ explain }: DecisionQuestion): boolean => explain === "full" || explain === "fails";

function explanationOf({ explain: how }: DecisionQuestion, { told }: Kept, notes: readonly Print[]): readonly string[] {
  if (told === undefined) return notes.slice(0, maxLines).map(({ line }) => line);
  const { course, explained } = told;
  const events = explain(course.reached, how === "fails" ? "fails" : "full", courseEnd(course)).slice(0, maxLines);
  return explanationLines(explained, events, true);
}

interface Documents {
  readonly policies: readonly { readonly path: string; readonly text: string }[];
  /** JSON. */
  readonly data: string;
}

const decoder = new TextDecoder();

/** What a sidecar has that took the bundle. */
function documentsOf(blobs: BuildSource["blobs"], transport: string): Documents {
  const bytes = blobs.get(transport);
  const read = bytes === undefined ? undefined : readTar(gunzipSync(bytes));
  if (read === undefined || "fault" in read) throw new Error(`the bundle ${transport} is missing or damaged`);
  const texts = read.files.map(({ name, bytes: content }) => ({ path: name, text: decoder.decode(content) }));
  const data = texts.find(({ path }) => path === "data.json")?.text ?? "{}";
  return { policies: texts.filter(({ path }) => path.endsWith(".rego")), data };
}

function prepare(question: DecisionQuestion, { policies }: Documents): Kept | Fault {
  const { entrypoint } = question;
  const modules = policies.map(({ path, text }) => parseModule(text, { file: path }));
  const checked = checkModules(modules, { strict: false, printing: true });
  // Rules that an index would leave out are tried: who asks why sees what they wanted.
  const { module } = compile(checked, {
    entrypoints: [entrypoint],
    ...(isTraced(question) ? ({ ...courseRequest, indexing: "never" } as const) : {}),
  });
  if (module === undefined) return { fault: `the version has no rule ${entrypoint}` };
  const course = isTraced(question) ? new CourseListener(module) : undefined;
  const instance = createInstance(module, {
    now: () => BigInt(question.now) * 1_000_000n,
    maxPages,
    ...(course === undefined ? {} : { onMark: course.onMark, onNote: course.onNote }),
  });
  course?.attach(instance);
  return {
    instance,
    bundle: "",
    ...(course === undefined ? {} : { told: { course, explained: new Explained(checked, module.files) } }),
  };
}

// Questions that take long or come from hostile text: answered in a pool of workers with limits on time and memory, away from the requests.
import type { Access } from "#bundles/rms-data.ts";
import type { Impact, Request } from "../impact/impact.ts";
import type { Replayed } from "../impact/replayed.ts";
import type { Moment } from "../store/roles.ts";
import type { PastMoment, SourceFile } from "./build.ts";
import { Problem, type ProblemError } from "./http/problem.ts";
import { JobError, type WorkerPool } from "./worker-pool.ts";

/** What a published version decides for an input; a policy may loop for ever on some. */
export interface DecisionQuestion {
  readonly kind: "decision";
  readonly domain: string;
  readonly policy: string;
  readonly version: string;
  /** Version of the common Rego in the bundle. */
  readonly library: string;
  /** The blob of the bundle that decides, as in a sidecar. */
  readonly bundle: string;
  /** `package/rule`. */
  readonly entrypoint: string;
  /** What of the way to the decision is told. */
  readonly explain: Explain | undefined;
  /** JSON text; undefined for no input at all. */
  readonly input: string | undefined;
  /** Milliseconds since 1970: what the clock says to the policy. */
  readonly now: number;
  /** For a question about another time: its facts, and not those in the bundle. */
  readonly past?: PastMoment | undefined;
}

/** As in `opa eval --explain`: what `trace` says, the expressions that failed, or every step. */
export type Explain = "notes" | "fails" | "full";

/** No result is an undefined decision; a fault says in a sentence why there is none. */
export type Decision = { readonly result?: unknown; readonly explanation?: readonly string[] } | { readonly fault: string };

/** The JSON of a HOCON text with the includes of its domain. */
export interface RenderQuestion {
  readonly kind: "render";
  readonly domain: string;
  /** Its ending says how it is read. */
  readonly name: string;
  readonly text: string;
}

export type Rendering = { readonly json: string } | { readonly errors: readonly ProblemError[] };

/** Who can do what by the roles of one moment; at least one of subject, action and resource is given. */
export interface AccessQuestion {
  readonly kind: "access";
  readonly domain: string;
  readonly subject: string | undefined;
  readonly action: string | undefined;
  readonly resource: string | undefined;
  /** Seconds since 1970. */
  readonly now: number;
  /** For a question about another time. */
  readonly moment?: Moment | undefined;
  /** Items after this key, so many of them; everything without. */
  readonly page: { readonly after: readonly string[] | undefined; readonly limit: number } | undefined;
}

/** Who gains and who loses by another version of a policy, with the facts of now on both sides. */
export interface ImpactQuestion {
  readonly kind: "impact";
  readonly domain: string;
  readonly policy: string;
  /** The version that is served. */
  readonly against: string;
  /** The other one: published, or its files. */
  readonly candidate: { readonly version: string } | { readonly files: readonly SourceFile[] };
  /** Each `package/rule`. */
  readonly entrypoints: readonly [string, ...string[]];
  /** Those of them that keep people out where they say anything. */
  readonly refusals: readonly string[];
  readonly requests: readonly Request[];
  /** Whether the samples that both versions hold are requests, too. */
  readonly withSamples: boolean;
  /** A version that was served before, whose samples are requests then, too: they may have been emptied with the version that is served. */
  readonly earlier?: string | undefined;
  /** Roles whose members are counted apart. */
  readonly watch: readonly string[];
  /** Whether the digest is of those, too, whose decision is another one without a yes that comes or goes. */
  readonly boundsChanged: boolean;
  /** JSON Pointer of who asks; found in each request unless given. */
  readonly place: string | undefined;
  /** Evaluations at most. */
  readonly budget: number;
  /** Logged decisions that are decided again, the newest. */
  readonly logged: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface ImpactReport extends Impact {
  /** `each`: everybody was decided for. `roles`: people of equal roles were decided for together, but those whom a policy names. */
  readonly basis: "each" | "roles";
  readonly recorded: Replayed;
  readonly entrypoints: readonly string[];
  /** Those of them that keep people out where they say anything. */
  readonly refusals?: readonly string[];
  /** Samples that were served, and that the other version has no more, by name or by input: they are decided all the same. */
  readonly lackingSamples?: readonly string[];
  /** Builtins that read the clock, and are in the policies: what they decide at another time is not seen. */
  readonly clock?: readonly string[];
}

export type ImpactAnswer = ImpactReport | { readonly fault: string };

export interface Answers {
  readonly impact: ImpactAnswer;
  readonly decision: Decision;
  readonly render: Rendering;
  readonly access: readonly Access[];
}

export type Question = ImpactQuestion | DecisionQuestion | RenderQuestion | AccessQuestion;

/** The workers that answer. */
export type Questions = WorkerPool<Question, Answers[keyof Answers]>;

/** Milliseconds of one evaluation. */
export const evaluationLimit = 2000;

/** Workers, waiting questions, milliseconds (with the loading of version and data) and megabytes of the pool. */
export const questionLimits = { workers: 2, waiting: 64, time: 15_000, heap: 512 };

/** Milliseconds of reading one text. */
const renderLimit = 5000;

/** Evaluations, and milliseconds of all that goes with them; half of the time is for deciding. Clients wait for 30 seconds, with a publish before it. */
export const impactLimits = { evaluations: 20_000, most: 200_000, time: 20_000 };

/** Asks; 429 when too many questions wait already, 422 when the answer exceeds its limits. */
export async function ask<Kind extends keyof Answers>(
  { questions }: { readonly questions: Questions },
  question: Question & { readonly kind: Kind },
): Promise<Answers[Kind]> {
  try {
    return (await questions.run(question, timeFor[question.kind])) as Answers[Kind];
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    if (error.kind === "busy")
      throw new Problem(429, "busy", "Too many questions", "Too many questions wait already; ask again in a second.", {
        headers: { "Retry-After": "1" },
      });
    throw new Problem(422, "evaluation", "The question has no answer", `${words[question.kind]} failed: ${error.message}`);
  }
}

/** Where it is not the pool's own. */
const timeFor: Readonly<Partial<Record<keyof Answers, number>>> = { render: renderLimit, impact: impactLimits.time };

const words: Readonly<Record<keyof Answers, string>> = {
  impact: "the comparison",
  decision: "the decision",
  render: "reading the text",
  access: "the question",
};

// What the policies of a project decide today for the inputs of a decision log, beside what was decided then.
import { canonicalJson, type Json, readJson } from "#bundles/canonical-json.ts";
import { type Hidden, resultAsLogged } from "#bundles/hidden-values.ts";
import { pathBelow } from "#bundles/json-pointers.ts";
import { createInstance, type DataFault, type EvaluateOptions, type Instance } from "#evaluation/instance.ts";
import type { Project } from "#workspace/project.ts";
import { LoggedAnswers } from "./answers.ts";
import type { LoggedDecision, LoggedOutcome } from "./events.ts";
import { inputReads } from "./input-reads.ts";

export interface Replayed {
  readonly logged: LoggedDecision;
  /** As the log would hold it: what it hides is hidden of this one, too. */
  readonly outcome: LoggedOutcome;
  /** `unclear`: other than logged, but the log does not hold all that the decision was made from. */
  readonly kind: "same" | "changed" | "unclear";
  /** Why it is unclear: what is missing. */
  readonly missing: readonly string[];
}

/** Decides a part of what was logged; or why the project cannot be asked. `options` are made for each decision. */
export type Replay = (
  part: readonly LoggedDecision[],
  options: () => EvaluateOptions,
) => readonly Replayed[] | { readonly problem: string };

/** Decides what was logged again, part by part, with the clock of then and the answers of builtins that the log holds. The data, and who has which role, are those of today. */
export function replaying(project: Project): Replay {
  const answers = new LoggedAnswers();
  let ground: Ground | undefined;
  return (part, options) => {
    const paths = new Set([...(ground?.paths ?? []), ...part.map(({ path }) => path)]);
    if (ground === undefined || paths.size > ground.paths.size) {
      const grown = groundFor(project, paths, answers);
      if ("problem" in grown) return grown;
      ground = grown;
    }
    const { instance, reads, attend } = ground;
    const all: Replayed[] = [];
    for (const logged of part) {
      const fault = attend(logged.now);
      if (fault !== undefined) return { problem: fault.message };
      all.push(replayed(logged, instance, answers, reads.get(logged.path), options()));
    }
    return all;
  };
}

/** What decides, for the paths that were asked so far. */
interface Ground {
  readonly paths: ReadonlySet<string>;
  readonly instance: Instance;
  readonly reads: ReadonlyMap<string, readonly string[]>;
  /** Gives the instance its data, with roles that are fresh at a time in nanoseconds. */
  attend(now: bigint): DataFault | undefined;
}

function groundFor(project: Project, paths: ReadonlySet<string>, answers: LoggedAnswers): Ground | { readonly problem: string } {
  const compiled = project.compilation.module([...paths]);
  if ("problem" in compiled) return compiled;
  const instance = createInstance(compiled.module, { now: project.now, builtins: answers.family });
  return { paths, instance, reads: inputReads(project, [...paths]), attend: attending(project, instance) };
}

/** A roles file is stamped with now, and at the time of a decision that would be a clock far off, by which nobody has a role: it is stamped anew with the five minutes of each. */
function attending(project: Project, instance: Instance): Ground["attend"] {
  const hasRoles = project.config.roles !== undefined;
  let attended: bigint | undefined;
  return (now) => {
    const span = hasRoles ? now / rolesHold : 0n;
    if (span === attended) return undefined;
    attended = span;
    return instance.setData((hasRoles ? project.dataAsOf(span * rolesHold) : project.data).json);
  };
}

/** In nanoseconds. */
const rolesHold = 300_000_000_000n;

function replayed(
  logged: LoggedDecision,
  instance: Instance,
  answers: LoggedAnswers,
  reads: readonly string[] | undefined,
  options: EvaluateOptions,
): Replayed {
  const input = logged.input === undefined ? undefined : canonicalJson(logged.input);
  answers.attend(logged);
  const decide = (now: bigint): LoggedOutcome => {
    const made = instance.evaluate(logged.path, input, { ...options, now, strictBuiltinErrors: wasStrict(logged) });
    return made.kind === "error"
      ? { kind: "error", code: made.error.code, message: made.error.message }
      : outcomeOf(readJson(made.text));
  };
  const outcome = decide(logged.now);
  const missing = [...hiddenFrom(reads, logged), ...answers.missed().map((name) => `an answer of ${name}`)];
  const found = compared(logged, outcome, missing);
  if (found.kind !== "changed" || logged.answers.has(clock)) return found;
  const isSteady = isSame(outcome, decide(logged.now - aMoment));
  return isSteady ? found : compared(logged, outcome, [`an answer of ${clock}`]);
}

const clock = "time.now_ns";

/** Without the clock in the log it is known by the time of the event alone, which is taken behind the decision: nanoseconds between them, at most. */
const aMoment = 1_000_000_000n;

/** Only where OPA was asked for strict errors does a builtin's end a decision. */
function wasStrict({ outcome }: LoggedDecision): boolean {
  return outcome.kind === "error" && outcome.code === "eval_builtin_error";
}

function outcomeOf(read: ReturnType<typeof readJson>): LoggedOutcome {
  const [solution] = "value" in read && Array.isArray(read.value) ? read.value : [];
  const value: Json | undefined = solution instanceof Map ? solution.get("result") : undefined;
  return value === undefined ? { kind: "undefined" } : { kind: "value", value };
}

/** Of what the log hides of the input that which the decision reads. */
function hiddenFrom(reads: readonly string[] | undefined, { erased, masked }: LoggedDecision): readonly string[] {
  return [...erased, ...masked].filter((pointer) => {
    const path = pathBelow(pointer, "/input");
    const name = path && ["input", ...path].join(".");
    return name !== undefined && (reads?.some((read) => isAtOrBelow(read, name) || isAtOrBelow(name, read)) ?? true);
  });
}

const isAtOrBelow = (path: string, other: string): boolean => path === other || path.startsWith(`${other}.`);

/** Stands what is decided now beside what was logged; `missing`: what the log lacks of what the decision was made from. */
function compared(logged: LoggedDecision, decided: LoggedOutcome, missing: readonly string[]): Replayed {
  const outcome = asLogged(decided, logged, logged.outcome);
  if (isSame(logged.outcome, outcome)) return { logged, outcome, kind: "same", missing: [] };
  return { logged, outcome, kind: missing.length === 0 ? "changed" : "unclear", missing };
}

function asLogged(decided: LoggedOutcome, hidden: Hidden, logged: LoggedOutcome): LoggedOutcome {
  if (decided.kind !== "value") return decided;
  const value = resultAsLogged(decided.value, hidden, logged.kind === "value" ? logged.value : undefined);
  return value === undefined ? { kind: "undefined" } : { kind: "value", value };
}

function isSame(before: LoggedOutcome, now: LoggedOutcome): boolean {
  if (before.kind === "error" && now.kind === "error") return before.code === now.code;
  if (before.kind === "value" && now.kind === "value") return canonicalJson(before.value) === canonicalJson(now.value);
  return before.kind === now.kind;
}

/** An outcome in one line. */
export function outcomeText(outcome: LoggedOutcome): string {
  switch (outcome.kind) {
    case "value":
      return canonicalJson(outcome.value);
    case "undefined":
      return "undefined";
    case "error":
      return `error ${outcome.code || outcome.message}`;
  }
}

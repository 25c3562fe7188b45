// What the policies of a project decide today for the inputs of a decision log, beside what was decided then.
import { canonicalJson, type Json, readJson } from "#bundles/canonical-json.ts";
import { createInstance, type EvaluateOptions } from "#evaluation/instance.ts";
import { rulePath } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import { dependenciesOf } from "../dependencies/dependencies.ts";
import { LoggedAnswers } from "./answers.ts";
import type { LoggedDecision, LoggedOutcome } from "./events.ts";
import { pathBelow, without } from "./pointers.ts";

export interface Replayed {
  readonly logged: LoggedDecision;
  readonly outcome: LoggedOutcome;
  /** `unclear`: other than logged, but the log does not hold all that the decision was made from. */
  readonly kind: "same" | "changed" | "unclear";
  /** Why it is unclear: what is missing. */
  readonly missing: readonly string[];
}

/** Decides what was logged again, with the clock of then and the answers of builtins that the log holds; or why the project cannot be asked. The data, and who has which role, are those of today. */
export function replaying(
  project: Project,
  paths: readonly string[],
): ((logged: LoggedDecision, options: EvaluateOptions) => Replayed) | { readonly problem: string } {
  const compiled = project.compilation.module([...new Set(paths)]);
  if ("problem" in compiled) return compiled;
  const answers = new LoggedAnswers();
  const instance = createInstance(compiled.module, { now: project.now, builtins: answers.family });
  const fault = instance.setData(project.data.json);
  if (fault !== undefined) return { problem: fault.message };
  const reads = new Map(paths.map((path) => [path, inputReads(project, path)]));
  return (logged, options) => {
    const input = logged.input === undefined ? undefined : canonicalJson(logged.input);
    answers.attend(logged);
    const made = instance.evaluate(logged.path, input, { ...options, now: logged.now });
    return compared(
      logged,
      made.kind === "error"
        ? { kind: "error", code: made.error.code, message: made.error.message }
        : outcomeOf(readJson(made.text)),
      [...hiddenFrom(reads.get(logged.path), logged), ...answers.missed().map((name) => `an answer of ${name}`)],
    );
  };
}

function outcomeOf(read: ReturnType<typeof readJson>): LoggedOutcome {
  const [solution] = "value" in read && Array.isArray(read.value) ? read.value : [];
  const value: Json | undefined = solution instanceof Map ? solution.get("result") : undefined;
  return value === undefined ? { kind: "undefined" } : { kind: "value", value };
}

/** The paths of the input that a rule reads, also through others; undefined for a package, which may read anything. */
function inputReads(project: Project, path: string): readonly string[] | undefined {
  const rule = rulePath(path);
  const [reads] = dependenciesOf(project, [rule]).decisions;
  return reads?.place === undefined ? undefined : reads.input.map((use) => use.path);
}

/** Of what the log hides of the input that which the decision reads. */
function hiddenFrom(reads: readonly string[] | undefined, { hidden }: LoggedDecision): readonly string[] {
  return hidden.filter((pointer) => {
    const path = pathBelow(pointer, "/input");
    const name = path && ["input", ...path].join(".");
    return name !== undefined && (reads?.some((read) => isAtOrBelow(read, name) || isAtOrBelow(name, read)) ?? true);
  });
}

const isAtOrBelow = (path: string, other: string): boolean => path === other || path.startsWith(`${other}.`);

/** Stands what is decided now beside what was logged; `missing`: what the log lacks of what the decision was made from. */
export function compared(logged: LoggedDecision, outcome: LoggedOutcome, missing: readonly string[]): Replayed {
  if (isSame(logged, outcome)) return { logged, outcome, kind: "same", missing: [] };
  return { logged, outcome, kind: missing.length === 0 ? "changed" : "unclear", missing };
}

function isSame({ outcome: before, hidden }: LoggedDecision, now: LoggedOutcome): boolean {
  if (before.kind === "error" && now.kind === "error") return before.code === now.code;
  if (before.kind !== "value" || now.kind !== "value") return before.kind === now.kind;
  const shown = (value: Json): string => {
    const left = hidden.reduce<Json | undefined>((rest, pointer) => {
      const path = pathBelow(pointer, "/result");
      return rest === undefined || path === undefined ? rest : without(rest, path);
    }, value);
    return left === undefined ? "" : canonicalJson(left);
  };
  return shown(before.value) === shown(now.value);
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

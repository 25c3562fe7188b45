// What builtins whose results vary answered when a decision was made, as its log keeps them (`nd_builtin_cache`), in place of the builtins.
import { type BuiltinFunction, type Family, failure } from "#evaluation/builtins/builtin.ts";
import { hostBuiltins } from "#evaluation/builtins/index.ts";
import { readJsonText, writeJsonText } from "#evaluation/json-text.ts";
import { RegoSet, type Value } from "#evaluation/value.ts";
import type { LoggedDecision } from "./events.ts";

/** With those whose sets are arrays in JSON. The clock is that of the evaluation. */
const varying: Readonly<Record<string, "array" | "set">> = {
  "http.send": "array",
  "io.jwt.decode_verify": "array",
  "io.jwt.encode_sign": "array",
  "io.jwt.encode_sign_raw": "array",
  "net.lookup_ip_addr": "set",
  "opa.runtime": "array",
  "rand.intn": "array",
  "uuid.rfc4122": "array",
};

export class LoggedAnswers {
  #answers: LoggedDecision["answers"] = new Map();
  readonly #missed = new Set<string>();
  /** Answers as the log of the decision does that is being made; what it lacks is undefined. */
  readonly family: Family = Object.fromEntries(Object.keys(varying).map((name) => [name, this.#answering(name)]));

  /** From now on this decision is made. */
  attend({ answers }: LoggedDecision): void {
    this.#answers = answers;
    this.#missed.clear();
  }

  /** Builtins that were asked what the log has no answer for. */
  missed(): readonly string[] {
    return [...this.#missed];
  }

  #answering(name: string): BuiltinFunction {
    const computed = name.startsWith("io.jwt.") ? hostBuiltins.get(name) : undefined;
    return (args, context) => {
      const wanted = writeJsonText(args);
      const [, json] = this.#answers.get(name)?.find(([asked]) => sameText(asked) === wanted) ?? [];
      const read = json === undefined ? undefined : readJsonText(json);
      // What asks nobody is worked out where it was not asked then.
      if (read === undefined && computed !== undefined) return computed(args, context);
      if (read === undefined || "fault" in read) {
        this.#missed.add(name);
        throw failure(`the log has no answer for ${wanted}`);
      }
      return varying[name] === "set" ? asSet(read.value) : read.value;
    };
  }
}

function sameText(json: string): string {
  const read = readJsonText(json);
  return "value" in read ? writeJsonText(read.value) : json;
}

function asSet(value: Value): Value {
  return Array.isArray(value) ? RegoSet.of(value as readonly Value[]) : value;
}

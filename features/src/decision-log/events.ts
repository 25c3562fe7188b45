// Decision logs as OPA writes them: the arrays that it sends, the lines of its console, and what RMS lists. Text in, decisions out.
import { canonicalJson, type Json, type JsonObject, NumberText, type ReadJson, readJson } from "#bundles/canonical-json.ts";

export interface LoggedDecision {
  readonly id: string;
  /** When it was made, as it stands in the log. */
  readonly time: string;
  /** The same in nanoseconds; what `time.now_ns` gave then, where the log has it. */
  readonly now: bigint;
  /** Below `data`, as entrypoints are named: `orders/allow`. */
  readonly path: string;
  readonly input: Json | undefined;
  readonly outcome: LoggedOutcome;
  /** JSON pointers of what was taken out before it was logged, in that order (an item of a list moves the next ones up): `/input/user/password`. */
  readonly erased: readonly string[];
  /** Of what was written over. */
  readonly masked: readonly string[];
  /** Of builtins whose results vary, by name: JSON of the arguments, and of what was answered. */
  readonly answers: ReadonlyMap<string, readonly (readonly [asked: string, answered: string])[]>;
}

export type LoggedOutcome =
  | { readonly kind: "value"; readonly value: Json }
  | { readonly kind: "undefined" }
  | { readonly kind: "error"; readonly code: string; readonly message: string };

export interface DecisionLog {
  readonly decisions: readonly LoggedDecision[];
  /** What is no decision that could be made again, in sentences that lead with the line. */
  readonly faults: readonly string[];
}

/** Reads a whole log; lines that tell of something else, as a console's do, are passed over. */
export function readDecisionLog(text: string): DecisionLog {
  const decisions: LoggedDecision[] = [];
  const faults: string[] = [];
  const take = (value: Json, place: string): void => {
    for (const event of eventsOf(value)) {
      const read = readEvent(event);
      if (typeof read === "string") faults.push(`${place}: ${read}`);
      else if (read !== undefined) decisions.push(read);
    }
  };
  const whole = wholeDocument(text);
  if (whole !== undefined) {
    if ("fault" in whole) faults.push(`line ${lineAt(text, whole.offset)}: ${whole.fault}`);
    else take(whole.value, "the log");
    return { decisions, faults };
  }
  for (const [at, line] of text.split("\n").entries()) {
    const begin = line.indexOf("{");
    if (begin < 0 || !line.includes('"decision_id"')) continue;
    // Behind the names and times that log collectors put before each line.
    const read = readJson(line.slice(begin).trimEnd());
    if ("fault" in read) faults.push(`line ${at + 1}: ${read.fault}`);
    else take(read.value, `line ${at + 1}`);
  }
  return { decisions, faults };
}

/** The one document that a text is, unless it is lines of them. */
function wholeDocument(text: string): ReadJson | undefined {
  const begin = text.trimStart();
  if (begin.startsWith("[")) return readJson(text);
  if (!begin.startsWith("{")) return undefined;
  const [first = ""] = begin.split("\n", 1);
  return "fault" in readJson(first) ? readJson(text) : undefined;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The events of an array, of what RMS lists (`items`, each with its `event`), or the one that a value is. */
function eventsOf(value: Json): readonly JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(eventsOf);
  if (!isObject(value)) return [];
  const inner = value.get("items") ?? value.get("event");
  return inner === undefined || value.has("decision_id") ? [value] : eventsOf(inner);
}

/** A decision; why it cannot be made again; undefined for what is none. */
function readEvent(event: JsonObject): LoggedDecision | string | undefined {
  const id = event.get("decision_id");
  if (typeof id !== "string") return undefined;
  if (typeof event.get("query") === "string") return `${id} answered a query of its own, which names no rule`;
  const names = textAt(event, "path").replace(/^\//u, "").split("/").map(unescaped);
  const path = names.join("/");
  if (path === "") return `${id} was asked for all data, not for a rule`;
  const slashed = names.find((name) => name.includes("/"));
  if (slashed !== undefined)
    return `${id} was asked for a name with a slash, ${JSON.stringify(slashed)}: no entrypoint is called so`;
  const time = textAt(event, "timestamp");
  const now = nanoseconds(time);
  if (now === undefined) return `${id} has no time`;
  const asked = event.get("nd_builtin_cache");
  const answers = isObject(asked) ? asked : new Map<string, Json>();
  const clock = answers.get("time.now_ns");
  const told = isObject(clock) ? clock.get("[]") : undefined;
  return {
    id,
    time,
    now: told instanceof NumberText && /^\d+$/u.test(told.text) ? BigInt(told.text) : now,
    path,
    input: event.get("input"),
    outcome: outcomeOf(event),
    erased: textsAt(event, "erased"),
    masked: textsAt(event, "masked"),
    answers: new Map([...answers].map(([name, calls]) => [name, callsOf(calls)])),
  };
}

/** OPA logs the address as it was asked: `a%20b` for the package `a b`. */
function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function callsOf(calls: Json): readonly (readonly [asked: string, answered: string])[] {
  return isObject(calls) ? [...calls].map(([asked, answered]) => [asked, canonicalJson(answered)] as const) : [];
}

function outcomeOf(event: JsonObject): LoggedOutcome {
  const error = event.get("error");
  const result = event.get("result");
  if (error !== undefined && error !== null) {
    const message = isObject(error) ? `${textAt(error, "code")}: ${textAt(error, "message")}` : String(error);
    // OPA's oldest interface has this for no decision.
    if (message.startsWith("undefined_document")) return { kind: "undefined" };
    return { kind: "error", code: /\b(?:eval|rego|internal)_[a-z_]+\b/u.exec(message)?.[0] ?? "", message };
  }
  return result === undefined ? { kind: "undefined" } : { kind: "value", value: result };
}

/** RFC 3339 with up to nine digits behind the second. */
function nanoseconds(time: string): bigint | undefined {
  const [, seconds = "", fraction = "", zone = ""] = /^(.*T\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/u.exec(time) ?? [];
  const milliseconds = Date.parse(`${seconds}${zone}`);
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

function textAt(object: JsonObject, name: string): string {
  const value = object.get(name);
  return typeof value === "string" ? value : "";
}

function textsAt(object: JsonObject, name: string): readonly string[] {
  const value = object.get(name);
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

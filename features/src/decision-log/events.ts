// Decision logs as OPA writes them: the arrays that it sends, the lines of its console, and what RMS lists. Bytes in, decisions out.
import { canonicalJson, type Json, type JsonObject, NumberText, readJson } from "#bundles/canonical-json.ts";

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

/** What is no decision that could be made again, in a sentence that leads with the line. */
export interface LogFault {
  readonly fault: string;
}

/** Bytes of one document: it becomes one text. */
const largestDocument = 256 << 20;

/** Reads a log event by event; lines that tell of something else, as a console's do, are passed over. */
export function* readDecisionLog(log: Uint8Array): Generator<LoggedDecision | LogFault> {
  if (isOneDocument(log)) yield* eventsOfDocument(log);
  else for (const { text, number } of linesOf(log)) yield* eventsOfLine(text, `line ${number}`);
}

/** A document over several lines begins with one that is none. */
function isOneDocument(log: Uint8Array): boolean {
  for (const { text } of linesOf(log)) {
    const line = text.trim();
    // `[pod/orders] {…}` is what a collector writes.
    if (line !== "") return /^(?:\{|\[\s*(?:[{[\]]|$))/u.test(line) && "fault" in readJson(line);
  }
  return false;
}

function* eventsOfDocument(log: Uint8Array): Generator<LoggedDecision | LogFault> {
  if (log.length > largestDocument) {
    yield { fault: `the log is one document of more than ${largestDocument >> 20} MB: write one event a line` };
    return;
  }
  // With `--log-format json-pretty` one stands below the other.
  let line = 1;
  for (const text of decoder.decode(log).split(/(?<=^\}\r?\n)(?=\{)/mu)) {
    const read = readJson(text);
    if ("fault" in read) yield { fault: `line ${line - 1 + linesIn(text.slice(0, read.offset))}: ${read.fault}` };
    else yield* decisionsIn(read.value, line === 1 ? "the log" : `line ${line}`);
    line += linesIn(text) - 1;
  }
}

const linesIn = (text: string): number => text.split("\n").length;

/** An array that OPA sends, or an event behind the names and times that log collectors put before each line. */
function* eventsOfLine(line: string, place: string): Generator<LoggedDecision | LogFault> {
  const begin = line.indexOf("{");
  if (begin < 0 || !line.includes('"decision_id"')) return;
  const text = line.trim();
  const list = text.startsWith("[") ? readJson(text) : undefined;
  const read = list === undefined || "fault" in list ? readJson(line.slice(begin).trimEnd()) : list;
  if ("fault" in read) yield { fault: `${place}: ${read.fault}` };
  else yield* decisionsIn(read.value, place);
}

function* decisionsIn(value: Json, place: string): Generator<LoggedDecision | LogFault> {
  for (const event of eventsOf(value)) {
    const read = readEvent(event);
    if (typeof read === "string") yield { fault: `${place}: ${read}` };
    else if (read !== undefined) yield read;
  }
}

const decoder = new TextDecoder();

/** One after the other: the text of a whole log can be longer than any text. */
function* linesOf(log: Uint8Array): Generator<{ readonly text: string; readonly number: number }> {
  for (let [from, number] = [0, 1]; from < log.length; number++) {
    const end = log.indexOf(0x0a, from);
    const to = end < 0 ? log.length : end;
    yield { text: decoder.decode(log.subarray(from, to)), number };
    from = to + 1;
  }
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

// What a command of `rw` is: flags as data, one function that gives the exit code.
import type { Io } from "./io.ts";

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** `strings` may be given several times; `list` too, and a comma separates values; `duration` is `1h2m3.5s`, `time` a moment as RFC 3339 writes it. */
  readonly kind: "boolean" | "string" | "strings" | "list" | "number" | "float" | "duration" | "time";
  readonly default?: string | number | boolean;
  /** The only values that are taken. */
  readonly choices?: readonly string[];
  /** Why a value is refused, where that is not seen by its text alone. */
  readonly refusal?: (value: string, io: Io) => string | undefined;
  /** Stands for the value in the help text: `path`, `url`. */
  readonly placeholder?: string;
  readonly help: string;
  /** True for a flag that is taken and not shown. */
  readonly hidden?: boolean;
  /** A name from before, which is still taken and not shown. */
  readonly formerName?: string;
}

export interface Invocation {
  readonly positionals: readonly string[];
  readonly io: Io;
  /** True when the command has such a flag. */
  has(name: string): boolean;
  /** True when the flag stands on the command line. */
  given(name: string): boolean;
  flag(name: string): string | undefined;
  on(name: string): boolean;
  all(name: string): readonly string[];
  number(name: string): number | undefined;
}

export interface Command {
  readonly name: string;
  /** `rw eval [flags] <query>` without the leading program name. */
  readonly usage: string;
  readonly summary: string;
  /** What the help text says below the summary: examples, formats. */
  readonly details?: string;
  readonly flags: readonly Flag[];
  run(invocation: Invocation): Promise<number>;
}

export type Parsed = { readonly invocation: Invocation } | { readonly error: string };

/** Reads the arguments after the command's name as OPA's command line does: `--flag=value`, `--flag value`, `-f value`, `-fvalue`, `--`. */
export function parseArguments(command: Command, args: readonly string[], io: Io): Parsed {
  const values = new FlagValues(command, io);
  const positionals: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "--") {
      positionals.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      positionals.push(arg);
      continue;
    }
    const read = arg.startsWith("--")
      ? values.readLong(arg.slice(2), args[at + 1])
      : values.readShort(arg.slice(1), args[at + 1]);
    if (typeof read === "string") return { error: read };
    at += read;
  }
  return { invocation: values.invocation(positionals, io) };
}

/** How many further arguments were taken, or what is wrong. */
type Taken = 0 | 1 | string;

class FlagValues {
  readonly #command: Command;
  readonly #io: Io;
  readonly #long: ReadonlyMap<string, Flag>;
  readonly #short: ReadonlyMap<string, Flag>;
  readonly #given = new Map<string, readonly string[]>();

  constructor(command: Command, io: Io) {
    const { flags } = command;
    this.#command = command;
    this.#io = io;
    this.#long = new Map(flags.flatMap((flag) => [flag.name, flag.formerName ?? flag.name].map((name) => [name, flag])));
    this.#short = new Map(flags.flatMap((flag) => (flag.short === undefined ? [] : [[flag.short, flag]])));
  }

  /** `name` or `name=value`; `next` is the argument behind it. */
  readLong(arg: string, next: string | undefined): Taken {
    if (/^[-=]/u.test(arg)) return `bad flag syntax: --${arg}`;
    const [name = ""] = arg.split("=", 1);
    const flag = this.#long.get(name);
    if (flag === undefined) return `unknown flag: --${name}`;
    if (arg.length > name.length) return this.#set(flag, arg.slice(name.length + 1)) ?? 0;
    if (flag.kind === "boolean") return this.#set(flag, "true") ?? 0;
    if (next === undefined) return `flag needs an argument: --${name}`;
    return this.#set(flag, next) ?? 1;
  }

  /** `vz` is `-v -z`; what follows the letter of a flag with a value is the value. */
  readShort(letters: string, next: string | undefined): Taken {
    const [letter = ""] = letters;
    const flag = this.#short.get(letter);
    if (flag === undefined) return `unknown shorthand flag: '${letter}' in -${letters}`;
    const rest = letters.slice(letter.length);
    if (rest.startsWith("=")) return this.#set(flag, rest.slice(1)) ?? 0;
    if (flag.kind === "boolean") {
      const fault = this.#set(flag, "true");
      return fault !== undefined || rest === "" ? (fault ?? 0) : this.readShort(rest, next);
    }
    if (rest !== "") return this.#set(flag, rest) ?? 0;
    if (next === undefined) return `flag needs an argument: '${letter}' in -${letters}`;
    return this.#set(flag, next) ?? 1;
  }

  #set(flag: Flag, value: string): string | undefined {
    const fault = checkValue(flag, value, this.#io);
    if (fault !== undefined) return fault;
    const before = this.#given.get(flag.name) ?? [];
    if (flag.kind === "strings") this.#given.set(flag.name, [...before, value]);
    else if (flag.kind === "list") this.#given.set(flag.name, [...before, ...(value === "" ? [] : value.split(","))]);
    else this.#given.set(flag.name, [flag.kind === "boolean" ? String(truths.has(value)) : value]);
    return undefined;
  }

  invocation(positionals: readonly string[], io: Io): Invocation {
    const all = (name: string): readonly string[] => this.#all(name);
    return {
      positionals,
      io,
      has: (name) => this.#long.has(name),
      given: (name) => this.#given.has(name),
      flag: (name) => all(name).at(-1),
      on: (name) => all(name).at(-1) === "true",
      all,
      number: (name) => {
        const text = all(name).at(-1);
        return text === undefined ? undefined : Number(text);
      },
    };
  }

  #all(name: string): readonly string[] {
    const flag = this.#long.get(name);
    if (flag === undefined) throw new Error(`command ${this.#command.name} reads the flag --${name}, which it does not declare`);
    const given = this.#given.get(name);
    if (given !== undefined) return given;
    if (flag.default === undefined) return [];
    return flag.kind === "list" ? String(flag.default).split(",") : [String(flag.default)];
  }
}

const truths: ReadonlySet<string> = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const falsehoods: ReadonlySet<string> = new Set(["0", "f", "F", "false", "FALSE", "False"]);

function checkValue(flag: Flag, value: string, io: Io): string | undefined {
  const invalid = (why: string): string =>
    `invalid argument ${JSON.stringify(value)} for "${flag.short ? `-${flag.short}, ` : ""}--${flag.name}" flag: ${why}`;
  if (flag.choices !== undefined && !flag.choices.includes(value)) return invalid(`must be one of {${flag.choices.join(",")}}`);
  const refusal = flag.refusal?.(value, io);
  if (refusal !== undefined) return invalid(refusal);
  const quoted = JSON.stringify(value);
  switch (flag.kind) {
    case "boolean":
      return truths.has(value) || falsehoods.has(value)
        ? undefined
        : invalid(`strconv.ParseBool: parsing ${quoted}: invalid syntax`);
    case "number":
      if (/^[-+]?\d{1,15}$/.test(value)) return undefined;
      return invalid(
        `strconv.ParseInt: parsing ${quoted}: ${/^[-+]?\d+$/.test(value) ? "value out of range" : "invalid syntax"}`,
      );
    case "float":
      return value.trim() !== "" && Number.isFinite(Number(value))
        ? undefined
        : invalid(`strconv.ParseFloat: parsing ${quoted}: invalid syntax`);
    case "duration":
      return durationNanoseconds(value) === undefined ? invalid(`time: ${durationFault(value)} ${quoted}`) : undefined;
    case "time":
      return rfc3339.test(value) && !Number.isNaN(Date.parse(value))
        ? undefined
        : invalid("must be a time with its zone, such as 2026-03-02T12:00:00Z");
    default:
      return undefined;
  }
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/u;

const units: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** A duration as Go writes it, `1h2m3.5s`; undefined when it is none. */
export function durationNanoseconds(text: string): number | undefined {
  if (text === "0") return 0;
  const found = /^([-+]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|ms|s|m|h))+)$/u.exec(text);
  if (found === null) return undefined;
  let total = 0;
  for (const [, number, unit] of found[2]!.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|ms|s|m|h)/gu))
    total += Number(number) * units[unit!]!;
  // 64 bits of nanoseconds hold 292 years.
  if (total >= 2 ** 63) return undefined;
  return found[1] === "-" ? -total : total;
}

/** Why a text is no duration, by its first number that has no unit or a foreign one. */
function durationFault(text: string): string {
  const parts = text.replace(/^[-+]/u, "").matchAll(/(\d+\.?\d*|\.\d+)([^.\d]*)|./gsu);
  for (const [, number, unit = ""] of parts) {
    if (number === undefined) break;
    if (unit === "") return "missing unit in duration";
    if (units[unit] === undefined) return `unknown unit ${JSON.stringify(unit)} in duration`;
  }
  return "invalid duration";
}

/** The help text of one command, laid out as OPA's. */
export function helpOf(command: Command): string {
  const details = command.details === undefined ? "" : `\n${command.details.trim()}\n`;
  return `${command.summary}\n${details}\n${usageOf(command)}`;
}

/** What a wrong call prints: the fault, then how to call. */
export function usageError(command: Command, message: string): string {
  return `Error: ${message}\n${usageOf(command)}\n`;
}

/** Usage and flags, which a wrong call shows too. */
export function usageOf(command: Command): string {
  const help: Flag = { name: "help", short: "h", kind: "boolean", help: `help for ${command.name}` };
  const rows = [...command.flags.filter(({ hidden }) => hidden !== true), help]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((flag): readonly [string, string] => [
      `  ${flag.short ? `-${flag.short}, ` : "    "}--${flag.name}${valueText(flag)}`,
      flag.help + defaultText(flag),
    ]);
  const width = Math.max(...rows.map(([left]) => left.length));
  const flags = rows.map(([left, right]) => `${left.padEnd(width)}   ${right}`).join("\n");
  return `Usage:\n  rw ${command.usage}\n\nFlags:\n${flags}\n`;
}

function valueText(flag: Flag): string {
  if (flag.choices !== undefined) return ` {${flag.choices.join(",")}}`;
  switch (flag.kind) {
    case "boolean":
      return "";
    case "number":
      return " int";
    case "list":
      return " strings";
    case "string":
    case "strings":
      return ` ${flag.placeholder ?? "string"}`;
    case "time":
      return " time";
    case "float":
    case "duration":
      return ` ${flag.kind}`;
  }
}

function defaultText({ kind, choices, default: value }: Flag): string {
  if (value === undefined || value === false || value === "" || value === 0) return "";
  return ` (default ${kind === "string" && choices === undefined ? JSON.stringify(value) : value})`;
}

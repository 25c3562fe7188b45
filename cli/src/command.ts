// What a command of `rw` is: flags as data, one function that gives the exit code.
import type { Io } from "./io.ts";

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** `strings` may be given several times. */
  readonly kind: "boolean" | "string" | "strings" | "number";
  readonly default?: string | number | boolean;
  /** The only values that are taken. */
  readonly choices?: readonly string[];
  /** Stands for the value in the help text: `path`, `url`. */
  readonly placeholder?: string;
  readonly help: string;
}

export interface Invocation {
  readonly positionals: readonly string[];
  readonly io: Io;
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
  readonly flags: readonly Flag[];
  run(invocation: Invocation): Promise<number>;
}

export type Parsed = { readonly invocation: Invocation } | { readonly error: string };

/** Reads the arguments after the command's name as OPA's command line does: `--flag=value`, `--flag value`, `-f value`, `-fvalue`, `--`. */
export function parseArguments(command: Command, args: readonly string[], io: Io): Parsed {
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  const long = new Map(command.flags.map((flag) => [flag.name, flag]));
  const short = new Map(command.flags.flatMap((flag) => (flag.short === undefined ? [] : [[flag.short, flag] as const])));
  const set = (flag: Flag, value: string): string | undefined => {
    const fault = checkValue(flag, value);
    if (fault !== undefined) return fault;
    if (flag.kind === "strings") values.set(flag.name, [...(values.get(flag.name) ?? []), value]);
    else values.set(flag.name, [value]);
    return undefined;
  };

  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      positionals.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      positionals.push(arg);
      continue;
    }
    const isLong = arg.startsWith("--");
    const name = isLong ? arg.slice(2).split("=", 1)[0]! : arg.slice(1, 2);
    const flag = isLong ? long.get(name) : short.get(name);
    if (flag === undefined) return { error: isLong ? `unknown flag: --${name}` : `unknown shorthand flag: '${name}' in ${arg}` };
    const inline = isLong
      ? arg.includes("=")
        ? arg.slice(arg.indexOf("=") + 1)
        : undefined
      : arg.length > 2
        ? arg.slice(2).replace(/^=/, "")
        : undefined;
    let value = inline;
    if (value === undefined) {
      if (flag.kind === "boolean") value = "true";
      else if (at + 1 < args.length) value = args[++at] ?? "";
      else return { error: `flag needs an argument: ${isLong ? `--${name}` : `'${name}' in ${arg}`}` };
    }
    const fault = set(flag, value);
    if (fault !== undefined) return { error: fault };
  }

  const get = (name: string): readonly string[] => {
    const flag = long.get(name);
    if (flag === undefined) throw new Error(`command ${command.name} reads the flag --${name}, which it does not declare`);
    return values.get(name) ?? (flag.default === undefined ? [] : [String(flag.default)]);
  };
  return {
    invocation: {
      positionals,
      io,
      flag: (name) => get(name).at(-1),
      on: (name) => get(name).at(-1) === "true",
      all: (name) => get(name),
      number: (name) => {
        const text = get(name).at(-1);
        return text === undefined ? undefined : Number(text);
      },
    },
  };
}

function checkValue(flag: Flag, value: string): string | undefined {
  if (flag.kind === "boolean" && value !== "true" && value !== "false")
    return `invalid argument "${value}" for "--${flag.name}" flag: true or false`;
  if (flag.kind === "number" && !/^-?\d+$/.test(value))
    return `invalid argument "${value}" for "--${flag.name}" flag: a whole number`;
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    return `invalid argument "${value}" for "--${flag.name}" flag: must be one of {${flag.choices.join(",")}}`;
  }
  return undefined;
}

/** The help text of one command. */
export function helpOf(command: Command): string {
  const rows = command.flags.map((flag) => {
    const value =
      flag.kind === "boolean"
        ? ""
        : ` ${flag.choices ? `{${flag.choices.join(",")}}` : (flag.placeholder ?? (flag.kind === "number" ? "int" : "string"))}`;
    return [
      `  ${flag.short ? `-${flag.short}, ` : "    "}--${flag.name}${value}`,
      flag.help + (flag.default !== undefined && flag.default !== false ? ` (default ${flag.default})` : ""),
    ];
  });
  const width = Math.max(0, ...rows.map(([left]) => left!.length));
  const flags = rows.map(([left, right]) => `${left!.padEnd(width)}   ${right}`).join("\n");
  return `${command.summary}\n\nUsage:\n  rw ${command.usage}\n${flags === "" ? "" : `\nFlags:\n${flags}\n`}`;
}

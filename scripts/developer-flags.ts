// The flags of the developers' commands (`npm run fuzz`, `bench`, `conformance`): read strictly, with a help text from the same table.
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

export interface DeveloperFlag {
  readonly type: "text" | "number" | "boolean";
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
}

export type DeveloperFlags = Readonly<Record<string, DeveloperFlag>>;

export interface DeveloperArguments {
  readonly text: (flag: string) => string | undefined;
  readonly number: (flag: string, fallback: number) => number;
  readonly has: (flag: string) => boolean;
  readonly rest: readonly string[];
}

/** The arguments of a command; ends the program with the help when asked for it, and with 2 and the reason when a flag is not known. */
export function readFlags(args: readonly string[], usage: string, flags: DeveloperFlags): DeveloperArguments {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(helpText(usage, flags));
    process.exit(0);
  }
  try {
    return valuesOf(args, flags);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${helpText(usage, flags)}`);
    process.exit(2);
  }
}

function valuesOf(args: readonly string[], flags: DeveloperFlags): DeveloperArguments {
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(flags).map(([name, { type }]) => [name, { type: type === "boolean" ? "boolean" : "string" }]),
  );
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  const given: Readonly<Record<string, unknown>> = values;
  for (const [name, { type }] of Object.entries(flags))
    if (type === "number" && given[name] !== undefined && !Number.isFinite(Number(given[name])))
      throw new Error(`--${name}: ${given[name]} is no number`);
  return {
    text: (flag) => (typeof given[flag] === "string" ? given[flag] : undefined),
    number: (flag, fallback) => Number(given[flag] ?? fallback),
    has: (flag) => given[flag] === true,
    rest: positionals,
  };
}

function helpText(usage: string, flags: DeveloperFlags): string {
  const names = Object.entries(flags).map(([name, { value }]) => `--${name}${value === undefined ? "" : ` ${value}`}`);
  const width = Math.max(...names.map((name) => name.length));
  const rows = Object.values(flags).map(({ help }, at) => `  ${names[at]!.padEnd(width)}  ${help}`);
  return [usage, ...rows].join("\n");
}

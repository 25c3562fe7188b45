// What can stand where the cursor is on a command line: commands, flags, the values that a flag takes.
import type { Command, Flag } from "../command.ts";

export interface Candidate {
  readonly value: string;
  /** What a shell shows beside it. */
  readonly about: string;
}

/** `files` where a path belongs, which shells complete best themselves. */
export type Candidates = readonly Candidate[] | "files";

export type Commands = ReadonlyMap<string, () => Promise<Command>>;

const help: Flag = { name: "help", short: "h", kind: "boolean", help: "show the help text" };

/** `words` are those behind the program's name; the last one, perhaps empty, is being typed. */
export async function candidatesOf(words: readonly string[], commands: Commands): Promise<Candidates> {
  const [name = "", ...rest] = words;
  if (rest.length === 0) return startingWith(name, [...(await commandsOf(commands)), helpCommand, ...flagCandidates([help], [])]);
  if (name === "help") return rest.length > 1 ? [] : startingWith(rest[0]!, await commandsOf(commands));
  const command = await commands.get(name)?.();
  return command === undefined ? [] : argumentsOf(command, rest);
}

const helpCommand: Candidate = { value: "help", about: "Show the flags of a command" };

async function commandsOf(commands: Commands): Promise<readonly Candidate[]> {
  const all = await Promise.all([...commands.values()].map((load) => load()));
  return all.map(({ name, summary }) => ({ value: name, about: summary }));
}

function argumentsOf(command: Command, words: readonly string[]): Candidates {
  const before = words.slice(0, -1);
  const typed = words.at(-1)!;
  const flags = [...command.flags.filter(({ hidden }) => hidden !== true), help];
  let positionals = 0;
  let open: Flag | undefined;
  for (const word of before) {
    if (word === "--") return "files";
    const isValue = open !== undefined;
    open = isValue ? undefined : openedBy(word, flags);
    if (!isValue && !word.startsWith("-")) positionals++;
  }
  if (open !== undefined) {
    const values = valuesOf(open);
    return values === "files" ? values : startingWith(typed, values);
  }
  const [, given, value] = /^--([\w-]+)=(.*)$/su.exec(typed) ?? [];
  if (given !== undefined) {
    const flag = flags.find(({ name }) => name === given);
    const values = flag === undefined ? [] : valuesOf(flag);
    if (values === "files") return values;
    return startingWith(value!, values).map((one) => ({ ...one, value: `--${given}=${one.value}` }));
  }
  if (typed.startsWith("-")) return startingWith(typed, flagCandidates(flags, before));
  const fixed = positionals === 0 ? fixedWords(command) : [];
  return fixed.length === 0 ? "files" : startingWith(typed, fixed);
}

/** The flag that takes the next word as its value. */
function openedBy(word: string, flags: readonly Flag[]): Flag | undefined {
  const long = /^--([\w-]+)$/u.exec(word)?.[1];
  const short = /^-\w*(\w)$/u.exec(word)?.[1];
  const flag = flags.find(({ name, short: letter }) =>
    long === undefined ? short !== undefined && letter === short : name === long,
  );
  return flag === undefined || flag.kind === "boolean" ? undefined : flag;
}

function valuesOf({ kind, choices }: Flag): Candidates {
  if (choices !== undefined) return choices.map((value) => ({ value, about: "" }));
  switch (kind) {
    case "string":
    case "strings":
    case "list":
      return "files";
    case "boolean":
      return ["true", "false"].map((value) => ({ value, about: "" }));
    case "number":
    case "float":
    case "duration":
    case "time":
      return [];
  }
}

/** Those that are not on the line yet, and those that may be there several times. */
function flagCandidates(flags: readonly Flag[], before: readonly string[]): readonly Candidate[] {
  const given = new Set(before.flatMap((word) => /^--([\w-]+)/u.exec(word)?.[1] ?? []));
  return flags
    .filter(({ name, kind }) => kind === "strings" || kind === "list" || !given.has(name))
    .map((flag) => ({ value: `--${flag.name}`, about: flag.help }));
}

/** The words that come first behind the name of some commands, as their usage says: `hocon {resolve|fmt} <file>`, `roles apply`. */
function fixedWords({ usage }: Command): readonly Candidate[] {
  const [, first = ""] = usage.split(" ");
  const words = /^\{.+\}$/u.test(first) ? first.slice(1, -1).split("|") : /^[a-z]+$/u.test(first) ? [first] : [];
  return words.map((value) => ({ value, about: "" }));
}

const startingWith = (start: string, candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.filter(({ value }) => value.startsWith(start));

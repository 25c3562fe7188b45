// What a command saw of the world, and what it did: who sees the same again says and writes the same.
import type { Io } from "../io.ts";
import { sha256 } from "./digest.ts";

/** Each way to look, with a text for what is seen; contents and names by their hash. */
const seen = {
  kind: (kind: "file" | "folder" | undefined): string => kind ?? "nothing",
  isLink: (is: boolean): string => String(is),
  realPath: (path: string): string => path,
  list: (names: readonly string[]): string => sha256(JSON.stringify(names)),
  readFile: (bytes: Uint8Array): string => sha256(bytes),
};
type Look = keyof typeof seen;

/** How was looked, at which path (for `env` a name), and what was there; a failure's text stands behind `!`. */
export type Observation = readonly [how: Look | "env", path: string, seen: string];

/** In the order in which they happened. */
export type Effect = readonly ["out" | "err", text: string] | readonly ["file", path: string, content: string | Uint8Array];

export interface Observed {
  readonly io: Io;
  /** Undefined when what it did does not follow from what it saw, or cannot be done again. */
  run(): { readonly observations: readonly Observation[]; readonly effects: readonly Effect[] } | undefined;
}

/** What takes longer to look at again than to work out, or more room than it is worth, is lost: bytes read, characters and bytes said and written. */
const mostRead = 64 << 20;
const mostDone = 1 << 20;

/** A world that notes what is seen and done through it. */
export function observed(io: Io): Observed {
  const observations = new Map<string, Observation>();
  const effects: Effect[] = [];
  let isWhole = true;
  let read = 0;
  let done = 0;
  const lose = (): void => {
    isWhole = false;
    observations.clear();
    effects.length = 0;
  };
  const act = (effect: Effect): void => {
    done += (effect[2] ?? effect[1]).length;
    if (done > mostDone) lose();
    if (isWhole) effects.push(effect);
  };
  const note = (how: Look | "env", path: string, text: string): void => {
    const key = `${how} ${path}`;
    const before = observations.get(key);
    if (before === undefined) {
      // What is seen behind an effect may be of its making.
      if (effects.some(([kind]) => kind === "file")) lose();
      observations.set(key, [how, path, text]);
    } else if (before[2] !== text) lose();
  };
  const noting =
    <How extends Look>(how: How) =>
    (path: string): ReturnType<Io[How]> => {
      // What is read from a pipe is gone.
      if (isWhole && how === "readFile" && isStream(io, path)) lose();
      if (!isWhole) return io[how](path) as ReturnType<Io[How]>;
      const text = textOf(io, how, path);
      note(how, path, text.seen);
      if ("error" in text) throw text.error;
      if (text.value instanceof Uint8Array) read += text.value.length;
      if (read > mostRead) lose();
      return text.value;
    };
  const say =
    (kind: "out" | "err") =>
    (text: string): void => {
      act([kind, text]);
      io[kind](text);
    };
  const losing =
    <Arguments extends readonly unknown[], Value>(call: (...given: Arguments) => Value) =>
    (...given: Arguments): Value => {
      lose();
      return call(...given);
    };
  const env = new Proxy(io.env, {
    get: (all, name) => {
      if (typeof name !== "string") return undefined;
      note("env", name, variable(all[name]));
      return all[name];
    },
    has: losing((all: Io["env"], name: string | symbol) => name in all),
    ownKeys: losing((all: Io["env"]) => Reflect.ownKeys(all)),
  });
  return {
    io: {
      cwd: io.cwd,
      env,
      terminal: io.terminal,
      out: say("out"),
      err: say("err"),
      readStdin: losing(io.readStdin),
      kind: noting("kind"),
      isLink: noting("isLink"),
      isRegular: losing(io.isRegular),
      readFile: noting("readFile"),
      realPath: noting("realPath"),
      list: noting("list"),
      writeFile: (path, content) => {
        try {
          io.writeFile(path, content);
        } catch (error) {
          lose();
          throw error;
        }
        act(["file", path, content]);
      },
      makeFolder: losing(io.makeFolder),
      moveFile: losing(io.moveFile),
    },
    run: () => (isWhole ? { observations: [...observations.values()], effects } : undefined),
  };
}

/** True when all of it is still to be seen. */
export function stillSeen(observations: readonly Observation[], io: Io): boolean {
  return observations.every(([how, path, before]) => {
    // The command itself has to read it.
    if (how === "readFile" && isStream(io, path)) return false;
    const now = how === "env" ? variable(io.env[path]) : textOf(io, how, path).seen;
    return now === before;
  });
}

/** Writes and says the same again; throws before it says anything where a file cannot be written. */
export function doAgain(effects: readonly Effect[], io: Io): void {
  for (const effect of effects) if (effect[0] === "file") io.writeFile(effect[1], effect[2]);
  for (const effect of effects) if (effect[0] !== "file") io[effect[0]](effect[1]);
}

function isStream(io: Io, path: string): boolean {
  return !io.isRegular(path) && io.kind(path) === "file";
}

type Text<How extends Look> =
  | { readonly seen: string; readonly value: ReturnType<Io[How]> }
  | { readonly seen: string; readonly error: unknown };

function textOf<How extends Look>(io: Io, how: How, path: string): Text<How> {
  let value: ReturnType<Io[How]>;
  try {
    value = io[how](path) as ReturnType<Io[How]>;
  } catch (error) {
    return { seen: `!${error instanceof Error ? error.message : String(error)}`, error };
  }
  const text = seen[how] as (value: ReturnType<Io[How]>) => string;
  return { seen: text(value), value };
}

/** By its hash too: it may be a secret. */
function variable(value: string | undefined): string {
  return value === undefined ? "nothing" : sha256(value);
}

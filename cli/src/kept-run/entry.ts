// A run of a command on the disk: what it saw, did and gave, in one of a fixed number of files in the user's cache folder.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256 } from "./digest.ts";
import type { Effect, Observation } from "./observation.ts";

/** Where runs are kept, and which build of `rw` it is that keeps them. */
export interface Place {
  readonly folder: string;
  readonly build: string;
}

/** What a run is known by. */
export interface Call {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly terminal: boolean;
}

export interface Run {
  readonly code: number;
  readonly observations: readonly Observation[];
  readonly effects: readonly Effect[];
}

/** A longer one is not kept: with 256 files the folder is bounded too. */
const longest = 2 << 20;

/** The run of the same call that was kept last; undefined when there is none, or its file is not whole. */
export function readRun(place: Place, call: Call): Run | undefined {
  const key = keyOf(place, call);
  try {
    const text = readFileSync(fileOf(place, key), "utf8");
    const [head, body] = [text.slice(0, 129), text.slice(129)];
    if (head !== `${key}${sha256(body)}\n`) return undefined;
    const { effects, ...run } = JSON.parse(body);
    return { ...run, effects: effects.map(readEffect) };
  } catch {
    return undefined;
  }
}

/** Written aside and renamed, so that nobody reads half of it. Where that cannot be, the next run works anew. */
export function writeRun(place: Place, call: Call, run: Run): void {
  const body = JSON.stringify({ ...run, effects: run.effects.map(writtenEffect) });
  if (body.length > longest) return;
  const key = keyOf(place, call);
  const file = fileOf(place, key);
  const aside = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(aside, `${key}${sha256(body)}\n${body}`, { mode: 0o600 });
    renameSync(aside, file);
  } catch {
    // No folder for caches, or no room: then what was begun takes none either.
    discard(aside);
  }
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Nobody may.
  }
}

function keyOf({ build }: Place, { args, cwd, terminal }: Call): string {
  return sha256(JSON.stringify([build, process.version, process.platform, cwd, terminal, args]));
}

function fileOf({ folder }: Place, key: string): string {
  return join(folder, key.slice(0, 2));
}

/** Bytes as JSON has them. */
type Written = Exclude<Effect, readonly ["file", ...unknown[]]> | readonly ["file", path: string, content: string | Base64];

interface Base64 {
  readonly base64: string;
}

function writtenEffect(effect: Effect): Written {
  if (effect[0] !== "file") return effect;
  const [kind, path, content] = effect;
  return [kind, path, typeof content === "string" ? content : { base64: Buffer.from(content).toString("base64") }];
}

function readEffect(written: Written): Effect {
  if (written[0] !== "file") return written;
  const [kind, path, content] = written;
  return [kind, path, typeof content === "string" ? content : Buffer.from(content.base64, "base64")];
}

// Runs one case of the HOCON conformance kit against our parser and resolver, and judges the result by the kit's pass rule.
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { resolve as resolvePath } from "node:path";
import {
  type IncludePort,
  type Location,
  type Resolved,
  type ResolveOptions,
  resolveHocon,
  toJsonText,
} from "#analysis/hocon/resolve.ts";
import { type ParsedHocon, parseHocon } from "#grammars/hocon/parse.ts";
import { quoteString, renderPath, splitPath } from "#grammars/hocon/path.ts";
import { decodeUtf8 } from "#grammars/hocon/utf8.ts";
import type { HoconCase, HoconResult, HoconVerdict } from "./hocon-case.ts";
import { answerQuery, commentTexts, originTexts } from "./hocon-extras.ts";
import { judgeHocon } from "./hocon-pass-rule.ts";

/** A virtual folder: `@@DIR@@` in the kit's texts stands for it. */
const FOLDER = "/case";

interface CaseFiles {
  read(name: string): string | undefined;
  readonly folder: string;
}

/** Runs a case and judges it. `casesDir` is the folder of the case file, which relative `dir` values start from. */
export function runHoconCase(testCase: HoconCase, casesDir: string): HoconVerdict {
  let result: HoconResult;
  try {
    result = evaluateHoconCase(testCase, casesDir);
  } catch (error) {
    return { ok: false, error: `crash: ${error instanceof Error ? error.stack : error}` };
  }
  const reason = judgeHocon(testCase.expect, result);
  return reason === undefined ? { ok: true } : { ok: false, error: reason };
}

/** The result of a case in the form of the kit's adapter protocol. */
export function evaluateHoconCase(testCase: HoconCase, casesDir: string): HoconResult {
  if (testCase.api !== undefined) return callApi(testCase);
  const files = testCase.dir === undefined ? virtualFiles(testCase) : realFiles(resolvePath(casesDir, testCase.dir));
  const main = testCase.main ?? "main.conf";
  const load = (name: string): ParsedHocon | undefined => {
    const text = files.read(name);
    return text === undefined ? undefined : parseHocon(text, { file: name });
  };
  const document = (name: string) => {
    const parsed = load(name);
    return parsed && { parsed, location: { kind: "file", path: `${files.folder}/${name}` } as const };
  };
  const top = document(main);
  if (top === undefined) return { result: "error", stage: "parse", kind: "IO", file: main, message: `${main} does not exist` };
  const fallbacks = (testCase.fallbacks ?? []).map((name) => document(name)!);
  const { options } = testCase;
  const settings: ResolveOptions = {
    fallbacks,
    read: includePort(files, testCase),
    allowUnresolved: options?.allowUnresolved ?? options?.parseOnly ?? false,
    ...(!options?.noEnv && { environment: new Map(Object.entries({ LC_ALL: "C.UTF-8", ...testCase.env })) }),
  };
  return describeResult(testCase, resolveHocon(top, settings));
}

function describeResult(testCase: HoconCase, resolved: Resolved): HoconResult {
  const { failure, value } = resolved;
  if (failure !== undefined && !(testCase.options?.parseOnly && failure.stage !== "parse")) {
    const { stage, kind, file, line, message } = failure;
    return { result: "error", stage, kind, file: shortName(file), line, message };
  }
  const want = new Set(testCase.want);
  return {
    result: "ok",
    json: toJsonText(value, { order: "reference" }),
    ...(want.has("origins") && { origins: originTexts(resolved, shortName) }),
    ...(want.has("comments") && { comments: commentTexts(resolved) }),
    ...(testCase.queries && { queries: testCase.queries.map(({ path, as }) => answerQuery(value, path, as)) }),
  };
}

function shortName(file: string): string {
  return file.startsWith(`${FOLDER}/`) ? file.slice(FOLDER.length + 1) : file;
}

function virtualFiles({ files = {} }: HoconCase): CaseFiles {
  const known = new Map(Object.entries(files));
  return {
    folder: FOLDER,
    read(name) {
      const file = known.get(name);
      if (file === undefined) return undefined;
      if (typeof file === "string") return file.replaceAll("@@DIR@@", FOLDER);
      return decodeUtf8(Buffer.from(file.base64, "base64")).text;
    },
  };
}

function realFiles(folder: string): CaseFiles {
  const root = realpathSync(folder);
  return {
    folder: root,
    read(name) {
      const path = `${root}/${name}`;
      return existsSync(path) && statSync(path).isFile() ? decodeUtf8(readFileSync(path)).text : undefined;
    },
  };
}

function includePort(files: CaseFiles, { cp = "cp", cwd = false }: HoconCase): IncludePort {
  return (location, { syntax, name }) => {
    const path = pathBelow(files.folder, location, cp, cwd);
    const text = path === undefined ? undefined : files.read(path);
    if (text === undefined) return { kind: "missing" };
    return { kind: "parsed", parsed: parseHocon(text, { file: path === undefined ? name : shownName(location, path), syntax }) };
  };
}

function shownName(location: Location, path: string): string {
  return location.kind === "classpath" ? `classpath:${location.path}` : path;
}

function pathBelow(folder: string, location: Location, cp: string, cwd: boolean): string | undefined {
  switch (location.kind) {
    case "file":
      return location.path.startsWith(`${folder}/`) ? location.path.slice(folder.length + 1) : undefined;
    case "working":
      return cwd ? location.path : undefined;
    case "classpath":
      return `${cp}/${location.path}`;
    case "url": {
      const path = location.url.replace(/^file:(?:\/\/(?=\/))?/, "");
      return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
    }
  }
}

function callApi({ api, arg }: HoconCase): HoconResult {
  switch (api) {
    case "splitPath": {
      const { elements, problem } = splitPath(arg as string);
      if (problem !== undefined) return { result: "error", stage: "api", kind: "BadPath", message: problem.message };
      return { result: "ok", value: elements.map(({ text }) => text) };
    }
    case "joinPath":
      return { result: "ok", value: renderPath(arg as readonly string[]) };
    case "quoteString":
      return { result: "ok", value: quoteString(arg as string) };
    default:
      return { result: "error", message: `unknown api ${api}` };
  }
}

// The mocks of a project with one of its profiles, read from `rw.conf` and the files that it names.
import type { Mocks } from "#evaluation/mocks.ts";
import type { RecordedAnswer } from "#evaluation/recorded-http.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { ProjectConfig } from "./config.ts";
import { readDocument } from "./documents.ts";
import { resolveFile } from "./hocon.ts";
import { laidOver, type MockConfig } from "./mock-config.ts";
import { type MockedRequests, mockedRequests } from "./mocked-requests.ts";
import { isBelow, resolve } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";

type Find = (path: string) => SourceFile | undefined;

/** The mocks that hold with a profile, that of the profile over those of the project; undefined where neither names any. */
export function mocksOf(config: ProjectConfig, folder: string, profile: string | undefined, find: Find): Mocks | undefined {
  const levels = levelsOf(config, profile);
  const [first] = levels;
  if (first === undefined) return undefined;
  const clock = levels.find((level) => level.clock !== undefined)?.clock;
  const seed = levels.find((level) => level.seed !== undefined)?.seed;
  const runtime = levels.reduce<unknown>((above, level) => laidOver(above, level.runtime), undefined);
  return {
    ...(clock === undefined ? {} : { clock }),
    ...(seed === undefined ? {} : { seed }),
    ...(runtime === undefined ? {} : { runtime: JSON.stringify(runtime) }),
    lookups: new Map(levels.toReversed().flatMap(({ lookups }) => Object.entries(lookups))),
    http: levels.flatMap((level): readonly RecordedAnswer[] => requestsOf(level, folder, find).answers),
  };
}

/** The mocks of the profile, then those of the project. */
function levelsOf(config: ProjectConfig, profile: string | undefined): readonly MockConfig[] {
  const named = config.profiles.find(({ name }) => name === profile);
  return [named?.mocks, config.mocks].filter((level) => level !== undefined);
}

/** What is wrong with the files that mocks name, each told once. */
export function mockProblems(config: ProjectConfig, folder: string, find: Find): readonly Diagnostic[] {
  const levels = [config.mocks, ...config.profiles.map(({ mocks }) => mocks)].filter((level) => level !== undefined);
  const files = new Map(levels.map((level) => [level.http, level]));
  return [...files.values()].flatMap((level) => requestsOf(level, folder, find).diagnostics);
}

const nothing: MockedRequests = { answers: [], diagnostics: [] };

function requestsOf({ http }: MockConfig, folder: string, find: Find): MockedRequests {
  if (http === undefined) return nothing;
  const path = resolve(folder, http);
  const file = isBelow(path, folder) ? find(path) : undefined;
  if (file === undefined || file.unreadable !== undefined) return nothing;
  const { json, diagnostics } =
    file.kind === "hocon" ? resolveFile(file, { root: folder, find, profile: undefined }) : readDocument(file);
  return json === undefined ? { answers: [], diagnostics } : mockedRequests(file, json);
}

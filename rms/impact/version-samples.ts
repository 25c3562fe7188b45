// The sample inputs that a version holds, as requests: nobody can leave one out by not sending it.
import { isHoconInput, readInput } from "#analysis/hocon/input.ts";
import type { Request } from "./impact.ts";

interface Text {
  readonly path: string;
  readonly text: string;
}

/** Samples of one version. */
const most = 100;
/** Characters of a sample with all that it includes. */
const maxText = 1024 * 1024;
/** Includes within includes. */
const maxDepth = 16;

const isSample = (path: string): boolean =>
  isHoconInput(path) && !/(?:^|\/)(?:data|[^/]*\.expected)\.json$/.test(path) && !/(?:^|\/)(?:rw|roles)\.conf$/.test(path);

/** Those that resolve by the version's own files; what others include is none. */
export function versionSamples(files: readonly Text[]): readonly Request[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const included = new Set<string>();
  const read = files
    .filter(({ path }) => isSample(path))
    .slice(0, most)
    .flatMap(({ path, text }) => {
      let size = text.length;
      const { json } = readInput(path, text, {
        location: { kind: "classpath", path },
        read: (location, { depth }) => {
          if (location.kind !== "classpath") return { kind: "refused", reason: "only files of the version are read" };
          const name = location.path.replace(/^\/+/, "");
          const found = texts.get(name);
          if (found === undefined) return { kind: "missing" };
          size += found.length;
          if (depth > maxDepth || size > maxText) return { kind: "refused", reason: "it is too deep or too large" };
          included.add(name);
          return { kind: "text", text: found };
        },
      });
      return json === undefined ? [] : [{ name: path, input: JSON.parse(json) as unknown }];
    });
  return read.filter(({ name }) => !included.has(name));
}

/** All of them, each input once; where two of one name differ, the later one is named so. */
export function joinedRequests(...lists: readonly (readonly Request[])[]): readonly Request[] {
  const inputs = new Set<string>();
  const names = new Set<string>();
  return lists.flat().flatMap(({ name, input }) => {
    const text = JSON.stringify(input);
    if (inputs.has(text)) return [];
    inputs.add(text);
    let free = name;
    for (let at = 2; names.has(free); at++) free = `${name} (${at})`;
    names.add(free);
    return [{ name: free, input }];
  });
}

/** Names of those that are not held any more, neither by their name nor by their input. */
export function lacking(served: readonly Request[], held: readonly Request[]): readonly string[] {
  const names = new Set(held.map(({ name }) => name));
  const inputs = new Set(held.map(({ input }) => JSON.stringify(input)));
  const gone = served.filter(({ name, input }) => !names.has(name) && !inputs.has(JSON.stringify(input)));
  return [...new Set(gone.map(({ name }) => name))];
}

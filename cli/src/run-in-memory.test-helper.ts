// Runs `rw` over files that only a test has.
import { heardIo } from "./heard-io.test-helper.ts";
import { main } from "./main.ts";

/** Runs `rw` in `/w`, where these files lie. */
export async function rw(files: Readonly<Record<string, string>>, ...words: readonly string[]) {
  const at = (path: string): string => (path.startsWith("/") ? path : `/w/${path}`).replaceAll(/\/\.(?=\/|$)/gu, "");
  const below = (folder: string): readonly string[] => {
    const prefix = `${at(folder)}/`;
    const names = Object.keys(files).flatMap((path) =>
      path.startsWith(prefix) ? [path.slice(prefix.length).split("/")[0]!] : [],
    );
    return [...new Set(names)].sort();
  };
  const { io, printed } = heardIo({
    cwd: "/w",
    kind: (path) => (files[at(path)] !== undefined ? "file" : below(path).length > 0 ? "folder" : undefined),
    realPath: (path) => path,
    readFile: (path) => new TextEncoder().encode(files[at(path)]),
    list: below,
  });
  const code = await main(words, io);
  return { code, ...printed() };
}

// HOCON texts resolved with what the caller lets them include.
import { readInput } from "#analysis/hocon/input.ts";
import { resolve } from "#workspace/paths.ts";
import type { Hocon, HoconOptions } from "./api.ts";
import { problemsOf } from "./problems.ts";

export function resolved(text: string, { file = "input.conf", files = {}, environment = {} }: HoconOptions): Hocon {
  const known = new Map(Object.entries(files).map(([path, content]) => [resolve("/", path), content]));
  const { json, diagnostics } = readInput(file, text, {
    location: { kind: "file", path: resolve("/", file) },
    environment: new Map(Object.entries(environment)),
    read: (location) => {
      if (location.kind === "url") return { kind: "refused", reason: "addresses are not asked" };
      const found = known.get(resolve("/", location.path));
      return found === undefined ? { kind: "missing" } : { kind: "text", text: found };
    },
  });
  const texts = new Map([[file, text], [resolve("/", file), text], ...known]);
  return { value: json === undefined ? undefined : JSON.parse(json), problems: problemsOf(diagnostics, texts) };
}

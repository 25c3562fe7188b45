// Where a project's own rules in Rego are: in `.regal/rules`, upwards from the first path, and where `--rules` says.
import type { RuleSource } from "#features/rego/custom-rules.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import { dirname, resolve } from "#workspace/paths.ts";
import type { Invocation } from "../command.ts";
import { bytesIn, filesBelow, kindAt, whyMissing } from "../disk-files.ts";
import type { Io } from "../io.ts";
import { join, pathOf } from "../load-parts.ts";

export function ruleSources(call: Invocation): readonly RuleSource[] | { readonly fault: string } {
  const { io } = call;
  const { cwd } = io;
  const first = resolve(cwd, (call.positionals[0] ?? ".").replaceAll("\\", "/"));
  const ofProject = rulesFolder(io.kind(first) === "folder" ? first : dirname(first), io);
  const sources: RuleSource[] = [];
  for (const path of [...(ofProject === undefined ? [] : [ofProject]), ...call.all("rules").map(pathOf)]) {
    const kind = kindAt(io, path);
    if (kind === undefined) return { fault: `stat ${path}: ${whyMissing(io, path)}` };
    const files = kind === "file" ? [path] : filesBelow(io, path, "files").map((inner) => join(path, inner));
    for (const file of files.filter((one) => one.endsWith(".rego"))) {
      let unread = "";
      const bytes = bytesIn(io, file, (fault) => {
        unread = fault;
      });
      if (bytes === undefined) return { fault: unread };
      sources.push({ path: file, text: decodePolicy(bytes) });
    }
  }
  return sources;
}

function rulesFolder(from: string, io: Io): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const rules = resolve(folder, ".regal/rules");
    if (io.kind(rules) === "folder") return rules;
    if (folder === dirname(folder)) return undefined;
  }
}

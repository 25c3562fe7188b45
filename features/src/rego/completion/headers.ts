// Behind `package` and `import`.
import { futureKeywords } from "#grammars/rego/keywords.ts";
import { basename, dirname, nearestFolder, relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { CompletionItem } from "../../completion-item.ts";
import { inputKeys } from "../../input-shape.ts";
import type { Context } from "./context.ts";

export function packageNames({ file, project, names }: Context): readonly CompletionItem[] {
  const folder = relative(nearestFolder(file.path, project.dataRoots) ?? "/", dirname(file.path));
  const parts = folder.split("/").filter((part) => /^\w+$/u.test(part));
  const stem = basename(file.path).replace(/(?:_test)?\.rego$/u, "");
  const suggested = (parts.length > 0 ? parts.join(".") : stem) + (file.path.endsWith("_test.rego") ? "_test" : "");
  const items: CompletionItem[] = [
    { label: suggested, kind: "module", detail: "suggested package name based on directory structure", rank: 0 },
  ];
  for (const path of names.packages) {
    const label = path.slice("data.".length);
    const typedHere = names.filesOfPackage(path).every((other) => other === file || project.library.includes(other));
    if (label !== suggested && !typedHere) items.push({ label, kind: "module", detail: "package", rank: 1 });
  }
  return items;
}

export function importItems({ names, line, project, file, offset, around }: Context): readonly CompletionItem[] {
  const typed = /[\w.]*$/u.exec(line)![0];
  const prefix = typed.includes(".") ? typed.slice(0, typed.lastIndexOf(".") + 1) : "";
  const own = `${around.names.package.join(".")}.`;
  const packages = new Set(names.packages);
  const rankOf = (path: string): number => {
    if (path.startsWith("data.rms.")) return 3;
    if (`${path}.`.startsWith(own)) return 2;
    return packages.has(path) ? 0 : 1;
  };
  const all = ["input", "rego.v1", ...futureKeywords.map((name) => `future.keywords.${name}`), ...names.packages];
  all.push(...names.rules.keys());
  all.push(...importedElsewhere(project, file, offset));
  if (prefix.startsWith("input.")) {
    const path = prefix.split(".").slice(1, -1);
    all.push(...inputKeys(project, path).map(({ name }) => `${prefix}${name}`));
  }
  return [...new Set(all)]
    .filter((path) => path.startsWith(prefix))
    .map((path) => ({
      label: path.slice(prefix.length),
      kind: "module" as const,
      detail: `import ${path}`,
      rank: rankOf(path),
    }));
}

/** Paths that other imports name, though nothing in the project is there. */
function importedElsewhere(project: Project, file: SourceFile, offset: number): readonly string[] {
  return project.policies.flatMap((policy) => {
    const { module, text } = project.parsed(policy);
    return module.imports
      .filter(({ start, end }) => policy !== file || offset < start || end < offset)
      .map(({ path }) => text.slice(path.start, path.end))
      .filter((path) => path.startsWith("data."));
  });
}

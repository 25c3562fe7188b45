// Fixtures of feature tests: `#- path` starts a file, `$0` is the cursor; ranges are drawn under the lines they lie in.
import type { Range } from "#grammars/rego/ast.ts";
import { memoryHost } from "#workspace/host.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { openProject } from "#workspace/workspace.ts";

export interface Fixture {
  readonly project: Project;
  /** The file with the cursor; the first one when there is none. */
  readonly file: SourceFile;
  readonly offset: number;
}

/** Opens a project at `/p`. A text without `#- path` is `/p/policy.rego`. */
export async function open(text: string): Promise<Fixture> {
  const files: Record<string, string> = {};
  let cursor: { path: string; offset: number } | undefined;
  const chunks = /^#- /mu.test(text) ? text.split(/^#- /mu).slice(1) : [`policy.rego\n${text}`];
  for (const chunk of chunks) {
    const name = chunk.slice(0, chunk.indexOf("\n")).trim();
    let content = chunk.slice(chunk.indexOf("\n") + 1);
    const path = `/p/${name}`;
    const at = content.indexOf("$0");
    if (at >= 0) {
      content = content.slice(0, at) + content.slice(at + 2);
      cursor = { path, offset: at };
    }
    files[path] = content;
  }
  const project = await openProject(memoryHost(files), "/p");
  const path = cursor?.path ?? Object.keys(files)[0]!;
  return { project, file: project.files.get(path)!, offset: cursor?.offset ?? 0 };
}

/** `policy.rego:3:5 text` for each range, in order. */
export function draw(project: Project, found: readonly { readonly file: string; readonly range: Range }[]): string {
  return found
    .map(({ file, range }) => {
      const { text } = project.files.get(file)!;
      const before = text.slice(0, range.start);
      const line = before.split("\n").length;
      const column = range.start - before.lastIndexOf("\n");
      return `${file.replace("/p/", "")}:${line}:${column} ${JSON.stringify(text.slice(range.start, range.end))}`;
    })
    .sort()
    .join("\n");
}

/** Applies edits to the files and prints those that changed. */
export function apply(
  project: Project,
  edits: readonly { readonly file: string; readonly range: Range; readonly newText: string }[],
): string {
  const texts = new Map<string, string>();
  for (const edit of [...edits].sort((a, b) => b.range.start - a.range.start)) {
    const text = texts.get(edit.file) ?? project.files.get(edit.file)!.text;
    texts.set(edit.file, text.slice(0, edit.range.start) + edit.newText + text.slice(edit.range.end));
  }
  const all = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
  return all.length === 1 ? all[0]![1] : all.map(([path, text]) => `#- ${path.replace("/p/", "")}\n${text}`).join("");
}

/** Text of a template literal without its indentation. */
export function dedent(text: string): string {
  const lines = text.replace(/^\n/u, "").split("\n");
  const indent = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => /^ */u.exec(line)![0].length));
  return lines
    .map((line) => line.slice(indent))
    .join("\n")
    .replace(/\n\s*$/u, "\n");
}

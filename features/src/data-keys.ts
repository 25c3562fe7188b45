// Where a path of keys stands in data files and in samples.
import type { ObjectNode, ValueNode } from "#grammars/hocon/parse.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";

export interface FoundKey {
  readonly file: string;
  readonly range: Range;
}

/** The key of a path below `data` in the data files, or the whole file for its own folder. */
export function findDataKey(project: Project, path: readonly string[]): readonly FoundKey[] {
  const found: FoundKey[] = [];
  for (const { path: at, file } of project.data.files) {
    if (!at.every((part, index) => path[index] === part)) continue;
    const rest = path.slice(at.length);
    const range = rest.length === 0 ? { start: 0, end: 0 } : keyRange(file, rest);
    if (range !== undefined) found.push({ file: file.path, range });
  }
  return found;
}

/** The key of a path below `input` in every sample that has it; `*` is any item of a list and any key. */
export function findInputKeys(project: Project, path: readonly string[]): readonly FoundKey[] {
  if (path.length === 0) return project.inputs.samples.map(({ file }) => ({ file: file.path, range: { start: 0, end: 0 } }));
  const found: FoundKey[] = [];
  for (const { file } of project.inputs.samples) {
    const range = keyRange(file, path);
    if (range !== undefined) found.push({ file: file.path, range });
  }
  return found;
}

function keyRange(file: SourceFile, path: readonly string[]): Range | undefined {
  switch (file.kind) {
    case "json":
      return jsonKeyRange(file.text, path);
    case "yaml":
      return yamlKeyRange(file.text, path);
    case "hocon":
      return hoconKeyRange(file, path);
    default:
      return undefined;
  }
}

const anyKey = "*";

const isAt = (key: string, wanted: string | undefined): boolean => key === wanted || wanted === anyKey;

/** The last key of a HOCON file that assigns a path, itself or through nested objects. */
function hoconKeyRange(file: SourceFile, path: readonly string[]): Range | undefined {
  const find = (object: ObjectNode, rest: readonly string[]): Range | undefined => {
    for (const member of [...object.members].reverse()) {
      if (member.kind !== "field") continue;
      const own = member.key.path;
      if (own.length > rest.length || own.some((part, at) => !isAt(part, rest[at]))) continue;
      if (own.length === rest.length) return { start: member.key.start, end: member.key.end };
      const found = inValue(member.value, rest.slice(own.length));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const inValue = (value: ValueNode | undefined, rest: readonly string[]): Range | undefined => {
    if (value?.kind === "object") return find(value, rest);
    const [pieces, below] =
      value?.kind === "concatenation"
        ? [value.pieces, rest]
        : value?.kind === "array" && rest[0] === anyKey
          ? [value.items, rest.slice(1)]
          : [[], rest];
    for (const piece of pieces) {
      const found = inValue(piece, below);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const { body } = parsedHocon(file).tree;
  return body.kind === "object" ? find(body, path) : undefined;
}

/** The text of a key in a JSON document, without its quotes; undefined when the path is not there. */
export function jsonKeyRange(text: string, path: readonly string[]): Range | undefined {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gu;
  const held: string[] = [];
  const isArray: boolean[] = [];
  let key: { name: string; range: Range } | undefined;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [word] = match;
    switch (word) {
      case "{":
      case "[":
        held.push(key?.name ?? (held.length === 0 ? "" : "[]"));
        isArray.push(word === "[");
        key = undefined;
        break;
      case "}":
      case "]":
        held.pop();
        isArray.pop();
        key = undefined;
        break;
      case ",":
        key = undefined;
        break;
      case ":":
        break;
      default: {
        if (key !== undefined || isArray.at(-1) === true || !word.startsWith('"')) break;
        const range = { start: match.index + 1, end: match.index + word.length - 1 };
        key = { name: text.slice(range.start, range.end), range };
        const here = [...held.slice(1), key.name];
        if (here.length === path.length && here.every((part, at) => isAt(part, path[at]))) return range;
      }
    }
  }
  return undefined;
}

const isItem = ({ indent, name }: { readonly indent: number; readonly name: string }, at: number): boolean =>
  indent === at && name === "[]";

/** The text of a key in a YAML document of block mappings. */
export function yamlKeyRange(text: string, path: readonly string[]): Range | undefined {
  const held: { indent: number; name: string }[] = [];
  let offset = 0;
  for (const line of text.split("\n")) {
    const [, before = "", dash = ""] = /^(\s*)(-\s+)?/u.exec(line)!;
    if (dash !== "") {
      // A list may stand as far left as its key.
      while (held.length > 0 && (held.at(-1)!.indent > before.length || isItem(held.at(-1)!, before.length))) held.pop();
      held.push({ indent: before.length, name: "[]" });
    }
    const match = /^(?:"([^"]+)"|'([^']+)'|([^\s#'":-][^:#]*?))\s*:(?:\s|$)/u.exec(line.slice(before.length + dash.length));
    if (match !== null) {
      const indent = before.length + dash.length;
      const name = match[1] ?? match[2] ?? match[3]!;
      while (held.length > 0 && held.at(-1)!.indent >= indent) held.pop();
      held.push({ indent, name });
      if (held.length === path.length && held.every((part, at) => isAt(part.name, path[at]))) {
        const start = offset + line.indexOf(name);
        return { start, end: start + name.length };
      }
    }
    offset += line.length + 1;
  }
  return undefined;
}

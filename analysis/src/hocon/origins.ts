// Provenance: where each value of a resolved document was written, which earlier assignments it overrode, and the substitutions it came through.
import type { FieldNode, IncludeNode, ObjectNode as ObjectTree, SubstitutionNode, ValueNode } from "#grammars/hocon/parse.ts";
import { renderElement } from "#grammars/hocon/path.ts";
import { referenceLine } from "./problems.ts";
import type { Resolved } from "./resolve.ts";
import type { ConfigValue, Place, Source } from "./value.ts";

/** A field of some file, with its path from the root of the whole document. */
export interface Assignment extends Place {
  readonly path: readonly string[];
  readonly field: FieldNode;
  /** How many elements of `path` lie outside the file. */
  readonly prefix: number;
}

export interface Origin {
  /** As the reference writes paths, with `[n]` for elements of arrays. */
  readonly path: string;
  readonly value: ConfigValue;
  /** The file and line of the text of the value; no line for the environment. */
  readonly file: string;
  readonly line: number | undefined;
  /** Earlier assignments of the same path, which it hides or merges over. */
  readonly overridden: readonly Assignment[];
  /** The substitutions between the field and the text of its value, outermost first. */
  readonly through: readonly Place[];
}

/** Every field of a document in the order in which they are merged; included files stand where their include does. */
export function assignmentsOf(resolved: Resolved): readonly Assignment[] {
  const out: Assignment[] = [];
  const open: Source[] = [];
  const visitFile = (source: Source, path: readonly string[]): void => {
    const body = source.parsed?.tree.body;
    if (body?.kind !== "object" || open.some(({ parsed }) => parsed === source.parsed)) return;
    open.push(source);
    visitObject(source, body, path, path.length);
    open.pop();
  };
  const visitObject = (source: Source, node: ObjectTree, path: readonly string[], prefix: number): void => {
    for (const member of node.members) {
      if (member.kind === "include") {
        for (const found of filesOf(resolved, source, member)) visitFile(found, path);
        continue;
      }
      const full = [...path, ...member.key.path];
      out.push({ path: full, field: member, prefix, source, start: member.key.start, end: member.key.end });
      for (const piece of piecesOf(member.value)) if (piece.kind === "object") visitObject(source, piece, full, prefix);
    }
  };
  for (const source of resolved.documents) visitFile(source, []);
  return out;
}

/** The lightest file first: later ones are merged over it. */
function filesOf({ includes }: Resolved, source: Source, node: IncludeNode): readonly Source[] {
  const record = includes.find((item) => item.node === node && item.source.parsed === source.parsed);
  return [...(record?.found ?? [])].reverse();
}

function piecesOf(value: ValueNode | undefined): readonly ValueNode[] {
  if (value === undefined) return [];
  return value.kind === "concatenation" ? value.pieces : [value];
}

/** The origins of all leaves: scalars, and arrays and objects without content. */
export function originsOf(resolved: Resolved): readonly Origin[] {
  const byPath = new Map<string, Assignment[]>();
  for (const assignment of assignmentsOf(resolved)) {
    const key = assignment.path.join("\u0000");
    const list = byPath.get(key);
    if (list === undefined) byPath.set(key, [assignment]);
    else list.push(assignment);
  }
  const out: Origin[] = [];
  const visit = (value: ConfigValue, path: readonly string[], shown: string): void => {
    if (value.kind === "object" && (value.fields.size > 0 || path.length === 0)) {
      for (const [key, field] of value.fields)
        visit(field, [...path, key], shown === "" ? renderElement(key) : `${shown}.${renderElement(key)}`);
      return;
    }
    if (value.kind === "array" && value.items.length > 0) {
      for (const [index, item] of value.items.entries()) visit(item, [...path, String(index)], `${shown}[${index}]`);
      return;
    }
    const own = byPath.get(path.join("\u0000")) ?? [];
    out.push({
      path: shown,
      value,
      file: value.source.file,
      line: referenceLine(value.source, value.start),
      overridden: own.slice(0, -1),
      through: substitutionsTo(byPath, path),
    });
  };
  visit(resolved.value, [], "");
  return out;
}

const MAX_LINKS = 20;

function substitutionsTo(byPath: ReadonlyMap<string, readonly Assignment[]>, path: readonly string[]): readonly Place[] {
  const out: Place[] = [];
  let current = path;
  while (out.length < MAX_LINKS) {
    const link = lastSubstitution(byPath, current);
    if (link === undefined) break;
    out.push({ source: link.assignment.source, start: link.node.start, end: link.node.end });
    const rest = current.slice(link.assignment.path.length);
    const below = [...link.assignment.path.slice(0, link.assignment.prefix), ...link.node.path, ...rest];
    current = byPath.has(below.slice(0, below.length - rest.length).join("\u0000")) ? below : [...link.node.path, ...rest];
    if (current.length === path.length && current.every((element, index) => element === path[index])) break;
  }
  return out;
}

interface Link {
  readonly assignment: Assignment;
  readonly node: SubstitutionNode;
}

/** The nearest field at or above a path whose value is given by a substitution. */
function lastSubstitution(byPath: ReadonlyMap<string, readonly Assignment[]>, path: readonly string[]): Link | undefined {
  for (let length = path.length; length > 0; length--) {
    const assignment = byPath.get(path.slice(0, length).join("\u0000"))?.at(-1);
    if (assignment === undefined) continue;
    const node = piecesOf(assignment.field.value).find((piece) => piece.kind === "substitution");
    if (node !== undefined) return { assignment, node };
    if (length === path.length) return undefined;
  }
  return undefined;
}

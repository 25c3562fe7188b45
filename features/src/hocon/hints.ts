// What is legal HOCON but rarely meant: fields without effect, doubled keys, dropped text, numbers and units that others read differently.
import { readDuration, readSize } from "#analysis/hocon/units.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { lineAt } from "#grammars/hocon/lines.ts";
import type { FieldNode, IncludeNode, Member, ObjectNode, ParsedHocon, PieceNode, ValueNode } from "#grammars/hocon/parse.ts";
import { renderPath } from "#grammars/hocon/path.ts";
import { originOf } from "#grammars/hocon/shift.ts";
import { oncePer } from "#grammars/once-per.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { pathKey } from "./document.ts";

/** The hints of one file, told from its text alone. Nothing for a text with errors. */
export const hoconHints = oncePer((file: SourceFile): readonly Diagnostic[] => {
  const parsed = parsedHocon(file);
  const { body } = parsed.tree;
  return !parsed.broken && body.kind === "object" ? told(parsed, new Hints(parsed.text).of(body)) : [];
});

/** A file with more values without effect is told about the first. */
const MOST = 200;

interface Hint {
  readonly code: string;
  readonly severity: Diagnostic["severity"];
  /** By the line of the other field, which moves with the text. */
  readonly message: string | ((line: number) => string);
  readonly start: number;
  readonly end: number;
  /** Where the other field of a pair stands: the one that hides this one, or that merges with it. */
  readonly other: number | undefined;
}

function told({ file, text }: ParsedHocon, hints: readonly Hint[]): readonly Diagnostic[] {
  let hidden = 0;
  return hints
    .filter(({ code }) => code !== "hocon_overridden" || hidden++ < MOST)
    .sort((a, b) => a.start - b.start)
    .map(({ code, severity, message, start, end, other }): Diagnostic => {
      const shared = { file, range: { start, end }, severity, code };
      const line = other === undefined ? 0 : lineAt(text, other);
      const told = typeof message === "string" ? message : message(line);
      if (other === undefined) return { ...shared, message: told };
      return {
        ...shared,
        message: told,
        related: [{ file, range: { start: other, end: other }, message: "here" }],
        ...(code === "hocon_overridden" && { tags: ["unnecessary"] }),
      };
    });
}

/** A value that needs no look at earlier ones and merges with none. */
function isKnown(value: ValueNode | undefined): boolean {
  if (value === undefined || value.kind === "object" || value.kind === "substitution") return false;
  if (value.kind === "array") return true;
  if (value.kind === "concatenation") return value.pieces.every((piece) => piece.kind !== "array" && isKnown(piece));
  return true;
}

type ValueType = "an object" | "a list" | "a string" | "a number" | "a boolean";

/** The type of a value as far as its own text tells; null is of any type. */
function typeOf(value: ValueNode | undefined): ValueType | undefined {
  switch (value?.kind) {
    case "object":
      return "an object";
    case "array":
      return "a list";
    case "string":
    case "unquoted":
      return "a string";
    case "number":
      return "a number";
    case "boolean":
      return "a boolean";
    case "concatenation":
      return value.pieces.every(({ kind }) => kind !== "object" && kind !== "array" && kind !== "substitution")
        ? "a string"
        : undefined;
    default:
      return undefined;
  }
}

/** The last characters of what `unit` looks for. */
const UNITS = new Set([..."KMGTPEdys"].map((char) => char.charCodeAt(0)));

interface Assignment {
  readonly path: string;
  readonly field: FieldNode;
}

/** The fields and those inside their objects, with paths, in document order. Nothing merges inside arrays. */
function assignmentsOf(fields: readonly FieldNode[]): Assignment[] {
  const out: Assignment[] = [];
  const visit = (field: FieldNode, above: string): void => {
    const path = pathKey([above, ...field.key.path]);
    out.push({ path, field });
    const pieces = field.value?.kind === "concatenation" ? field.value.pieces : [field.value];
    for (const piece of pieces) {
      if (piece?.kind !== "object") continue;
      for (const member of piece.members) if (member.kind === "field") visit(member, path);
    }
  };
  for (const field of fields) visit(field, "");
  return out;
}

function moved(hints: readonly Hint[], by: number): readonly Hint[] {
  if (by === 0 || hints.length === 0) return hints;
  return hints.map((hint) => ({
    ...hint,
    start: hint.start + by,
    end: hint.end + by,
    other: hint.other === undefined ? undefined : hint.other + by,
  }));
}

const FEW = 12;

/** Whether two members begin their paths alike. */
function headsRepeat(members: readonly Member[]): boolean {
  const headOf = (member: Member) => (member.kind === "field" ? member.key.path[0] : undefined);
  if (members.length > FEW) {
    const heads = members.map(headOf).filter((head) => head !== undefined);
    return new Set(heads).size < heads.length;
  }
  for (let index = 1; index < members.length; index++) {
    const head = headOf(members[index]!);
    for (let other = 0; other < index && head !== undefined; other++) if (headOf(members[other]!) === head) return true;
  }
  return false;
}

/** What was found in objects that were not compared with others, at the places where they were first read. */
const memory = new WeakMap<ObjectNode, readonly Hint[]>();

class Hints {
  private readonly text: string;
  private found: Hint[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** The hints of an object that merges with no other. An edit elsewhere moves what was found before. */
  of(object: ObjectNode): readonly Hint[] {
    const { node, by } = originOf(object);
    const before = memory.get(node);
    if (before !== undefined) return moved(before, by);
    const outer = this.found;
    this.found = [];
    this.object(object, false);
    const own = this.found;
    this.found = outer;
    memory.set(node, moved(own, -by));
    return own;
  }

  /** Assignments of one path whose values are of different types: nothing merges, and a policy sees another type than before. */
  private retyped(assignments: readonly Assignment[]): void {
    const before = new Map<string, { readonly type: ValueType; readonly field: FieldNode }>();
    for (const { path, field } of assignments) {
      const type = field.separator === "+=" ? undefined : typeOf(field.value);
      const earlier = before.get(path);
      if (type === undefined) before.delete(path);
      else before.set(path, { type, field });
      if (type === undefined || earlier === undefined || earlier.type === type) continue;
      const name = renderPath(field.key.path);
      const bracket = [type, earlier.type].some((one) => one === "an object" || one === "a list");
      const what = bracket ? "it replaces that value, nothing merges" : "policies that compare it see another type";
      const message = (line: number) => `\`${name}\` is ${type} here and ${earlier.type} on line ${line}: ${what}`;
      const { start, end } = field.key;
      this.add(bracket ? "warning" : "hint", "hocon_type_change", message, start, end, earlier.field.start);
    }
  }

  /** Assignments that a later value of the same path hides completely. */
  private overridden(assignments: readonly Assignment[]): void {
    const last = new Map<string, FieldNode>();
    for (const { path, field } of assignments.toReversed()) {
      const later = last.get(path);
      if (later === undefined) {
        if (field.separator !== "+=" && isKnown(field.value)) last.set(path, field);
      } else {
        const name = renderPath(field.key.path);
        const message = (line: number) => `\`${name}\` has no effect: line ${line} sets it again`;
        this.add("hint", "hocon_overridden", message, field.start, field.end, later.start);
      }
    }
  }

  private add(
    severity: Diagnostic["severity"],
    code: string,
    message: Hint["message"],
    start: number,
    end: number,
    other?: number,
  ): void {
    this.found.push({ code, severity, message, start, end, other });
  }

  /** `compared`: its fields are already compared with those of the objects that merge with it. */
  private object(node: ObjectNode, compared: boolean): void {
    const repeated = headsRepeat(node.members) ? this.repeated(node.members, compared) : undefined;
    for (const member of node.members) {
      if (member.kind === "include") this.include(member);
      else if (member.value !== undefined)
        this.value(member.value, compared || (repeated?.has(member.key.path[0] ?? "") ?? false));
    }
  }

  /** Compares the members whose paths begin alike; gives the first elements that several have. */
  private repeated(members: readonly Member[], compared: boolean): ReadonlySet<string> {
    const heads = new Map<string, FieldNode[]>();
    const objects = new Map<string, FieldNode>();
    const repeated = new Set<string>();
    for (const member of members) {
      if (member.kind === "include") continue;
      const head = member.key.path[0] ?? "";
      const others = heads.get(head);
      if (others === undefined) heads.set(head, [member]);
      else {
        repeated.add(head);
        others.push(member);
      }
      if (member.value?.kind === "object") this.doubled(member, objects);
    }
    if (!compared) {
      for (const head of repeated) {
        const assignments = assignmentsOf(heads.get(head) ?? []);
        this.overridden(assignments);
        this.retyped(assignments);
      }
    }
    return repeated;
  }

  /** `objects`: the objects so far, by path. */
  private doubled(field: FieldNode, objects: Map<string, FieldNode>): void {
    const { key } = field;
    const path = pathKey(key.path);
    const earlier = objects.get(path);
    if (earlier === undefined) {
      objects.set(path, field);
      return;
    }
    const message = `\`${renderPath(key.path)}\` stands twice in this object: the two objects merge`;
    this.add("hint", "hocon_duplicate_key", message, key.start, key.end, earlier.key.start);
  }

  private value(node: ValueNode, compared: boolean): void {
    switch (node.kind) {
      case "object":
        if (compared) return this.object(node, true);
        for (const hint of this.of(node)) this.found.push(hint);
        return;
      case "array":
        for (const item of node.items) this.value(item, false);
        return;
      case "concatenation":
        this.dropped(node.pieces);
        for (const piece of node.pieces) if (piece.kind === "object" || piece.kind === "array") this.value(piece, compared);
        return this.unit(node);
      case "unquoted":
        if (/^-?[0-9]{19,}$/.test(node.text)) {
          const message = `${node.text} does not fit 64 bits: it stays a string`;
          this.add("warning", "hocon_large_integer", message, node.start, node.end);
        }
        return this.unit(node);
      case "string":
        return this.unit(node);
      default:
        return;
    }
  }

  private dropped(pieces: readonly PieceNode[]): void {
    for (const [index, piece] of pieces.entries()) {
      const before = pieces[index - 1];
      if (piece.kind !== "unquoted" || (before?.kind !== "array" && before?.kind !== "object")) continue;
      const what = before.kind === "array" ? "array" : "object";
      this.add(
        "warning",
        "hocon_dropped_text",
        `text behind an ${what} is dropped: put it in quotes or on a line of its own`,
        piece.start,
        piece.end,
      );
    }
  }

  /** Sizes and durations that policies would read with OPA's own functions. */
  private unit({ start, end, kind }: ValueNode): void {
    if (!UNITS.has(this.text.charCodeAt(kind === "string" ? end - 2 : end - 1))) return;
    const text = kind === "string" ? this.text.slice(start + 1, end - 1) : this.text.slice(start, end);
    const size = /^\d+(?:\.\d+)?\s*[KMGTPE]$/.test(text) ? readSize(text).value : undefined;
    if (size !== undefined) {
      const message = `HOCON reads ${text} as ${size} bytes (powers of 1024), OPA's units.parse_bytes in powers of 1000: write ${text}i for both`;
      this.add("information", "hocon_unit", message, start, end);
    }
    if (/^\d+(?:\.\d+)?\s*(?:d|days?)$/.test(text) && readDuration(text).value !== undefined) {
      this.add(
        "information",
        "hocon_unit",
        "OPA's time.parse_duration_ns knows no days: write hours, or convert the input",
        start,
        end,
      );
    }
  }

  private include({ form, name, target }: IncludeNode): void {
    if (name === undefined || target === undefined || form === "url" || !name.endsWith(".hocon")) return;
    const message = `this finds only ${name}.conf, ${name}.json or ${name}.properties: an include knows no other extensions`;
    this.add("warning", "hocon_include_extension", message, target.start, target.end);
  }
}

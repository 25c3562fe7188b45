// What is legal HOCON but rarely meant: fields without effect, doubled keys, dropped text, numbers and units that others read differently.
import { readDuration, readSize } from "#analysis/hocon/units.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { lineAt } from "#grammars/hocon/lines.ts";
import type { FieldNode, IncludeNode, ObjectNode, ParsedHocon, PieceNode, ValueNode } from "#grammars/hocon/parse.ts";
import { renderPath } from "#grammars/hocon/path.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import type { SourceFile } from "#workspace/source-file.ts";

const known = new WeakMap<SourceFile, readonly Diagnostic[]>();

/** The hints of one file, told from its text alone. Nothing for a text with errors. */
export function hoconHints(file: SourceFile): readonly Diagnostic[] {
  let found = known.get(file);
  if (found === undefined) {
    const parsed = parsedHocon(file);
    found = parsed.firstError === undefined ? new Hints(parsed).run() : [];
    known.set(file, found);
  }
  return found;
}

/** A file with more of them is told about the first. */
const MOST = 200;

/** A value that needs no look at earlier ones and merges with none. */
function isKnown(value: ValueNode | undefined): boolean {
  if (value === undefined || value.kind === "object" || value.kind === "substitution") return false;
  if (value.kind === "array") return true;
  if (value.kind === "concatenation") return value.pieces.every((piece) => piece.kind !== "array" && isKnown(piece));
  return true;
}

class Hints {
  private readonly found: Diagnostic[] = [];
  private readonly parsed: ParsedHocon;
  /** Fields by path, in document order. */
  private readonly fields: { readonly path: string; readonly field: FieldNode }[] = [];

  constructor(parsed: ParsedHocon) {
    this.parsed = parsed;
  }

  run(): readonly Diagnostic[] {
    const { body } = this.parsed.tree;
    if (body.kind === "object") this.object(body, "");
    this.overridden();
    return this.found;
  }

  /** Assignments that a later value of the same path hides completely. */
  private overridden(): void {
    const last = new Map<string, FieldNode>();
    for (const { path, field } of this.fields.reverse()) {
      const later = last.get(path);
      if (later === undefined) {
        if (field.separator !== "+=" && isKnown(field.value)) last.set(path, field);
      } else if (this.found.length < MOST) {
        const line = lineAt(this.parsed.text, later.start);
        const message = `\`${renderPath(field.key.path)}\` has no effect: line ${line} sets it again`;
        this.add("hint", "hocon_overridden", message, field.start, field.end, later.start);
      }
    }
  }

  private add(severity: Diagnostic["severity"], code: string, message: string, start: number, end: number, other?: number): void {
    const related = other !== undefined && [{ file: this.parsed.file, range: { start: other, end: other }, message: "here" }];
    const tags = code === "hocon_overridden" ? (["unnecessary"] as const) : undefined;
    this.found.push({
      file: this.parsed.file,
      range: { start, end },
      severity,
      code,
      message,
      ...(related && { related }),
      ...(tags && { tags }),
    });
  }

  /** `path` is undefined inside arrays, where nothing merges over files or lines. */
  private object(node: ObjectNode, path: string | undefined): void {
    const first = new Map<string, FieldNode>();
    for (const member of node.members) {
      if (member.kind === "include") this.include(member);
      else this.field(member, first, path);
    }
  }

  private field(field: FieldNode, first: Map<string, FieldNode>, path: string | undefined): void {
    const key = field.key.path.join("\u0000");
    const full = path === undefined ? undefined : `${path}\u0000${key}`;
    if (full !== undefined) this.fields.push({ path: full, field });
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, field);
    else if (field.value?.kind === "object" && earlier.value?.kind === "object") {
      const message = `\`${renderPath(field.key.path)}\` stands twice in this object: the two objects merge`;
      this.add("hint", "hocon_duplicate_key", message, field.key.start, field.key.end, earlier.start);
    }
    if (field.value !== undefined) this.value(field.value, full);
  }

  private value(node: ValueNode, path: string | undefined): void {
    switch (node.kind) {
      case "object":
        return this.object(node, path);
      case "array":
        for (const item of node.items) this.value(item, undefined);
        return;
      case "concatenation":
        this.dropped(node.pieces);
        for (const piece of node.pieces) if (piece.kind === "object" || piece.kind === "array") this.value(piece, path);
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
    const text = kind === "string" ? this.parsed.text.slice(start + 1, end - 1) : this.parsed.text.slice(start, end);
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

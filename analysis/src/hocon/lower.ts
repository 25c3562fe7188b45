// From trees to values: one pass over the main file and, in their places, the files it includes. The order of the problems it meets is the
// reference's.
import type * as tree from "#grammars/hocon/parse.ts";
import { parseHocon } from "#grammars/hocon/parse.ts";
import { joinPieces } from "./concatenate.ts";
import {
  type Candidate,
  type IncludeForm,
  type IncludePort,
  includeCandidates,
  isUrl,
  type Location,
  locationName,
  outsideFolders,
  type ReadResult,
} from "./include.ts";
import { mergeInto, putField } from "./merge.ts";
import { PlainObject, plainHeight } from "./plain.ts";
import { deepNesting, type FirstFailure, Problems } from "./problems.ts";
import { emptyObject, makeArray, type ObjectNode, type Place, type Source, setField, type Value } from "./value.ts";

type Outside = Extract<ReadResult, { readonly kind: "outside" }>;

const MAX_INCLUDE_DEPTH = 50;
const MAX_INCLUDED_FILES = 20_000;

/** What an include statement came to, for editors. */
export interface IncludeRecord {
  readonly source: Source;
  readonly node: tree.IncludeNode;
  readonly found: readonly Source[];
  /** Every name that was tried. */
  readonly tried: readonly string[];
}

export class Lowering {
  readonly problems: Problems;
  readonly read: IncludePort;
  readonly includes: IncludeRecord[] = [];
  /** Some include is not loaded yet, so the value is not final. */
  pending = false;
  private files = 0;
  private source!: Source;
  private location!: Location;
  private parsed!: tree.ParsedHocon;
  private late: ReadonlyMap<number, tree.LateProblem> = NO_LATE;
  /** Path from the root of the whole document to the object being read. */
  private readonly path: string[] = [];
  /** How much of `path` lies outside the current file. */
  private prefix = 0;
  private arrays = 0;
  /** Arrays around the current value, over all files. */
  private nesting = 0;
  private readonly open: Location[] = [];
  /** A required file is missing: the reference gives up reading here. */
  private aborted = false;

  constructor(problems: Problems, read: IncludePort) {
    this.problems = problems;
    this.read = read;
  }

  /** The value of a document that the caller named. */
  document(parsed: tree.ParsedHocon, location: Location): ObjectNode {
    return this.file({ file: parsed.file, parsed, includedBy: undefined }, parsed, location);
  }

  private file(source: Source, parsed: tree.ParsedHocon, location: Location): ObjectNode {
    const saved = [this.source, this.parsed, this.location, this.prefix, this.late, this.arrays] as const;
    this.source = source;
    this.parsed = parsed;
    this.location = location;
    this.prefix = this.path.length;
    this.late = parsed.late.length === 0 ? NO_LATE : new Map(parsed.late.map((problem) => [problem.start, problem]));
    this.arrays = 0;
    this.open.push(location);
    const around = [...this.open];
    this.problems.parse(source, parsed, () => this.exactFailure(parsed, around));
    const { body } = parsed.tree;
    const root = body.kind === "object" ? this.object(body) : emptyObject(this.place(body));
    this.open.pop();
    [this.source, this.parsed, this.location, this.prefix, this.late, this.arrays] = saved;
    return root;
  }

  /** What the reference stops at in a text that it reads in its own way. */
  private exactFailure(parsed: tree.ParsedHocon, around: readonly Location[]): FirstFailure | undefined {
    const exact = parsed.exact?.();
    if (exact === undefined || exact.broken) return undefined;
    const problems = new Problems();
    const lowering = new Lowering(problems, this.read);
    lowering.open.push(...around.slice(0, -1));
    lowering.document(exact, around.at(-1)!);
    return problems.first;
  }

  private place({ start, end }: { readonly start: number; readonly end: number }): Place {
    return { source: this.source, start, end };
  }

  private object(node: tree.ObjectNode): ObjectNode {
    const { source, parsed } = this;
    if (parsed.syntax === "properties" || this.path.length + this.nesting + plainHeight(node) > deepNesting.most)
      return this.fieldsOf(node);
    return new PlainObject(source, node, () => {
      const later = new Lowering(this.problems, this.read);
      later.source = source;
      later.parsed = parsed;
      return later.fieldsOf(node).fields;
    });
  }

  private fieldsOf(node: tree.ObjectNode): ObjectNode {
    const out = emptyObject(this.place(node));
    const properties = this.parsed.syntax === "properties";
    for (const member of node.members) {
      if (this.aborted) break;
      if (member.kind === "include") this.include(out, member);
      else if (properties) putProperty(out, member.key.path, this.value(member.value!));
      else if (member.value !== undefined) this.field(out, member, member.value);
    }
    return out;
  }

  private field(out: ObjectNode, field: tree.FieldNode, node: tree.ValueNode): void {
    const { path } = field.key;
    if (path.length === 0) return;
    const depth = this.path.length;
    if (depth + path.length + this.nesting > deepNesting.most) {
      this.problems.tooDeep(this.place(field.key));
      return;
    }
    for (const element of path) this.path.push(element);
    let value: Value;
    if (field.separator === "+=") {
      if (this.arrays > 0) this.problems.limitation(this.place(field.key), "`+=` does not work inside an array");
      this.arrays++;
      const item = this.value(node);
      this.arrays--;
      const place = this.place(node);
      const { source, start, end } = place;
      const self: Value = {
        kind: "reference",
        source,
        start,
        end,
        path: [...this.path],
        prefix: this.prefix,
        optional: true,
        list: false,
      };
      value = { kind: "concatenation", source, start, end, pieces: [self, makeArray(place, [item])] };
    } else {
      value = this.value(node);
    }
    this.path.length = depth;
    for (let index = path.length - 1; index > 0; index--) {
      const holder = emptyObject(this.place(field));
      setField(holder, path[index]!, value);
      value = holder;
    }
    putField(out, path[0]!, value);
  }

  private value(node: tree.ValueNode): Value {
    const { source } = this;
    const { start, end } = node;
    switch (node.kind) {
      case "string":
        return { kind: "string", source, start, end, text: node.text, quoted: true };
      case "unquoted":
        return { kind: "string", source, start, end, text: node.text, quoted: false };
      case "number":
        return { kind: "number", source, start, end, text: node.text };
      case "boolean":
        return { kind: "boolean", source, start, end, value: node.text === "true" };
      case "null":
        return { kind: "null", source, start, end };
      case "object":
        return this.object(node);
      case "array": {
        const items: Value[] = [];
        if (this.path.length + this.nesting >= deepNesting.most) {
          this.problems.tooDeep(this.place(node));
          return { kind: "failed", source, start, end };
        }
        this.arrays++;
        this.nesting++;
        for (const item of node.items) items.push(this.value(item));
        this.nesting--;
        this.arrays--;
        return makeArray(this.place(node), items);
      }
      case "substitution":
        return this.substitution(node);
      case "concatenation":
        return this.concatenation(node);
    }
  }

  private substitution(node: tree.SubstitutionNode): Value {
    const { source } = this;
    const { start, end, optional, list } = node;
    const late = this.late.get(start);
    if (late !== undefined) {
      this.problems.late(source, late);
      return { kind: "failed", source, start, end };
    }
    // An open substitution is an error of the text already.
    if (this.parsed.text.charCodeAt(end - 1) !== CLOSING_BRACE) return { kind: "failed", source, start, end };
    const path = this.prefix === 0 ? node.path : [...this.path.slice(0, this.prefix), ...node.path];
    return { kind: "reference", source, start, end, path, prefix: this.prefix, optional, list };
  }

  /** Whitespace between two simple pieces is a piece of its own. */
  private concatenation(node: tree.ConcatenationNode): Value {
    const place = this.place(node);
    const pieces: Value[] = [];
    let previous: tree.PieceNode | undefined;
    for (const piece of node.pieces) {
      if (previous !== undefined && previous.end < piece.start && isSimple(previous) && isSimple(piece)) {
        const text = this.parsed.text.slice(previous.end, piece.start);
        pieces.push({ kind: "string", source: this.source, start: previous.end, end: piece.start, text, quoted: false });
      }
      pieces.push(this.value(piece));
      previous = piece;
    }
    const { pieces: joined, mixed } = joinPieces(pieces, place);
    if (mixed !== undefined) {
      this.problems.mixed(place, mixed, "parse");
      return { kind: "failed", ...place };
    }
    return joined.length === 1 ? joined[0]! : { kind: "concatenation", ...place, pieces: joined };
  }

  private include(out: ObjectNode, node: tree.IncludeNode): void {
    if (node.name === undefined) return;
    const place = this.place(node);
    if (node.form === "url" && !isUrl(node.name)) {
      this.problems.badUrl(place, node.name);
      return;
    }
    if (this.open.length > MAX_INCLUDE_DEPTH) {
      this.problems.depth(place, this.open.map(locationName));
      return;
    }
    const found = this.loadAll(node, place);
    if (found === undefined) return;
    let loaded: ObjectNode | undefined;
    for (const root of found.reverse()) loaded = loaded === undefined ? root : (mergeInto(loaded, root) as ObjectNode);
    if (loaded === undefined) return;
    if (this.arrays > 0 && loaded.pending > 0) {
      this.problems.limitation(place, "a file with substitutions cannot be included inside an array");
      return;
    }
    for (const [key, value] of loaded.fields) putField(out, key, value);
  }

  /** The documents of an include statement, heaviest first; undefined when one is required and missing. */
  private loadAll(node: tree.IncludeNode, place: Place): ObjectNode[] | undefined {
    const roots: ObjectNode[] = [];
    const found: Source[] = [];
    const tried: string[] = [];
    let refused = false;
    let outside: { readonly name: string; readonly advice: string } | undefined;
    const candidates = includeCandidates(node.form, node.name!, this.location);
    for (const alternatives of candidates) {
      for (const candidate of alternatives) {
        tried.push(locationName(candidate.location));
        const mark = this.problems.mark();
        const result = this.load(candidate, node.form, place);
        if (this.aborted) {
          if (candidates.length === 1) return undefined;
          this.aborted = false;
          this.problems.swallow(mark);
          break;
        }
        if (result === "missing") continue;
        if (result === "refused") refused = true;
        else if (result.kind === "outside") {
          outside ??= { name: locationName(candidate.location), advice: result.advice };
          continue;
        } else {
          roots.push(result);
          found.push(result.source);
        }
        break;
      }
    }
    this.includes.push({ source: this.source, node, found, tried });
    if (roots.length > 0 || refused || this.pending) return roots;
    if (outside !== undefined) {
      this.problems.refused(place, outside.name, `${outsideFolders}: ${outside.advice}`);
      return roots;
    }
    if (node.required) {
      this.problems.missingInclude(place, node.name!, tried, true);
      this.aborted = true;
      return undefined;
    }
    this.problems.missingInclude(place, node.name!, tried, false);
    return roots;
  }

  private load(
    { location, syntax }: Candidate,
    form: IncludeForm,
    includedBy: Place,
  ): ObjectNode | "missing" | "refused" | Outside {
    const name = locationName(location);
    const result = this.read(location, { syntax, name, form, depth: this.open.length });
    switch (result.kind) {
      case "missing":
        return "missing";
      case "outside":
        return result;
      case "pending":
        this.pending = true;
        return "missing";
      case "refused":
        this.problems.refused(includedBy, name, result.reason);
        return "refused";
      case "text":
      case "parsed": {
        if (this.files++ > MAX_INCLUDED_FILES || this.open.some((other) => locationName(other) === name)) {
          this.problems.depth(includedBy, [...this.open.map(locationName), name]);
          return "refused";
        }
        const parsed = result.kind === "parsed" ? result.parsed : parseHocon(result.text, { file: name, syntax });
        return this.file({ file: parsed.file, parsed, includedBy }, parsed, location);
      }
    }
  }
}

const CLOSING_BRACE = 125;
const NO_LATE: ReadonlyMap<number, tree.LateProblem> = new Map();

function isSimple(piece: tree.PieceNode): boolean {
  return piece.kind !== "object" && piece.kind !== "array";
}

/** In properties files objects win over strings, whatever the order, and the last of two equal keys counts. */
function putProperty(out: ObjectNode, path: readonly string[], value: Value): void {
  let object = out;
  for (const element of path.slice(0, -1)) {
    const next = object.fields.get(element);
    if (next?.kind === "object") object = next;
    else {
      const made = emptyObject(value);
      object.fields.set(element, made);
      object = made;
    }
  }
  const last = path.at(-1)!;
  if (object.fields.get(last)?.kind !== "object") object.fields.set(last, value);
}

// The base document, built from files: objects are merged, anything else must not meet; each fault names both files.
import { writeJsonText } from "#evaluation/json-text.ts";
import { writeJson } from "#evaluation/rego-text.ts";
import { RegoObject, type Value } from "#evaluation/value.ts";
import { isPlainName } from "#grammars/rego/print-terms.ts";
import { mergeObjects, placedAt } from "#workspace/merge-objects.ts";
import { occupied } from "#workspace/policy-folder.ts";
import { JsonOutline } from "./json-outline.ts";
import { jsonValue } from "./load-parts.ts";
import { sortedJson } from "./sorted-json.ts";

interface Part {
  readonly at: readonly string[];
  readonly value: Value;
  readonly source: string;
}

export class BaseDocument {
  private whole: RegoObject = RegoObject.of([]);
  /** What was taken away as a whole. */
  private before: RegoObject | undefined;
  private readonly parts: Part[] = [];
  /** The text of the only document, where that is all. */
  private text: string | undefined;
  /** The only document while nobody asks for its values: of a large one they would take far more room than the text. */
  private outline: { readonly of: JsonOutline; readonly source: string } | undefined;

  /** Puts JSON text, broken bytes visible, at a path. The fault is OPA's sentence. */
  addJson(at: readonly string[], text: string, source: string): string | undefined {
    const outline = at.length === 0 && this.isEmpty ? JsonOutline.of(text.toWellFormed()) : undefined;
    if (outline !== undefined) return this.addDocument(outline, source);
    const read = jsonValue(text);
    return "fault" in read ? `${source}: ${read.fault}` : this.add(at, read.value, source, read.text);
  }

  /** Puts the document of a bundle into the whole. The fault is OPA's sentence. */
  addDocument(document: RegoObject | JsonOutline, source: string): string | undefined {
    if (document instanceof RegoObject) return this.add([], document, source);
    if (!this.isEmpty) return this.addJson([], document.text, source);
    this.outline = { of: document, source };
    return undefined;
  }

  /** True when nothing was put there, not even an empty document. */
  get isEmpty(): boolean {
    return this.parts.length === 0 && this.outline === undefined;
  }

  /** Makes the values of a document that was put there as text. */
  private fill(): void {
    if (this.outline === undefined) return;
    const { of, source } = this.outline;
    const { text } = of;
    this.outline = undefined;
    const read = jsonValue(text);
    if (!("fault" in read)) this.add([], read.value, source, text);
  }

  /** Puts a document at a path. The fault is OPA's sentence. */
  add(at: readonly string[], value: Value, source: string, text?: string): string | undefined {
    this.fill();
    const wrapped = placedAt(at, value);
    if (!(wrapped instanceof RegoObject)) return `${source}: document must be of type object`;
    const merged = mergeObjects(this.whole, wrapped);
    if (!(merged instanceof RegoObject)) {
      const clash = merged.clash.map(String);
      const other = this.parts.find((part) => reaches(part, clash));
      const also = other === undefined ? "" : `, also defined in ${other.source}`;
      return `${source}: merge error: conflicting values at ${printDataRef(clash)}${also}`;
    }
    this.text = this.parts.length === 0 && at.length === 0 ? text : undefined;
    this.whole = merged;
    this.parts.push({ at, value, source });
    return undefined;
  }

  /** Takes what is at the path away, as the activation of a bundle does with its roots. */
  erase(path: readonly string[]): void {
    this.fill();
    this.text = undefined;
    if (path.length === 0) this.before = this.whole;
    this.whole = without(this.whole, path);
  }

  /** True where no rule may stand. What a bundle takes the place of as a whole counts too: OPA looks at the rules before it is gone. */
  forbids(path: readonly string[]): boolean {
    return this.occupied(path) || (this.before !== undefined && occupied(this.before, path));
  }

  /** As a bundle has it: compact, keys sorted. */
  get sorted(): string {
    return this.outline === undefined ? writeJsonText(this.whole) : sortedJson(this.outline.of.text);
  }

  get json(): string {
    return this.outline?.of.text ?? this.text ?? writeJson(this.whole);
  }

  /** True where the document has a value, or one above the path that is no object: a rule may not stand there. */
  occupied(path: readonly string[]): boolean {
    return this.outline?.of.occupied(path) ?? occupied(this.whole, path);
  }
}

function without(from: RegoObject, [key, ...rest]: readonly string[]): RegoObject {
  if (key === undefined) return RegoObject.of([]);
  const inner = from.get(key);
  if (inner === undefined) return from;
  const others = from.entries.filter(([name]) => name !== key);
  return RegoObject.of(
    rest.length > 0 && inner instanceof RegoObject ? [...others, [key, without(inner, rest)] as const] : others,
  );
}

/** `data.a["b-c"]` */
function printDataRef(path: readonly string[]): string {
  return path.reduce((ref, key) => (isPlainName(key) ? `${ref}.${key}` : `${ref}[${JSON.stringify(key)}]`), "data");
}

function reaches({ at, value }: Part, path: readonly string[]): boolean {
  let here: Value | undefined = placedAt(at, value);
  for (const key of path) {
    if (!(here instanceof RegoObject)) return true;
    here = here.get(key);
    if (here === undefined) return false;
  }
  return true;
}

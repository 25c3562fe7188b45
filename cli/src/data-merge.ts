// The base document, built from files: objects are merged, anything else must not meet; each fault names both files.

import { writeJson } from "#evaluation/rego-text.ts";
import { RegoObject, type Value } from "#evaluation/value.ts";
import { isPlainName } from "#grammars/rego/print-terms.ts";
import { mergeObjects, placedAt } from "#workspace/merge-objects.ts";
import { occupied } from "#workspace/policy-folder.ts";
import { JsonOutline } from "./json-outline.ts";
import { jsonValue } from "./load-parts.ts";

interface Part {
  readonly at: readonly string[];
  readonly value: Value;
  readonly source: string;
}

export class BaseDocument {
  private whole: RegoObject = RegoObject.of([]);
  private readonly parts: Part[] = [];
  /** The text of the only document, where that is all. */
  private text: string | undefined;
  /** The only document while nobody asks for its values: of a large one they would take far more room than the text. */
  private outline: { readonly of: JsonOutline; readonly text: string; readonly source: string } | undefined;

  /** Puts JSON text at a path. The fault is OPA's sentence. */
  addJson(at: readonly string[], text: string, source: string): string | undefined {
    const outline = at.length === 0 && this.parts.length === 0 && this.outline === undefined ? JsonOutline.of(text) : undefined;
    if (outline !== undefined) {
      this.outline = { of: outline, text, source };
      return undefined;
    }
    const read = jsonValue(text);
    return "fault" in read ? `${source}: ${read.fault}` : this.add(at, read.value, source, text);
  }

  /** Makes the values of a document that was put there as text. */
  private fill(): void {
    if (this.outline === undefined) return;
    const { text, source } = this.outline;
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
    this.whole = without(this.whole, path);
  }

  get value(): RegoObject {
    this.fill();
    return this.whole;
  }

  get json(): string {
    return this.outline?.text ?? this.text ?? writeJson(this.whole);
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

// Rows of a source → subjects, by its mapping. A row that cannot be taken fails the whole read.
import { breath } from "../store/breath.ts";
import type { GroupField, Mapping, SourcedSubject, SubjectStatus } from "../store/sources.ts";
import { SourceFault } from "./fault.ts";
import { atPointer } from "./json-pointer.ts";
import type { Rows } from "./rows.ts";

/** Characters of a value as JSON. */
const maxValue = 4096;
const maxGroups = 5000;
/** Different texts that are looked for again. */
const maxKept = 20_000;
/** Rows between two breaths. */
const stretch = 2000;

/** Subjects by their ids. Several rows of one subject must agree in all but its groups, which they have together. */
export async function subjectsOf(rows: Rows, map: Mapping): Promise<ReadonlyMap<string, SourcedSubject>> {
  const missing = fieldsOf(map).find((field) => rows.fields !== undefined && !rows.fields.includes(field));
  if (missing !== undefined)
    throw new SourceFault(`there is no column ${JSON.stringify(missing)}; there are ${rows.fields?.join(", ")}`);
  const found = new Map<string, SourcedSubject>();
  const kept = new Kept();
  for (let row = 0; row < rows.count; row++) {
    if (row % stretch === 0) await breath();
    const [subject, said] = subjectOf(rows, row, map, kept);
    const before = found.get(subject);
    found.set(subject, before === undefined ? said : together(before, said, subject));
  }
  return found;
}

function fieldsOf({ subject, status, manager, attributes = {}, groups }: Mapping): readonly string[] {
  return [subject, status?.from, manager, groups?.from, ...Object.values(attributes)].filter((field) => field !== undefined);
}

function subjectOf(rows: Rows, row: number, map: Mapping, kept: Kept): readonly [string, SourcedSubject] {
  const at = (field: string): unknown => rows.value(row, field);
  const fail = (why: string): never => {
    throw new SourceFault(`row ${row + 1} ${why}`);
  };
  const id = (field: string): string | undefined => {
    const value = textOf(at(field));
    if (value === undefined) return undefined;
    const folded = (map.lowercase === true ? value.toLowerCase() : value).normalize("NFC");
    if (!folded.isWellFormed() || Buffer.byteLength(folded) > 256) fail(`has an id at ${field} of more than 256 bytes`);
    return folded;
  };
  const subject = id(map.subject) ?? fail(`has no subject at ${map.subject}`);
  const manager = map.manager === undefined ? undefined : id(map.manager);
  const attributes: [string, unknown][] = [];
  for (const [name, field] of Object.entries(map.attributes ?? {})) {
    const value = plainOf(at(field));
    if (value === undefined) continue;
    if (JSON.stringify(value).length > maxValue) fail(`has more than ${maxValue} characters at ${field}`);
    if (hasLostDigits(value)) fail(`has a number at ${field} with more digits than can be kept: a text keeps them`);
    attributes.push([name, typeof value === "string" ? kept.once(value) : value]);
  }
  const groups = map.groups === undefined ? [] : groupsOf(at(map.groups.from), map.groups).map((name) => kept.once(name));
  if (groups.length > maxGroups) fail(`is in more than ${maxGroups} groups`);
  return [
    subject,
    {
      status: statusOf(map.status === undefined ? undefined : textOf(at(map.status.from)), map.status),
      ...(manager === undefined ? {} : { manager }),
      attributes: Object.fromEntries(attributes.sort(([a], [b]) => (a < b ? -1 : 1))),
      groups,
    },
  ];
}

/** Texts that many rows have are kept once: names of groups and departments. */
class Kept {
  private readonly texts = new Map<string, string>();

  once(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    if (this.texts.size < maxKept) this.texts.set(text, text);
    return text;
  }
}

function statusOf(value: string | undefined, status: Mapping["status"]): SubjectStatus {
  if (status === undefined || (value !== undefined && status.active.includes(value))) return "active";
  return value !== undefined && status.suspended?.includes(value) === true ? "suspended" : "left";
}

/** A text, also of a number or a truth; of a list of one its only item. Undefined for nothing. */
function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length === 1 ? textOf(value[0]) : undefined;
  if (typeof value === "string") return value === "" ? undefined : value;
  return (typeof value === "number" && !hasLostDigits(value)) || typeof value === "boolean" ? String(value) : undefined;
}

const plainOf = (value: unknown): unknown => (value === null || value === "" ? undefined : value);

/** JSON has more digits than a number of this language. */
function hasLostDigits(value: unknown): boolean {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  return typeof value === "object" && value !== null && Object.values(value).some(hasLostDigits);
}

function groupsOf(value: unknown, { split, name }: GroupField): readonly string[] {
  const items = Array.isArray(value) ? value : [value];
  const names = items
    .map((item) => textOf(name === undefined ? item : atPointer(item, name)))
    .flatMap((text) => (text === undefined ? [] : split === undefined ? [text] : text.split(split)))
    .map((text) => text.trim())
    .filter((text) => text !== "");
  return [...new Set(names)].sort();
}

function together(before: SourcedSubject, said: SourcedSubject, subject: string): SourcedSubject {
  const { groups: first, ...rest } = before;
  const { groups: second, ...other } = said;
  if (JSON.stringify(rest) !== JSON.stringify(other))
    throw new SourceFault(`two rows of ${JSON.stringify(subject)} differ in more than groups`);
  return { ...before, groups: [...new Set([...first, ...second])].sort() };
}

// What would make a rule true: the search over the changes of an input, as whoever evaluates drives it.
import type { Checked } from "#analysis/rego/checked.ts";
import { asRecord } from "#workspace/json-record.ts";
import type { Project } from "#workspace/project.ts";
import { Candidates } from "./candidates.ts";
import { valueAt } from "./change.ts";
import { schemaAt } from "./schema-values.ts";
import { Search } from "./search.ts";

/** `input` is JSON text; undefined for what cannot be changed: no input, and none that is an object. */
export function searchFor(project: Project, checked: Checked, path: string, input: string | undefined): Search | undefined {
  const value: unknown = input === undefined ? undefined : JSON.parse(input);
  if (asRecord(value) === undefined) return undefined;
  const data: unknown = JSON.parse(project.data.json);
  const samples = project.inputs.samples.flatMap((sample): readonly unknown[] => {
    const json = project.inputs.json(sample);
    return json === undefined ? [] : [JSON.parse(json)];
  });
  const known = (at: readonly string[]): readonly unknown[] => {
    const seen = [...schemaAt(project, at), ...samples.map((one) => valueAt(one, at))].filter((one) => one !== undefined);
    return [...new Map(seen.map((one) => [JSON.stringify(one), one])).values()];
  };
  return new Search(new Candidates({ checked, input: value, data, known }), path, value);
}

/** What is asked of an answer: that it is true, or defined and not false; for a member that it is in it. */
export function makesTrue(json: string, member: string | undefined): boolean {
  if (member === undefined) return json !== "false";
  const value: unknown = JSON.parse(json);
  const key = member.startsWith('"') ? String(JSON.parse(member)) : member;
  if (Array.isArray(value)) return value.some((one) => JSON.stringify(one) === member);
  return typeof value === "object" && value !== null && Object.hasOwn(value, key);
}

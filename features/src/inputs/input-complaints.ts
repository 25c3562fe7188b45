// What policies say about a place of their input: members of `deny`, `violation` or `warn` that name a `path` or `loc` are findings in the sample.
import type { Diagnostic, Severity } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { compareDecision } from "#workspace/expected.ts";
import type { Project } from "#workspace/project.ts";
import type { Sample } from "#workspace/samples.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { namesOf } from "../rego/project-names.ts";
import { type InputPlace, lineRange, placeInInput, type Step } from "./place-in-input.ts";

/** A rule whose members may be about places of the input. */
export interface ComplaintRule {
  /** `data.storage.deny`. */
  readonly path: string;
  readonly severity: Severity;
}

const names = /^(?:deny|violation|warn)(?:_\w+)?$/u;
/** Written where some member names its place: a key of an object. */
const namesPlace = /["`](?:path|loc)["`]/u;
/** Findings of one rule in one sample, and members that are looked at for them: a policy can make any number. */
const most = 50;
const mostMembers = 2000;
const longestMessage = 500;

/** Rules of such a name, outside of tests, that lead to policies which speak of places. */
export function complaintRules(project: Project): readonly ComplaintRule[] {
  return project.once("complaintRules", () => {
    const known = namesOf(project);
    const found = new Map<string, ComplaintRule>();
    for (const file of project.policies) {
      const home = known.packageOf(file);
      if (home.at(-1)?.endsWith("_test")) continue;
      for (const { path, rule } of known.rulesOf(file)) {
        const name = path.slice(home.length).join(".");
        const key = path.join(".");
        if (found.has(key) || !names.test(name) || rule.head.args !== undefined) continue;
        if (![...project.scopes.closureOfPaths([key])].some(({ text }) => namesPlace.test(text))) continue;
        found.set(key, { path: key, severity: name.startsWith("warn") ? "information" : "warning" });
      }
    }
    return [...found.values()];
  });
}

/** The findings of a rule in a sample that it is `json` for. Where that is what is expected of the sample, they are hints. */
export function inputComplaints(
  project: Project,
  sample: Sample,
  rule: ComplaintRule,
  { json, profile }: { readonly json: string; readonly profile: string | undefined },
): readonly Diagnostic[] {
  const input = project.inputs.json(sample, profile);
  const value: unknown = JSON.parse(json);
  if (input === undefined || !Array.isArray(value)) return [];
  const document: unknown = JSON.parse(input);
  const expectation = project.inputs
    .expectationsOf(sample)
    .expectations.find((one) => one.query === rule.path && (one.profile ?? profile) === profile);
  const isExpected = expectation !== undefined && compareDecision(expectation, { kind: "value", value }) === undefined;
  const found: Diagnostic[] = [];
  for (const member of (value as readonly unknown[]).slice(0, mostMembers)) {
    if (found.length === most) break;
    const place = placeOf(project, sample, member, document, profile);
    if (place === undefined) continue;
    const { range, written } = place;
    found.push({
      file: sample.file.path,
      range,
      severity: isExpected ? "hint" : rule.severity,
      code: "rw_input",
      message: messageOf(rule, member),
      ...(written === undefined ? {} : { related: [{ ...written, message: "the value is written here" }] }),
    });
  }
  return found;
}

const linesOf = oncePer(({ text }: SourceFile) => new LineIndex(text));

/** Undefined for a member that names no place of this input: `path` may be the path of a request. */
function placeOf(
  project: Project,
  { file }: Sample,
  member: unknown,
  document: unknown,
  profile: string | undefined,
): InputPlace | undefined {
  if (!isObject(member)) return undefined;
  for (const named of [member["path"], member["loc"]]) {
    const row = isObject(named) ? (named["row"] ?? named["line"]) : undefined;
    if (typeof row === "number") {
      const lines = linesOf(file);
      if (Number.isInteger(row) && row > 0 && row <= lines.lineCount)
        return { range: lineRange(file.text, lines.lineStart(row - 1)) };
      continue;
    }
    const path = pathOf(named);
    if (path === undefined || !leads(document, path[0])) continue;
    return placeInInput(project, file, path, profile);
  }
  return undefined;
}

/** `["a", 0, "b"]`, `/a/0/b`, `a.b`, `a[0].b`, `input.a[0].b` or `$.a[0].b`. */
function pathOf(named: unknown): readonly Step[] | undefined {
  if (Array.isArray(named)) {
    const steps = (named as readonly unknown[]).filter((step) => typeof step === "string" || typeof step === "number");
    return steps.length === named.length && steps.length > 0 ? (steps[0] === "input" ? steps.slice(1) : steps) : undefined;
  }
  if (typeof named !== "string" || named === "") return undefined;
  if (named.startsWith("/"))
    return named
      .slice(1)
      .split("/")
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const plain = named.replace(/^(?:\$|input)(?=[.[])\.?/u, "");
  return [...plain.matchAll(/[^.[\]"']+/gu)].map(([part]) => part);
}

function leads(document: unknown, step: Step | undefined): boolean {
  if (step === undefined || typeof document !== "object" || document === null) return false;
  return Object.hasOwn(document, step);
}

function messageOf({ path }: ComplaintRule, member: unknown): string {
  const fields = isObject(member) ? member : {};
  const said = [fields["msg"], fields["message"], fields["reason"], fields["title"]].find((one) => typeof one === "string");
  const text = typeof said === "string" ? said : JSON.stringify(member);
  const shown = text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text;
  return `${path.replace(/^data\./u, "")}: ${shown}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

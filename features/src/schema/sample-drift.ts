// Samples that are otherwise than their schema says: a new one may be wrong, or the schema has to be inferred anew.
import { schemaFindings } from "#evaluation/builtins/json-schema/index.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Steps } from "#grammars/text/steps.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { schemaFileOf } from "../input-schema.ts";
import { keysOfSample, type SampleKey } from "../sample-keys.ts";

interface Drift {
  readonly json: string;
  readonly schema: string;
  readonly found: readonly Diagnostic[];
}

/** An edit elsewhere changes neither a sample nor its schema. */
const known = new WeakMap<SourceFile, Drift>();

/** Of one sample these are told. */
const most = 10;

/** With a pause after each sample. */
export function* sampleDrift(project: Project): Steps<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const sample of project.inputs.samples) {
    const schema = schemaFileOf(project, sample.file)?.text;
    if (schema === undefined || project.largeDocuments.includes(sample.file)) continue;
    // Its own problems say why it has no value.
    const json = project.inputs.json(sample, project.settings.profile);
    if (json === undefined) continue;
    const before = known.get(sample.file);
    const drift =
      before?.json === json && before.schema === schema ? before : { json, schema, found: driftOf(sample.file, json, schema) };
    known.set(sample.file, drift);
    found.push(...drift.found);
    yield;
  }
  return found;
}

function driftOf(file: SourceFile, json: string, schema: string): readonly Diagnostic[] {
  const findings = schemaFindings(json, schema) ?? [];
  const keys = findings.length === 0 ? [] : keysOfSample(file);
  return findings.slice(0, most).map(({ field, text }) => ({
    file: file.path,
    range: rangeOf(keys, field),
    severity: "warning",
    code: "rw_sample_schema",
    message: `the schema of this input says: ${field === root ? "" : `${field}: `}${text}`,
  }));
}

const root = "(Root)";

/** The key that a finding is about, or the nearest one above that the sample writes itself. */
function rangeOf(keys: readonly SampleKey[], field: string): Range {
  const parts = field === root ? [] : field.split(".").filter((part) => !/^\d+$/u.test(part));
  for (let length = parts.length; length > 0; length--) {
    const path = parts.slice(0, length).join(".");
    const key = keys.findLast((one) => one.path.join(".") === path);
    if (key !== undefined) return key.range;
  }
  const first = keys[0]?.range;
  return first ?? { start: 0, end: 0 };
}

// Samples beside what is expected of them: profiles, endings, files that belong to no sample.
import { expect, test } from "vitest";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { decideSamples } from "./sample-decisions.ts";

const policy = { "/p/main.rego": 'package p\n\nallow if input.region == "eu"\n' };
const profiles = { "/p/rw.conf": "profiles { uat { env.REGION = eu }, prod { env.REGION = us } }\n" };
const sample = { "/p/inputs/a.conf": "region = us\nregion = ${?REGION}\n" };

async function rows(files: Readonly<Record<string, string>>, profile?: string): Promise<readonly string[]> {
  const project = await openProject(memoryHost({ ...policy, ...files }), "/p");
  const asked = { profile, entrypoints: project.entrypoints, now: () => 0n, clock: () => 0 };
  return decideSamples(project, asked).map(
    (one) => `${one.sample.name} ${one.profile ?? "-"} ${one.query}: ${one.decision.kind} ${one.difference ?? "fits"}`,
  );
}

test.each<[string, string | undefined, readonly string[]]>([
  [
    '{"decisions": {"data.p.allow": {"value": true, "profile": "uat"}}}',
    undefined,
    ["a.conf - data.p.allow: undefined fits", "a.conf uat data.p.allow: value fits"],
  ],
  ['{"decisions": {"data.p.allow": {"value": true, "profile": "uat"}}}', "uat", ["a.conf uat data.p.allow: value fits"]],
  ['{"decisions": {"p/allow": {"value": true}}}', undefined, ["a.conf - data.p.allow: undefined expected true, got undefined"]],
  ['{"decisions": {"p/allow": {"value": true}}}', "uat", ["a.conf uat data.p.allow: value fits"]],
])("%s with the profile %s", async (expected, profile, told) => {
  expect(await rows({ ...profiles, ...sample, "/p/inputs/a.expected.json": expected }, profile)).toEqual(told);
});

test.each(["json", "conf", "hocon", "yaml", "yml"])("expected decisions may end in .%s", async (ending) => {
  const expected = { [`/p/inputs/a.expected.${ending}`]: '{"decisions": {"p/allow": {"value": false}}}' };
  expect(await rows({ ...sample, ...expected })).toEqual(["a.conf - data.p.allow: undefined expected false, got undefined"]);
});

test.each<[Readonly<Record<string, string>>, readonly string[]]>([
  [
    { "/p/inputs/b.expected.json": '{"decisions": {}}' },
    ["/p/inputs/b.expected.json: nothing is decided by this file: no sample input b (.conf, .json or .yaml) stands beside it"],
  ],
  [
    { "/p/inputs/a.expected.json": '{"decisions": {}}', "/p/inputs/a.expected.conf": "decisions {}" },
    ["/p/inputs/a.expected.conf: nothing is decided by this file: a.expected.json beside it says what is expected"],
  ],
  [{ "/p/testdata/page.expected.json": '{"title": "not ours"}' }, []],
])("expected decisions of no sample are told: %j", async (files, told) => {
  const project = await openProject(memoryHost({ ...policy, ...sample, ...files }), "/p");
  const warnings = project.inputs.diagnostics.filter(({ severity }) => severity === "warning");
  expect(warnings.map(({ file, message }) => `${file}: ${message}`)).toEqual(told);
});

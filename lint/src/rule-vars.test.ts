// How the variables of rules are mentioned, and which mention is an output.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { LintFile } from "./lint-file.ts";
import { varsOfFile } from "./rule-vars.ts";

function fileOf(rules: string): LintFile {
  const parsed = parseModule(`package p\n\nimport data.lib\n\n${rules}`, { file: "p.rego" });
  return new LintFile(parsed, { relativePath: "p.rego", absolutePath: undefined });
}

function mentions(rules: string): readonly string[] {
  return varsOfFile(fileOf(rules)).flatMap(({ all }) => all.map(({ variable, as }) => `${as} ${variable.name}`));
}

function outputs(rules: string): readonly string[] {
  return varsOfFile(fileOf(rules)).flatMap((vars) =>
    vars.all.filter(({ variable, as }) => as === "ref" && vars.isOutput(variable)).map(({ variable }) => variable.name),
  );
}

test("each way of being mentioned has a name", () => {
  expect(mentions("f(a, [b, 1], {c}) if true")).toEqual(["args a", "args b"]);
  expect(mentions("r if { x := 1; [y, z] = input.ys; {k: v} := input.o }")).toEqual([
    "assign x",
    "assign y",
    "assign z",
    "assign k",
    "assign v",
  ]);
  expect(mentions("r if { some x; some i, [y, z] in input.ys; x }")).toEqual(["some x", "somein i", "somein y", "somein z"]);
  expect(mentions("r if every i, x in input.xs { x > i }")).toEqual(["every i", "every x"]);
  expect(mentions("r if { input.xs[i].ys[j]; count(input.xs, n) }")).toEqual(["ref i", "ref j", "term n"]);
});

test("branches belong to their rule; documents are no variables", () => {
  expect(mentions("r := 1 if input.x[a] else := 2 if input.y[b]")).toEqual(["ref a", "ref b"]);
  expect(mentions("r if { data.x[input]; y := input }")).toEqual(["assign y"]);
});

test("the first mention but for some is the output", () => {
  expect(outputs("r if { some i; input.xs[i]; input.ys[i] }")).toEqual(["i"]);
  expect(outputs("r if { i := 1; input.xs[i] }")).toEqual([]);
  expect(outputs("f(i) if input.xs[i]")).toEqual([]);
});

test("rules and imports have their values elsewhere", () => {
  expect(outputs("name := 1\n\nr if { input.xs[name]; input.xs[lib]; input.xs[other] }")).toEqual(["other"]);
});

test("the value of a head sees what the body has", () => {
  expect(outputs("r := input.xs[i] if input.ys[i]")).toEqual([]);
});

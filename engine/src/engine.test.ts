// The library as its users meet it: texts in, problems and decisions out.
import { expect, test } from "vitest";
import type { Compiled, Policy } from "./engine.ts";
import { checkPolicies, compilePolicies, formatPolicy, resolveHocon } from "./engine.ts";

const authz = `package authz

# METADATA
# entrypoint: true
default allow := false

allow if {
	some role in data.roles[input.user]
	print("role", role)
	role in {"admin", input.needs}
}
`;

function compiled({ policy, problems }: Compiled): Policy {
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  return policy!;
}

test("problems have OPA's codes and places, of all policies together", () => {
  const policies = { "a.rego": 'package a\n\np := data.b.q("é") + x\n', "b.rego": "package b\n\nq(s) := s\n" };
  const told = checkPolicies(policies).map(({ severity, code, message, file, row, column }) =>
    [severity, code, `${file}:${row}:${column}`, message].join(" "),
  );
  expect(told).toEqual(["error rego_unsafe_var_error a.rego:3:6 var x is unsafe"]);
  const [broken] = checkPolicies({ "a.rego": "package a\n\np := {\n" });
  expect(broken).toMatchObject({ code: "rego_parse_error", file: "a.rego", row: 4 });
});

test("what strict mode forbids is a hint otherwise; v0 is read when asked for", () => {
  const unused = { "a.rego": "package a\n\np if {\n\tx := 1\n}\n" };
  expect(checkPolicies(unused).map(({ severity }) => severity)).toEqual(["hint"]);
  expect(checkPolicies(unused, { strict: true }).map(({ severity, code }) => `${severity} ${code}`)).toEqual([
    "error rego_compile_error",
  ]);
  const old = { "a.rego": "package a\n\np { true }\n" };
  expect(checkPolicies(old)).not.toEqual([]);
  expect(checkPolicies(old, { regoVersion: "v0" })).toEqual([]);
});

test("a policy decides on its data, with what it prints", () => {
  const policy = compiled(compilePolicies({ "authz.rego": authz }));
  expect(policy.entrypoints).toEqual(["data.authz.allow"]);
  expect(policy.decide("data.authz.allow", { user: "ann" })).toEqual({ kind: "value", value: false, json: "false", prints: [] });
  expect(policy.setData({ roles: { ann: ["clerk"] } })).toBeUndefined();
  expect(policy.decide("authz/allow", { user: "ann", needs: "clerk" })).toEqual({
    kind: "value",
    value: true,
    json: "true",
    prints: [{ text: "role clerk", file: "authz.rego", row: 9 }],
  });
});

test("what is left of a query while documents are not known is told as Rego and as trees", () => {
  const rows = `package visible

include if {
	some row in data.rows
	row.owner == input.user
}

include if {
	some row in data.rows
	row.clinic in data.clinics[input.user]
}
`;
  const policy = compiled(compilePolicies({ "visible.rego": rows }, { entrypoints: ["data.visible.include"] }));
  policy.setData({ clinics: { ann: ["north"] } });
  const found = policy.partial("data.visible.include", { unknowns: ["data.rows"], input: { user: "ann" } });
  expect(found).toMatchObject({
    kind: "partial",
    queries: ['"ann" = data.rows[__local1__1].owner', 'data.rows[__local4__2].clinic in ["north"]'],
    support: [],
    prints: [],
  });
  const { queries } = JSON.parse("json" in found ? found.json : "") as { queries: readonly { terms: readonly unknown[] }[][] };
  expect(queries[0]![0]!.terms[0]).toEqual({ type: "ref", value: [{ type: "var", value: "eq" }] });
  expect(policy.partial("data.visible.include", { unknowns: ["data.rows"], input: { user: "bob" } })).toMatchObject({
    queries: ['"bob" = data.rows[__local1__1].owner'],
  });
  expect(policy.partial("data.visible.include", { unknowns: ["rows"] })).toMatchObject({
    kind: "error",
    message: "rows is no path of input or data",
  });
  expect(policy.partial("x + 1")).toMatchObject({ kind: "error", code: "rego_unsafe_var_error" });
  expect(policy.partial("numbers.range(1, 1000000)[_] == 3", { maxSteps: 1000 })).toMatchObject({ kind: "error" });
});

test("undefined, an error and a rule that is not there are told apart", () => {
  const text =
    "package p\n\na if input.x\n\nb := 1 if input.x\n\nb := 2 if input.y\n\nc := 9007199254740993\n\nd := time.now_ns()\n\ne := 1 / input.zero\n";
  const entrypoints = ["data.p.a", "data.p.b", "data.p.c", "data.p.d", "data.p.e"];
  const policy = compiled(compilePolicies({ "p.rego": text }, { entrypoints }));
  expect(policy.decide("data.p.a")).toEqual({ kind: "undefined", prints: [] });
  expect(policy.decide("data.p.b", { x: true, y: true })).toMatchObject({
    kind: "error",
    code: "eval_conflict_error",
    file: "p.rego",
  });
  expect(policy.decide("data.p.c")).toMatchObject({ kind: "value", json: "9007199254740993" });
  expect(policy.decide("data.p.d", undefined, { now: new Date(1_000) })).toMatchObject({ value: 1_000_000_000 });
  expect(policy.decide("data.p.e", { zero: 0 })).toEqual({ kind: "undefined", prints: [] });
  expect(policy.decide("data.p.e", { zero: 0 }, { strictBuiltinErrors: true })).toMatchObject({
    code: "eval_builtin_error",
    message: "div: divide by zero",
    row: 13,
  });
  expect(policy.decide("data.p.z")).toMatchObject({ kind: "error", code: "rw_entrypoint_error" });
});

test("a runaway policy ends at its bound, or when it is cancelled; the next decision is as ever", () => {
  const text =
    "package p\n\nslow := count([1 | some _ in numbers.range(1, 3000); some _ in numbers.range(1, 3000)])\n\nok := true\n";
  const policy = compiled(compilePolicies({ "p.rego": text }, { entrypoints: ["data.p.slow", "data.p.ok"] }));
  expect(policy.decide("data.p.slow", null, { maxSteps: 1000 })).toMatchObject({
    code: "eval_cancel_error",
    message: "caller cancelled query execution: the evaluation took too many steps",
  });
  expect(policy.decide("data.p.slow", null, { cancelled: () => true })).toMatchObject({
    kind: "error",
    code: "eval_cancel_error",
  });
  expect(policy.decide("data.p.ok")).toMatchObject({ value: true });
});

test("policies with errors give no policy", () => {
  const { policy, problems } = compilePolicies({ "a.rego": "package a\n\np := x\n" });
  expect(policy).toBeUndefined();
  expect(problems).toHaveLength(1);
});

test("fmt gives OPA's bytes, or why not", () => {
  expect(formatPolicy("package a\nallow   if {input.x}\n")).toEqual({ text: "package a\n\nallow if input.x\n" });
  expect(formatPolicy("package a\nallow {\n")).toMatchObject({ problems: [{ code: "rego_parse_error", row: 3 }] });
});

test("HOCON is resolved with the files and the environment that are handed in", () => {
  const files = { "inputs/base.conf": "user { name = ann, desk = ${?DESK} }\n" };
  const text = 'include "base.conf"\nuser.role = clerk\namount = ${user.name}-1\n';
  expect(resolveHocon(text, { file: "inputs/a.conf", files, environment: { DESK: "7" } })).toEqual({
    value: { user: { name: "ann", desk: "7", role: "clerk" }, amount: "ann-1" },
    problems: [],
  });
  const { value, problems } = resolveHocon("a = 1\nb = ${nope}\n");
  expect(value).toBeUndefined();
  expect(problems).toMatchObject([{ severity: "error", file: "input.conf", row: 2, column: 5 }]);
});

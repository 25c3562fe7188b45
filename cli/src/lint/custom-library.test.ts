// What rules in Rego may ask of a policy: each question of the library, and what it comes to.
import { expect, test } from "vitest";
import { rw } from "../run-in-memory.test-helper.ts";

type Table = Readonly<Record<string, unknown>>;

const probe = `# METADATA
# description: said of the rule
# related_resources:
# - ref: https://acme.example/probe
package custom.regal.rules.naming.probe

import data.regal.ast
import data.regal.config
import data.regal.result
import data.regal.util

# what is written where nodes are, by rules
texts(found) := {at: {text(node) | some node in nodes} | some at, nodes in found}

text(node) := util.to_location_object(result.location(node).location).text if not is_array(node)

text(terms) := util.to_location_object(result.ranged_from_ref(terms).location).text if is_array(terms)

body(at) := input.rules[at].body

`;

const config = `rules:
  naming: {probe: {level: warning, words: [a]}}
`;

/** The value of each expression for the policy; undefined where it has none. */
async function ask(policy: string, expressions: readonly string[]): Promise<Table> {
  const rules = expressions.map(
    (expression, at) => `report contains {"description": json.marshal([${at}, value])} if value := ${expression}\n`,
  );
  const files = { "/w/p/a.rego": policy, "/w/.regal/rules/r.rego": probe + rules.join("\n"), "/w/.regal/config.yaml": config };
  const { out, err } = await rw(files, "lint", "--format", "json", "p");
  if (err !== "") return { err };
  const { violations } = JSON.parse(out) as { readonly violations: readonly { title: string; description: string }[] };
  const own = violations.filter(({ title }) => title === "probe");
  const told = new Map(own.map(({ description }) => JSON.parse(description) as [number, unknown]));
  return Object.fromEntries(expressions.map((expression, at) => [expression, told.get(at)]));
}

async function tell(policy: string, table: Table): Promise<void> {
  expect(await ask(policy, Object.keys(table))).toEqual(table);
}

test("the package, and what is imported", async () => {
  const policy = `package acme["x-y"].z

import rego.v1
import data.roles.admin
import data.other.admin
import input.user as who
import data.teams
`;
  await tell(policy, {
    "ast.package_path": ["acme", "x-y", "z"],
    "ast.package_name": "acme.x-y.z",
    "ast.package_name_full": "data.acme.x-y.z",
    "count(ast.imports)": 5,
    "ast.resolved_imports": { admin: ["data", "other", "admin"], who: ["input", "user"], teams: ["data", "teams"] },
    "ast.imported_identifiers": ["admin", "teams", "who"],
    "ast.identifiers": ["admin", "teams", "who"],
    "ast.rules": [],
  });
  await tell("package a\n", { "ast.imports": [], "ast.resolved_imports": {}, "ast.found.refs": {}, "ast.comments_decoded": [] });
});

test("rules, functions and tests, and their heads", async () => {
  const policy = `package p

default allow := false

allow if input.x

_hidden := true

deep.set[x].y contains x if some x in input.xs

f(a, [b], _) := a + b

test_all if allow

more.test_part if allow

deep._private := 1

deep["x y"] := 2

g(_) if true
`;
  const names = ["allow", "allow", "_hidden", "deep.set", "f", "test_all", "more.test_part", "deep._private", 'deep["x y"]', "g"];
  await tell(policy, {
    "ast.rule_names_ordered": names,
    "ast.rule_names": [...new Set(names)].filter((name) => name !== "f" && name !== "g").sort(),
    "ast.rule_and_function_names": [...new Set(names)].sort(),
    "ast.identifiers": [...new Set(names)].sort(),
    "[ast.ref_to_string(rule.head.ref) | some rule in ast.functions]": ["f", "g"],
    "count(ast.rules)": 8,
    "[ast.ref_to_string(rule.head.ref) | some rule in ast.tests]": ["test_all", "more.test_part"],
    "[ast.ref_to_string(rule.head.ref) | some rule in ast.public_rules_and_functions]": [
      "allow",
      "allow",
      "deep.set[x].y",
      "f",
      "test_all",
      "more.test_part",
      'deep["x y"]',
      "g",
    ],
    'ast.rule_head_locations["data.p.allow"]': [
      { col: 1, row: 5 },
      { col: 9, row: 3 },
    ],
    'ast.rule_head_locations["data.p.deep.set"]': [{ col: 1, row: 9 }],
    "[ast.function_arg_names(rule) | some rule in ast.functions]": [["a", "_", "_"], ["_"]],
    "[at | some at, rule in input.rules; ast.implicit_boolean_assignment(rule)]": [1, 5, 6, 9],
  });
});

test("comments, and the rules that they switch off", async () => {
  const policy = `package p # regal ignore:a, b-c

# regal ignore:d
# regal ignore:e
x := 1 # 漢 and more
`;
  await tell(policy, {
    "[comment.text | some comment in ast.comments_decoded]": [
      " regal ignore:a, b-c",
      " regal ignore:d",
      " regal ignore:e",
      " 漢 and more",
    ],
    "regal.last(ast.comments_decoded).location": { row: 5, col: 8, end: { row: 5, col: 20 }, text: "# 漢 and more" },
    "ast.ignore_directives[1]": ["a", "b-c"],
    "ast.ignore_directives[2]": ["a", "b-c"],
    "ast.ignore_directives[3]": ["d"],
    "ast.ignore_directives[4]": ["d", "e"],
    "ast.ignore_directives[5]": ["e"],
    "ast.ignore_directives[6]": undefined,
  });
  const metadata = "# METADATA\n# title: t\npackage p\n";
  await tell(metadata, {
    "[[comment.text, comment.location.end.row] | some comment in ast.comments_decoded]": [
      [" METADATA", 1],
      [" title: t", 2],
    ],
  });
});

test("what is called", async () => {
  const policy = `package p

x := y if {
	y := json.unmarshal(input.text)
	data.lib.known(y, [1])
	count(y) + 1 > 2
}

z if some y in x
`;
  const called = (at: number): string => `{call.name: [count(call.args), text(call)] | some call in ast.function_calls[${at}]}`;
  await tell(policy, {
    [called(0)]: {
      assign: [2, ":="],
      "json.unmarshal": [1, "json.unmarshal"],
      "data.lib.known": [2, "data.lib.known"],
      count: [1, "count"],
      plus: [2, "+"],
      gt: [2, ">"],
    },
    [called(1)]: { "internal.member_2": [2, "in"] },
    "ast.builtin_functions_called": ["assign", "count", "gt", "internal.member_2", "json.unmarshal", "plus"],
    '{"count", "json.unmarshal", "regal.last"} & ast.builtin_names': ["count", "json.unmarshal", "regal.last"],
    '{"count", "json", "regal", "io"} & ast.builtin_namespaces': ["io", "json", "regal"],
    "[name | some name in ast.operators; not name in ast.builtin_names]": [],
    "{call.name | some call in ast.function_calls[0]} & ast.operators": ["assign", "gt", "plus"],
    "count(ast.operators)": 17,
  });
});

test("what is found in rules", async () => {
  const policy = `package p

first := [v | some v in input.xs] if {
	every k, w in input.ys { w > k }
	not data.q[first_of][_]
}

# METADATA
# custom: {type: ref, value: none}
second if count({1}) > 0

third := {"a": 1} if {
	some c
	input.z[c] == {e: e | e := 1}
}
`;
  await tell(policy, {
    "{at: names | some at, refs in ast.found.refs; names := {ast.ref_to_string(ref.value) | some ref in refs}}": {
      0: ["data.q[first_of][_]", "gt", "input.xs", "input.ys", "internal.member_2"],
      1: ["count", "gt"],
      2: ["assign", "equal", "input.z[c]"],
    },
    "{at: names | some at, calls in ast.found.calls; names := {ast.ref_to_string(call[0].value) | some call in calls}}": {
      0: ["gt", "internal.member_2"],
      1: ["count", "gt"],
      2: ["assign", "equal"],
    },
    "texts(ast.found.expressions)": {
      0: ["every k, w in input.ys { w > k }", "not data.q[first_of][_]", "some v in input.xs", "w > k"],
      1: ["count({1}) > 0"],
      2: ["e := 1", "input.z[c] == {e: e | e := 1}", "some c"],
    },
    "texts(ast.found.comprehensions)": { 0: ["[v | some v in input.xs]"], 2: ["{e: e | e := 1}"] },
    "[text(node.domain) | some node in ast.found.every[0]]": ["input.ys"],
    "texts(ast.found.symbols)": { 0: ["v in input.xs"], 2: ["c"] },
  });
});

test("variables, by how they come about", async () => {
  const policy = `package p

import data.roles

f(a, {"k": b}, _) := c if {
	[c, {"x": [d]}] := a
	e = roles[g][_]
	1 = h
	roles = i
	some j
	some k, [l, _] in input.xs
	every m, n in input.ys { m > n }
	o := [q | q := input.zs[j]]
}

h[r] := r if some r in input.xs
`;
  const vars = (kind: string): string =>
    `{at: names | nodes := ast.found.vars[at].${kind}; names := {one.value | some one in nodes}}`;
  await tell(policy, {
    [vars("args")]: { 0: ["a", "b"] },
    [vars("ref")]: { 0: ["g", "j"], 1: ["r"] },
    [vars("assign")]: { 0: ["c", "d", "e", "i", "o", "q"] },
    [vars("some")]: { 0: ["j"] },
    [vars("somein")]: { 0: ["k", "l"], 1: ["r"] },
    [vars("every")]: { 0: ["m", "n"] },
    "count(ast.found.vars)": 2,
  });
});

test("terms", async () => {
  const policy = `package p

x if {
	y := [1, {"a": null}]
	count(input.q[i]) + j == data.r.s(k)[_]
	t := $"a {y}"
}
`;
  await tell(policy, {
    "ast.scalar_types": ["boolean", "null", "number", "string"],
    "ast.is_assignment(body(0)[0].terms[0])": true,
    "ast.is_assignment(body(0)[1].terms[0])": undefined,
    "[text(term) | some term in ast.assignment_terms(body(0)[0].terms)]": ["y", '[1, {"a": null}]'],
    "ast.assignment_terms(body(0)[1].terms)": undefined,
    "[ast.is_constant(term) | some term in body(0)[0].terms]": [true],
    "ast.is_constant(body(0)[2].terms[2])": undefined,
    'ast.is_wildcard({"type": "var", "value": "$0"})': true,
    'ast.is_wildcard({"type": "string", "value": "$0"})': undefined,
    "{one.value | some one in ast.find_term_vars(body(0)[1].terms)}": ["i", "j", "k"],
    "{one.value | some one in ast.find_term_vars(body(0)[0])}": ["y"],
    'ast.has_named_var(body(0)[1], "k")': true,
    'ast.has_named_var(body(0)[1], "y")': undefined,
  });
});

test("refs as text", async () => {
  const rows: readonly (readonly [string, string, string, true | undefined])[] = [
    ["data.foo.bar", "data.foo.bar", "data.foo.bar", true],
    ['input.a["x y"].b', 'input.a["x y"].b', 'input.a["x y"].b', true],
    ['input["a"][0][true]', "input.a[0][true]", "input.a[0][true]", true],
    ["data.foo[bar].baz", "data.foo[bar].baz", "data.foo", undefined],
    ["data.foo[_]", "data.foo[_]", "data.foo", undefined],
    ['input.a[input.b["c d"][i]]', 'input.a[input.b["c d"][i]]', "input.a", undefined],
    ["input.a[input.b[data.c[d]]].e", "input.a[input.b[data.c[d]]].e", "input.a", undefined],
    ["input.漢[[x, 1]].e", 'input["漢"][[x, 1]].e', 'input["漢"]', undefined],
  ];
  for (const [written, text, leading, isStatic] of rows) {
    const ref = "body(0)[0].terms[1]";
    await tell(`package p\n\nx if ${written.replace(".漢", '["漢"]')} == 1\n`, {
      [`ast.ref_to_string(${ref}.value)`]: text,
      [`ast.ref_static_to_string(${ref}.value)`]: leading,
      [`ast.static_ref(${ref})`]: isStatic,
    });
  }
  await tell("package p\n", {
    'ast.ref_to_string(ast.policy("x if input[f(1)]").rules[0].body[0].terms.value)': "input[...]",
  });
});

test("violations", async () => {
  await tell("package p\n\nx := 1\n", {
    'result.fail(rego.metadata.chain(), {"location": 1})': {
      category: "naming",
      title: "probe",
      level: "warning",
      description: "said of the rule",
      related_resources: [{ ref: "https://acme.example/probe" }],
      location: 1,
    },
    'result.fail(rego.metadata.chain(), {"description": "of its own"}).description': "of its own",
    'result.fail([{"path": ["custom", "regal", "rules", "a", "b", "report"], "annotations": {"description": "of report"}}], {})':
      {
        category: "a",
        title: "b",
        level: "error",
        description: "of report",
      },
    'result.fail({"category": "naming", "title": "other", "description": "d"}, {})': {
      category: "naming",
      title: "other",
      level: "error",
      description: "d",
    },
    'result.fail({"category": "naming", "title": "other", "level": "notice"}, {"x": 1})': {
      category: "naming",
      title: "other",
      level: "notice",
      x: 1,
    },
    'result.aggregate(rego.metadata.chain(), {"x": 1})': {
      aggregate_source: { package_path: ["p"] },
      aggregate_data: { x: 1 },
    },
  });
});

test("places of violations", async () => {
  const rule = 'x if count(input.a["b"]) == 1';
  const at = (col: number, endCol: number): Table => ({
    location: { file: "p/a.rego", row: 3, col, end: { row: 3, col: endCol }, text: rule },
  });
  const terms = "body(0)[0].terms";
  await tell(`package p\n\n${rule}\n`, {
    "result.location(input.rules[0])": at(1, 30),
    "result.location(input.rules[0].head.ref)": at(1, 2),
    'result.location("3:1:3:2")': at(1, 2),
    'result.location({"row": 3, "col": 1})': { location: { file: "p/a.rego", row: 3, col: 1, text: rule } },
    'result.location(input["package"].path).location.text': "package p",
    "result.location(input.rules[0].head.value)": {},
    'result.location_and_description(input.rules[0].head, "d")': { ...at(1, 2), description: "d" },
    "result.ranged_location_between(input.rules[0].head, body(0)[0])": at(1, 30),
    [`result.ranged_from_ref(${terms}[1].value[1].value)`]: at(12, 23),
    [`result.infix_expr_location(${terms})`]: at(6, 30),
    'result.with_text({"row": 1, "col": 2})': { location: { file: "p/a.rego", row: 1, col: 2, text: "package p" } },
    'result.location({"file": "q.rego", "row": 1, "col": 2})': { location: { file: "q.rego", row: 1, col: 2 } },
  });
});

test("what was noted of a policy keeps its place", async () => {
  const rule = `package custom.regal.rules.naming.once

import data.regal.result

aggregate contains result.aggregate(rego.metadata.chain(), result.location(rule.head)) if {
	some rule in input.rules
}

# METADATA
# scope: document
# description: Said of the rule
aggregate_report contains violation if {
	some entry in input.aggregate
	violation := result.fail(rego.metadata.chain(), result.location(entry.aggregate_data))
}
`;
  const files = { "/w/p/a.rego": "package a\n", "/w/p/b.rego": "package b\n\nx := 1\n", "/w/.regal/rules/r.rego": rule };
  const { out } = await rw(files, "lint", "--format", "json", "-D", "-e", "once", "p");
  const { violations } = JSON.parse(out) as { readonly violations: readonly unknown[] };
  const location = { file: "p/b.rego", row: 3, col: 1, end: { row: 3, col: 7 } };
  expect(violations).toMatchObject([{ title: "once", description: "Said of the rule", location }]);
});

test("the configuration", async () => {
  await tell("package p\n", {
    'config.for_rule("naming", "probe")': { level: "warning", words: ["a"] },
    'config.for_rule("naming", "none")': {},
    "config.rules.naming.probe.words": ["a"],
    'config.level_for_rule("naming", "probe")': "warning",
    'config.level_for_rule("none", "probe")': "error",
    "config.capabilities.builtins.count": {},
  });
});

test("places and collections", async () => {
  const end = { row: 3, col: 7 };
  await tell('package p\n\nx := "漢"\n\ny := `a\n漢b`\n', {
    'util.to_location_object("3:6:3:11")': { row: 3, col: 6, end: { row: 3, col: 11 }, text: '"漢"' },
    'util.to_location_object("3:1:5:2").text': 'x := "漢"\n\ny',
    "util.to_location_object(input.rules[1].head.value.location).text": "`a\n漢b`",
    'util.to_location_object("9:1:9:2")': { row: 9, col: 1, end: { row: 9, col: 2 } },
    'util.to_location_no_text("3:6:3:7")': { row: 3, col: 6, end },
    'util.to_location_no_text({"row": 1, "col": 2, "text": "a"})': { row: 1, col: 2 },
    'util.to_location_row("3:6:3:7")': 3,
    'util.to_location_row({"row": 1})': 1,
    "util.to_set([2, 1, 2])": [1, 2],
    "is_set(util.to_set([1]))": true,
    "util.to_array({2, 1})": [1, 2],
    "is_array(util.to_array({2, 1}))": true,
    'util.find_duplicates(["a", "b", "a", "c", "c"])': ["a", "c"],
    'util.has_duplicates(["a", "b", "a"], "a")': true,
    'util.has_duplicates(["a", "b", "a"], "b")': undefined,
    "util.any_set_item({2, 1})": 1,
    "util.any_set_item(set())": undefined,
    "util.single_set_item({2})": 2,
    "util.single_set_item({2, 1})": undefined,
    "util.rest([1, 2, 3])": [2, 3],
    "util.rest([])": [],
    'util.json_pretty({"a": [1]})': '{\n  "a": [\n    1\n  ]\n}',
    "[util.point_in_range([row, 4], [[1, 5], [3, 4]]) | some row in [0, 2, 3, 4]]": [true, true],
    'util.point_in_range({"row": 3, "col": 6}, "3:6:3:7")': true,
    'util.point_in_range([3, 8], {"row": 3, "col": 6, "end": {"row": 3, "col": 7}})': undefined,
  });
});

test("trees for tests", async () => {
  await tell("package p\n", {
    '[part.value | some part in ast.policy("allow if true")["package"].path]': ["data", "policy"],
    'ast.package_name with input as ast.policy("allow if true")': "policy",
    'ast.ref_to_string(ast.with_rego_v1("allow if true").imports[0].path.value)': "rego.v1",
    'count(ast.with_rego_v1("allow if true").rules)': 1,
  });
});

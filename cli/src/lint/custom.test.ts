// Rules in Rego: where they are found, what they are told of a policy, how their findings are configured.
import { expect, test } from "vitest";
import { rw } from "../run-in-memory.test-helper.ts";

const naming = `# METADATA
# description: Packages begin with "acme"
# related_resources:
# - description: documentation
#   ref: https://acme.example/naming
package custom.regal.rules.naming["acme-package"]

import data.regal.ast
import data.regal.config
import data.regal.result

report contains violation if {
	not startswith(ast.package_name, "acme.")
	not ast.package_name in config.for_rule("naming", "acme-package").except
	violation := result.fail(rego.metadata.chain(), result.location(input["package"].path[1]))
}
`;

const allowed = `# METADATA
# description: One policy defines allow
package custom.regal.rules.organizational["one-allow"]

import data.regal.ast
import data.regal.result

aggregate contains result.aggregate(rego.metadata.chain(), {"name": name}) if some name in ast.rule_names

aggregate_report contains violation if {
	names := {entry.aggregate_data.name | some entry in input.aggregate}
	not "allow" in names
	violation := result.fail(rego.metadata.chain(), {})
}
`;

const policies = { "/w/p/a.rego": "package a\n\ndeny := 1\n", "/w/p/b.rego": "package acme.b\n\nx := 1\n" };
const config = "rules: {naming: {acme-package: {level: warning, except: []}}}\n";

/** `category/rule level place: message page` for each violation. */
async function lint(files: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  const { code, out, err } = await rw(files, "lint", "--format", "json", "p", ...flags);
  if (err !== "") return { code, err };
  const { violations } = JSON.parse(out) as {
    violations: {
      title: string;
      category: string;
      level: string;
      description: string;
      related_resources?: { ref: string }[];
      location: { file: string; row: number; col: number; end?: { col: number } };
    }[];
  };
  const own = violations.filter(({ category }) => category === "naming" || category === "organizational");
  return {
    code,
    found: own.map(({ title, category, level, description, related_resources, location: { file, row, col, end } }) =>
      [`${category}/${title}`, level, `${file}:${row}:${col}-${end?.col}:`, description, related_resources?.[0]?.ref].join(" "),
    ),
  };
}

const named = 'naming/acme-package warning p/a.rego:1:9-10: Packages begin with "acme" https://acme.example/naming';

test("rules of .regal/rules are asked of each policy, and of all together", async () => {
  const rules = {
    "/w/.regal/rules/naming.rego": naming,
    "/w/.regal/rules/all/allow.rego": allowed,
    "/w/.regal/rules/naming_test.rego": "package broken_here if",
    "/w/.regal/config.yaml": config,
  };
  const quiet = ["-D", "--enable-category", "organizational"];
  expect(await lint({ ...policies, ...rules }, ...quiet)).toEqual({
    code: 3,
    found: ["organizational/one-allow error :0:0-undefined: One policy defines allow "],
  });
  const { found } = (await lint({ ...policies, ...rules })) as { found: readonly string[] };
  expect(found).toContain(named);
  const defined = { ...policies, "/w/p/b.rego": "package acme.b\n\nallow := 1\n" };
  expect(await lint({ ...defined, ...rules }, ...quiet)).toEqual({ code: 0, found: [] });
});

test("--rules names others; levels, options, directives and flags are as for the other rules", async () => {
  const files = { ...policies, "/w/mine/naming.rego": naming };
  const only = ["-D", "--rules", "mine", "-e", "acme-package"];
  const withOptions = { ...files, "/w/.regal.yaml": config, "/w/.regal/rules/allow.rego": allowed };
  expect((await lint(withOptions, ...only)) as unknown).toEqual({ code: 3, found: [named.replace("warning", "error")] });
  const excepted = { ...withOptions, "/w/.regal.yaml": config.replace("[]", "[a]") };
  expect(await lint(excepted, ...only)).toEqual({ code: 0, found: [] });
  const ignored = { ...withOptions, "/w/p/a.rego": "# regal ignore:acme-package\npackage a\n\ndeny := 1\n" };
  expect(await lint(ignored, ...only)).toEqual({ code: 0, found: [] });
  expect(await lint(files, "--rules", "mine", "-e", "acme-packages")).toEqual({ code: 1, err: "unknown rules: acme-packages\n" });
});

test("rules that cannot be read or evaluated are told", async () => {
  const rule = (text: string) => ({ ...policies, "/w/.regal/rules/r.rego": text });
  const head = "package custom.regal.rules.naming.broken\n\n";
  expect(await lint(rule(`${head}report contains x if {\n`))).toEqual({
    code: 1,
    err: "/w/.regal/rules/r.rego:4: unexpected eof token\n",
  });
  expect(await lint(rule(`${head}report contains f(1)\n`))).toEqual({
    code: 1,
    err: "/w/.regal/rules/r.rego:3: undefined function f\n",
  });
  expect(await lint(rule(`${head}report := x if some x in [{"a": 1}, {"a": 2}]\n`), "-D", "-e", "broken")).toMatchObject({
    code: 1,
  });
});

test("a rule's own builtins: the tree of a text, the last item, whether a text is formatted", async () => {
  const probe = `package custom.regal.rules.naming.probe

import data.regal.ast
import data.regal.result

report contains violation if {
	module := ast.policy("allow if true")
	told := [module.rules[0].head.ref[0].value, regal.last([1, 2]), regal.is_formatted("package  p\\n", {})]
	violation := result.fail(rego.metadata.chain(), {"description": sprintf("%v", [told])})
}
`;
  const files = { "/w/p/a.rego": "package a\n", "/w/.regal/rules/r.rego": probe };
  expect(await lint(files, "-D", "-e", "probe")).toEqual({
    code: 3,
    found: ['naming/probe error p/a.rego:0:0-undefined: ["allow", 2, false] '],
  });
});

// `rw test`: what is said where, as OPA says it.
import { expect, test } from "vitest";
import { rw } from "../run-in-memory.test-helper.ts";

const cases = 'test_x[a][b] if {\n\tsome a, m in {"x": {"p": 1, "q": 2}}\n\tsome b, v in m\n\tv > 1\n}\n';

test("the first test that fails is told with its cases where coverage was to be reported", async () => {
  const { code, err } = await rw({ "/w/p_test.rego": `package p_test\n\n${cases}` }, "test", "-c", "p_test.rego");
  expect(code).toBe(1);
  expect(err.replace(/\(.*\)/u, "(T)")).toBe("data.p_test.test_x: FAIL (T)\nx: FAIL\n  p: FAIL\n  q: PASS\n\n");
});

test("the courses of failed tests are told beside coverage", async () => {
  const { out } = await rw({ "/w/p_test.rego": "package p_test\n\ntest_x if 1 == 2\n" }, "test", "-c", "-v", "p_test.rego");
  expect(out).toContain("| | Fail 1 = 2");
});

test.each([
  ["package p_test\n\ntest_x if y\n", "error parsing regexp: missing closing ): `(`\n"],
  ["package p_test\n\ntest_x if {\n", "1 error occurred during loading: p_test.rego:"],
])("a pattern is looked at behind the texts and before what they mean", async (text, said) => {
  const { code, err } = await rw({ "/w/p_test.rego": text }, "test", "-r", "(", "p_test.rego");
  expect([code, err.slice(0, said.length)]).toEqual([1, said]);
});

test.each([
  ["(?i)TEST_X", "PASS: 1/1\n"],
  ["[[:alpha:]]_y$", "PASS: 1/1\n"],
  ["data.p_test.test_[xy]", "PASS: 2/2\n"],
  ["a**", "error parsing regexp: invalid nested repetition operator: `**`\n"],
])("a pattern is one of Go's: %s", async (pattern, said) => {
  const { out, err } = await rw(
    { "/w/p_test.rego": "package p_test\n\ntest_x if true\n\ntest_y if true\n" },
    "test",
    "-r",
    pattern,
    ".",
  );
  expect(out + err).toBe(said);
});

test("where no test was run, what there is to tell comes first, and then that", async () => {
  const files = { "/w/p.rego": "package p\n\nx := 1\n" };
  expect(await rw(files, "test", "--fail-on-empty", "--format", "json", ".")).toMatchObject({
    code: 1,
    out: "[]\n",
    err: "no tests were run\n",
  });
});

test("under the capabilities of a release without test cases, each rule that has some is told", async () => {
  const rules = [
    "test_a[x] if { some x in [1]; x > 0 }",
    "test_b[x] if { x := 1 }",
    "todo_test_c[x] if { x := 1 }",
    "test_d if true",
  ];
  const files = { "/w/p.rego": `package p\n\n${rules.join("\n\n")}\n` };
  const line = "rego_type_error: undefined function internal.test_case\n";
  expect((await rw(files, "test", "--capabilities", "v1.0.0", ".")).err).toBe(`2 errors occurred:\n${line}${line}`);
  expect((await rw(files, "test", "--capabilities", "v1.0.0", "-m", "1", ".")).err).toBe(
    `2 errors occurred:\n${line}rego_compile_error: error limit reached\n`,
  );
});

const shop = `package shop

import data.rms.rbac

allow if rbac.user_has_role(input.user, "clerk")
`;

const shopTest = `package shop_test

import data.shop

test_clerk if {
	shop.allow with input as {"user": "bob"}
		with data.rms.data as {"users": {"bob": ["clerk"]}}
		with data.rms.stamp as {"as_of_s": 0, "fresh_until_s": 32503680000}
}
`;

test("coverage leaves out the library that came along", async () => {
  const { code, out } = await rw(
    { "/w/shop.rego": shop, "/w/shop_test.rego": shopTest },
    "test",
    "-c",
    "--threshold",
    "100",
    ".",
  );
  const { files, coverage } = JSON.parse(out) as { files: object; coverage: number };
  expect([code, coverage, Object.keys(files)]).toEqual([0, 100, ["shop.rego", "shop_test.rego"]]);
});

const rule = `# METADATA
# description: Packages begin with "acme"
package custom.regal.rules.naming["acme-package"]

import data.regal.ast
import data.regal.result

report contains violation if {
	not startswith(ast.package_name, "acme.")
	violation := result.fail(rego.metadata.chain(), result.location(input["package"].path[1]))
}
`;

const ruleTest = `package custom.regal.rules.naming["acme-package_test"]

import data.custom.regal.rules.naming["acme-package"] as rule
import data.regal.ast

test_other_package if count(rule.report) == 1 with input as ast.policy("x := 1")

test_acme_package if rule.report == set() with input as regal.parse_module("p.rego", "package acme.p\\n\\nx := 1\\n")
`;

test("tests of lint rules in Rego have the library and the builtins that rules ask", async () => {
  const files = { "/w/rules/acme.rego": rule, "/w/rules/acme_test.rego": ruleTest };
  const { code, out } = await rw(files, "test", "rules");
  expect([code, out]).toEqual([0, "PASS: 2/2\n"]);
});

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

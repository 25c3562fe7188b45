// Findings as other programs read them.
import { sep } from "node:path";
import { expect, test } from "vitest";
import type { ErrorItem } from "./errors.ts";
import { report } from "./reports.ts";

const unsafe: ErrorItem = {
  message: "var x is unsafe",
  code: "rego_unsafe_var_error",
  location: { file: "my policies/ü%,1:2.rego", row: 3, col: 7 },
};
const mismatch: ErrorItem = {
  message: "count: invalid argument(s)",
  code: "rego_type_error",
  location: { file: "/abs/a.rego", row: 1, col: 2 },
  lines: ["have: (number)", "want: (collection: any<string>)"],
};
const empty: ErrorItem = { message: "empty module", code: "rego_parse_error", location: { file: "e.rego", row: 0, col: 0 } };
const missing: ErrorItem = { message: "stat nope: no such file or directory" };

test("what OPA reports at another place has its own in formats that OPA does not have", () => {
  expect(report("github", [{ ...mismatch, standsAt: { row: 4, col: 5 } }])).toContain("file=/abs/a.rego,line=4,col=5");
});

test("SARIF: paths are URIs, places begin at 1, rules say what they mean, what has no place is told of the run", () => {
  const { runs } = JSON.parse(report("sarif", [unsafe, mismatch, empty, missing]));
  const [run] = runs;
  expect(
    run.tool.driver.rules.map(({ id, shortDescription }: { id: string; shortDescription: { text: string } }) => [
      id,
      shortDescription.text,
    ]),
  ).toEqual([
    ["rego_parse_error", "The text is not Rego."],
    ["rego_type_error", "A function does not exist, or values have types that do not fit."],
    ["rego_unsafe_var_error", "A variable is used that nothing binds."],
  ]);
  expect(run.results).toEqual([
    result(2, "rego_unsafe_var_error", "var x is unsafe", "my%20policies/%C3%BC%25%2C1%3A2.rego", 3, 7),
    result(
      1,
      "rego_type_error",
      "count: invalid argument(s)\nhave: (number)\nwant: (collection: any<string>)",
      "file:///abs/a.rego",
      1,
      2,
    ),
    result(0, "rego_parse_error", "empty module", "e.rego", 1, 1),
  ]);
  expect(run.invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: "error", message: { text: "stat nope: no such file or directory" } }],
    },
  ]);
  expect(JSON.parse(report("sarif", [])).runs[0].results).toEqual([]);
});

test("SARIF: a path with a drive is absolute", () => {
  const item: ErrorItem = { ...unsafe, location: { file: "C:\\my policies\\a.rego", row: 1, col: 1 } };
  const [found] = JSON.parse(report("sarif", [item])).runs[0].results;
  expect(found.locations[0].physicalLocation.artifactLocation.uri).toBe("file:///C:/my%20policies/a.rego");
});

test.runIf(sep === "/")("SARIF: a backslash in a name stays part of it", () => {
  const item: ErrorItem = { ...unsafe, location: { file: "rules/a\\b.rego", row: 1, col: 1 } };
  const [found] = JSON.parse(report("sarif", [item])).runs[0].results;
  expect(found.locations[0].physicalLocation.artifactLocation.uri).toBe("rules/a%5Cb.rego");
});

function result(ruleIndex: number, ruleId: string, text: string, uri: string, startLine: number, startColumn: number): object {
  const region = { startLine, startColumn };
  const locations = [{ physicalLocation: { artifactLocation: { uri }, region } }];
  return { ruleId, ruleIndex, level: "error", message: { text }, locations };
}

test("GitHub: what would end a property or a command is escaped", () => {
  expect(
    report("github", [unsafe, mismatch, empty, missing]),
  ).toBe(`::error file=my policies/ü%25%2C1%3A2.rego,line=3,col=7,title=rego_unsafe_var_error::var x is unsafe
::error file=/abs/a.rego,line=1,col=2,title=rego_type_error::count: invalid argument(s)%0Ahave: (number)%0Awant: (collection: any<string>)
::error file=e.rego,line=1,col=1,title=rego_parse_error::empty module
::error title=load_error::stat nope: no such file or directory
`);
});

test("JUnit: a failed case each, one that passes where nothing is wrong; nothing that XML cannot hold", () => {
  const odd: ErrorItem = { ...unsafe, message: 'a < "b"\u0000 & c\td', location: { file: "a.rego", row: 1, col: 1 } };
  expect(report("junit", [odd, missing])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="2" errors="0">
  <testsuite name="rw check" tests="2" failures="2" errors="0">
    <testcase classname="a.rego" name="a.rego:1:1">
      <failure type="rego_unsafe_var_error" message="a &lt; &quot;b&quot;\ufffd &amp; c&#9;d">a.rego:1:1: a &lt; &quot;b&quot;\ufffd &amp; c&#9;d</failure>
    </testcase>
    <testcase classname="check" name="load_error">
      <failure type="load_error" message="stat nope: no such file or directory">stat nope: no such file or directory</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  expect(report("junit", [])).toContain('tests="1" failures="0" errors="0"');
});

// `rw lint` over files in memory: configuration, directives, flags, exit codes.
import { expect, test } from "vitest";
import { rw } from "../run-in-memory.test-helper.ts";

const policy = `package authz

#reads
allow if not not_admin
`;

/** `rule place` for each violation, and the exit code. */
async function lint(files: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  const { code, out, err } = await rw(files, "lint", "--format", "json", ...flags);
  if (err !== "") return { code, err };
  const { violations } = JSON.parse(out) as {
    violations: { title: string; level: string; location: { file: string; row: number; col: number } }[];
  };
  const only = violations.filter(({ title }) => title === "double-negative" || title === "no-whitespace-comment");
  return {
    code,
    found: only.map(({ title, level, location: { file, row, col } }) => `${title} ${level} ${file}:${row}:${col}`),
  };
}

const chosen = ["-D", "-e", "double-negative", "-e", "no-whitespace-comment"];

test("finds what the rules find, and fails", async () => {
  expect(await lint({ "/w/p/authz.rego": policy }, "p", ...chosen)).toEqual({
    code: 3,
    found: ["no-whitespace-comment error p/authz.rego:3:1", "double-negative error p/authz.rego:4:10"],
  });
});

test("what is about a whole file is in its first row, be that empty", async () => {
  const { out } = await rw({ "/w/a.rego": "\npackage a\n" }, "lint", "a.rego", "--format", "json", "-D", "-e", "opa-fmt");
  expect(JSON.parse(out).violations[0].location).toMatchObject({ row: 1, col: 1 });
});

test("a directive switches a rule off for its line and the one below", async () => {
  const ignoring = policy.replace("allow", "# regal ignore:double-negative\nallow");
  expect(await lint({ "/w/p/authz.rego": ignoring }, "p", "-D", "-e", "double-negative")).toEqual({ code: 0, found: [] });
});

test("the configuration is found upwards; levels, options and files to leave out are its own", async () => {
  const config = `
rules:
  default: {level: ignore}
  style:
    double-negative: {level: warning}
    no-whitespace-comment: {level: error, except-pattern: ^reads}
ignore: {files: ["old/"]}
`;
  const files = { "/w/.regal/config.yaml": config, "/w/p/authz.rego": policy, "/w/p/old/authz.rego": policy };
  const found = ["double-negative warning p/authz.rego:4:10"];
  expect(await lint(files, "p")).toEqual({ code: 0, found });
  expect(await lint(files, "p", "--fail-level", "warning")).toEqual({ code: 2, found });
  expect((await lint(files, "p", "--ignore-files", "authz.rego")).found).toEqual([]);
});

test("what cannot be linted is told", async () => {
  const broken = await lint({ "/w/p/a.rego": "package p\n\nallow if }" }, "p");
  expect(broken).toEqual({ code: 1, err: expect.stringContaining("p/a.rego:3: rego_parse_error: ") });
  expect(await lint({}, "p")).toEqual({ code: 1, err: "stat p: no such file or directory\n" });
  expect(await lint({ "/w/a.rego": policy }, "a.rego", "-e", "no-such-rule")).toEqual({
    code: 1,
    err: "unknown rules: no-such-rule\n",
  });
  const odd = { "/w/a.rego": policy, "/w/.regal.yaml": "rules: {style: {no-such-rule: {level: error}}}" };
  expect(await lint(odd, "a.rego")).toEqual({ code: 1, err: "/w/.regal.yaml: unknown rules: no-such-rule\n" });
});

test("the report for people says how much can be fixed", async () => {
  const { out } = await rw({ "/w/authz.rego": policy }, "lint", "authz.rego", ...chosen);
  expect(out).toBe(`Rule:          no-whitespace-comment
Level:         error
Description:   Comment should start with whitespace
Category:      style
Location:      authz.rego:3:1
Text:          #reads
Documentation: https://www.openpolicyagent.org/projects/regal/rules/style/no-whitespace-comment

Rule:          double-negative
Level:         error
Description:   Avoid double negatives
Category:      style
Location:      authz.rego:4:10
Text:          allow if not not_admin
Documentation: https://www.openpolicyagent.org/projects/regal/rules/style/double-negative

1 file linted. 2 violations found.

Hint: 1/2 violations can be automatically fixed (no-whitespace-comment)
      Run rw fix --help for more details.
`);
});

test("a file that is named in several ways is linted once; what is no policy is passed over", async () => {
  const files = { "/w/p/authz.rego": policy, "/w/p/README.md": "# Policies" };
  const once = await lint(files, "p", ...chosen);
  expect(await lint(files, "./p/authz.rego", "p", "/w/p/authz.rego", "p/README.md", ...chosen)).toEqual({
    code: 3,
    found: once.found?.map((one) => one.replace("p/", "./p/")),
  });
  expect(await lint(files, "p/README.md")).toEqual({ code: 0, found: [] });
});

test("METADATA that cannot be read is an error, as it is for OPA", async () => {
  const broken = "package p\n\n# METADATA\n# title: a\n# regal ignore:todo-comment\nx := 1\n";
  expect(await lint({ "/w/p/a.rego": broken }, "p")).toEqual({
    code: 1,
    err: expect.stringContaining("p/a.rego:5: rego_parse_error: yaml: "),
  });
});

test("a configuration that is no YAML, or has a key twice, is told with its line", async () => {
  const files = { "/w/a.rego": policy, "/w/.regal.yaml": "rules:\n  style:\n  bugs\n  custom: {}\n" };
  expect(await lint(files, "a.rego")).toEqual({ code: 1, err: "/w/.regal.yaml:3: could not find expected ':'\n" });
  const twice = { "/w/a.rego": policy, "/w/.regal.yaml": "rules:\n  style: {}\n  bugs: {}\n  style: {}\n" };
  expect(await lint(twice, "a.rego")).toEqual({
    code: 1,
    err: "/w/.regal.yaml:4: style is there already, in line 2: join the two\n",
  });
});

test("a configuration for an OPA that is not known is told", async () => {
  const said = async (from: string) =>
    (await lint({ "/w/a.rego": policy, "/w/.regal.yaml": `capabilities: {from: {${from}}}` }, "a.rego")).err;
  expect(await said("version: v9.9.9")).toBe("/w/.regal.yaml: capabilities.from: there is no release v9.9.9 of OPA\n");
  expect(await said("file: no.json")).toBe(
    "/w/.regal.yaml: capabilities.from: no.json is not there, or no file of capabilities\n",
  );
});

test("a rule below a category that is not its own is told", async () => {
  const config = "rules: {bugs: {double-negative: {level: ignore}}}";
  const { code, err } = await rw({ "/w/a.rego": policy, "/w/.regal.yaml": config }, "lint", "a.rego");
  expect({ code, err }).toEqual({
    code: 3,
    err: "warning: /w/.regal.yaml: rules.bugs.double-negative changes nothing: double-negative is in the category style\n",
  });
});

test("options that a rule cannot use are told, and left out", async () => {
  const config =
    "rules: {style: {line-length: {max-line-length: wide, levle: error}}, custom: {naming-convention: {conventions: [null]}}}";
  const { code, err } = await rw({ "/w/a.rego": policy, "/w/.regal.yaml": config }, "lint", "a.rego", "-E");
  expect({ code, err }).toEqual({
    code: 3,
    err: `warning: /w/.regal.yaml: rules.custom.naming-convention.conventions changes nothing: has an item of the wrong kind
warning: /w/.regal.yaml: rules.style.line-length.levle changes nothing: line-length has no such option
warning: /w/.regal.yaml: rules.style.line-length.max-line-length changes nothing: must be a number
`,
  });
});

test("backslashes in paths, as Windows has them, are slashes to patterns and packages", async () => {
  const files = { "/w/authz\\a.rego": "package authz\n\n#x\ny := 1\n" };
  const flags = ["--format", "json", "-D", "-e", "directory-package-mismatch", "-e", "no-whitespace-comment"];
  const { out } = await rw(files, "lint", "authz\\a.rego", ...flags);
  expect(JSON.parse(out).violations.map(({ title }: { title: string }) => title)).toEqual(["no-whitespace-comment"]);
  expect((await rw(files, "lint", "authz\\a.rego", ...flags, "--ignore-files", "authz/")).code).toBe(0);
});

test("lint of rw.conf holds, over the linter's own file and in place of the user's", async () => {
  const policies = { "/w/p/authz.rego": policy };
  const conf = "lint.rules { default.level = ignore, style.double-negative.level = warning }\n";
  const found = ["double-negative warning p/authz.rego:4:10"];
  expect(await lint({ ...policies, "/w/p/rw.conf": conf }, "p")).toEqual({ code: 0, found });
  const yaml = "rules: {style: {no-whitespace-comment: {level: error}, double-negative: {level: error}}}\n";
  const both = await lint({ ...policies, "/w/p/rw.conf": conf, "/w/p/.regal.yaml": yaml }, "p");
  expect(both).toEqual({ code: 3, found: ["no-whitespace-comment error p/authz.rego:3:1", ...found] });
  const wrong = "lint.rules.style.double-negative.level = loud\n";
  expect(await lint({ ...policies, "/w/p/rw.conf": wrong }, "p")).toEqual({
    code: 1,
    err: "/w/p/rw.conf:1: lint.rules.style.double-negative.level must be error, warning or ignore\n",
  });
  const unknown = "lint.rules.style.double-negatives.level = error\n";
  expect(await lint({ ...policies, "/w/p/rw.conf": unknown }, "p")).toEqual({
    code: 1,
    err: "/w/p/rw.conf: unknown rules: double-negatives\n",
  });
});

test("what Regal's own configuration names and nothing reads is not told", async () => {
  const config = 'rules: {imports: {unresolved-reference: {excepted_export_patterns: ["**.test_*"]}}}\n';
  expect(await lint({ "/w/p/authz.rego": "package authz\n", "/w/.regal.yaml": config }, "p", ...chosen)).toEqual({
    code: 0,
    found: [],
  });
});

test("why rules look at nothing is told in the report, and counted for rules that somebody named or would miss", async () => {
  const report = async (config: string) => {
    const files = { "/w/p/authz.rego": "package authz\n", "/w/.regal.yaml": config };
    const { out } = await rw(files, "lint", "--format", "json", "p");
    const { notices, summary } = JSON.parse(out) as { notices: Record<string, string>[]; summary: { rules_skipped: number } };
    return { skipped: summary.rules_skipped, notices: notices.map(({ title, severity }) => `${title} ${severity}`) };
  };
  expect(await report("rules: {bugs: {rule-named-if: {level: error}, deprecated-builtin: {level: ignore}}}\n")).toEqual({
    skipped: 1,
    notices: ["import-shadows-import none", "rule-named-if error", "use-contains none", "use-if none", "use-rego-v1 none"],
  });
  expect(await report("capabilities: {from: {engine: opa, version: v0.34.0}}\n")).toEqual({
    skipped: 6,
    notices: [
      "custom-has-key-construct warning",
      "if-object-literal warning",
      "use-array-flatten none",
      "use-contains warning",
      "use-if warning",
      "use-object-union-n none",
      "use-rego-v1 warning",
      "use-strings-count warning",
    ],
  });
});

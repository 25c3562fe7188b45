// Hints on legal but doubtful HOCON.
import { expect, test } from "vitest";
import { dedent, open } from "../fixture.test-helper.ts";
import { hoconHints } from "./hints.ts";
import { unsetVariables } from "./unset-variables.ts";

async function hints(text: string): Promise<string[]> {
  const { file } = await open(`#- inputs/a.conf\n${dedent(text)}`);
  return hoconHints(file).map(({ code, range }) => `${code} ${JSON.stringify(file.text.slice(range.start, range.end))}`);
}

test("a value that a later one hides", async () => {
  expect(await hints("a = 1\na = ${?x}\nb { c = 1 }\nb.c = 2\na = 3\n")).toEqual([
    'hocon_overridden "a = 1"',
    'hocon_overridden "a = ${?x}"',
    'hocon_overridden "c = 1"',
  ]);
});

test("a value of another type than the earlier one of its path", async () => {
  const { file } = await open(
    "#- inputs/a.conf\nlimits { day = 5 }\nlimits = [1]\nlevel = 3\nlevel = high\nlevel = null\nx = ${y}\nx = 1\n",
  );
  const told = hoconHints(file).filter(({ code }) => code === "hocon_type_change");
  expect(told.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
    "warning: `limits` is a list here and an object on line 1: it replaces that value, nothing merges",
    "hint: `level` is a string here and a number on line 3: policies that compare it see another type",
  ]);
});

test("a value that a later one may use stays", async () => {
  expect(await hints("a = 1\na = ${?x}\nb = [1]\nb += 2\nc { d = 1 }\nc = ${b}\n")).toEqual([]);
});

test("doubled keys, dropped text, large integers, units, extensions", async () => {
  expect(
    await hints('a { x = 1 }\na { y = 2 }\nb = [1] x\nc = 9223372036854775808\nd = 10K\ne = 2 days\ninclude "z.hocon"\n'),
  ).toEqual([
    'hocon_duplicate_key "a"',
    'hocon_dropped_text "x"',
    'hocon_large_integer "9223372036854775808"',
    'hocon_unit "10K"',
    'hocon_unit "2 days"',
    'hocon_include_extension "\\"z.hocon\\""',
  ]);
});

test("an optional substitution that no profile ever sets", async () => {
  const { project, file } = await open(
    "#- inputs/a.conf\na = ${?REGION}\nb = ${?NEVER}\nc = ${?a}\n#- rw.conf\nprofiles.uat.env.REGION = eu\n",
  );
  expect(unsetVariables(project, file).map(({ range }) => file.text.slice(range.start, range.end))).toEqual(["${?NEVER}"]);
});

// Refactorings: what is offered at a place, and the text that each one makes. `«»` is the cursor, `«…»` what is selected.
import { describe, expect, test } from "vitest";
import { withEdits } from "#grammars/text/edits.ts";
import { dedent, open } from "../../fixture.test-helper.ts";
import { refactoringsAt } from "./index.ts";

async function offered(body: string) {
  const marked = `package p\n\n${dedent(body)}`;
  const start = marked.indexOf("«");
  const range = { start, end: marked.indexOf("»") - 1 };
  const text = marked.replace("«", "").replace("»", "");
  const { project, file } = await open(text);
  return { text, found: refactoringsAt(project, file, range) };
}

/** The policy below its package after the refactoring whose title begins so; a list of the titles where there is none. */
async function refactored(body: string, title: string): Promise<string> {
  const { text, found } = await offered(body);
  const one = found.find((other) => other.title.startsWith(title));
  if (one === undefined) return `not offered: ${found.map((other) => other.title).join(", ")}`;
  return withEdits(text, one.edits).slice("package p\n\n".length).trimEnd();
}

const text = (body: string): string => dedent(body).trimEnd();

describe("extract variable", () => {
  test.each([
    [
      "a body without braces gets them",
      "allow if «count(input.roles)» > 2",
      "allow if {\n\tcount_value := count(input.roles)\n\tcount_value > 2\n}",
    ],
    [
      "on its own line before the expression, comments stay",
      'allow if {\n\tinput.x # why\n\tf(«input.userName») == "ann"\n}\n\nf(x) := x',
      'allow if {\n\tinput.x # why\n\tuser_name := input.userName\n\tf(user_name) == "ann"\n}\n\nf(x) := x',
    ],
    [
      "in a comprehension",
      "p := [x | some x in input.xs; x > «input.limit.max»]",
      "p := [x | some x in input.xs; max_value := input.limit.max; x > max_value]",
    ],
    [
      "among the members of a comprehension",
      "p := [«x.name» | some x in input.xs]",
      "p := [name | some x in input.xs; name := x.name]",
    ],
    ["in the head of a rule", "p := «input.a + 1» if input.b", "p := value if {\n\tinput.b\n\tvalue := input.a + 1\n}"],
    [
      "a name that is taken is counted on",
      "a := 1\n\np if {\n\tf(«input.a»)\n}\n\nf(x) if x",
      "a := 1\n\np if {\n\ta_2 := input.a\n\tf(a_2)\n}\n\nf(x) if x",
    ],
    ["before an expression with a minus, on one line", "p if {\n\t-1 < «input.n»\n}", "p if {\n\tn := input.n; -1 < n\n}"],
  ])("%s", async (_, before, after) => {
    expect(await refactored(before, "Extract variable")).toBe(after);
  });

  test.each([
    ["below not, where undefined is true", "p if not f(«input.a»)\n\nf(x) if x"],
    ["below with, which changes the input", "p if f(«input.a») with input as {}\n\nf(x) if x"],
    ["a pattern", "p if {\n\t«[a, b]» := input.xs\n\ta == b\n}"],
    ["a part of a unification", "p if {\n\t[a, «2»] = input.xs\n\ta\n}"],
    ["a hole of a template", 'p := $"{«input.a»}"'],
    ["what is assigned already", "p if {\n\tx := «input.a»\n\tx > 1\n}"],
  ])("not %s", async (_, before) => {
    expect(await refactored(before, "Extract variable")).toMatch(/^not offered/u);
  });
});

describe("extract rule and function", () => {
  test("a value, with the locals it needs as arguments", async () => {
    expect(
      await refactored("p contains x if {\n\tsome x in input.xs\n\tx > «x * input.rate» + 1\n}\n\nq := 1", "Extract function"),
    ).toBe("p contains x if {\n\tsome x in input.xs\n\tx > value(x) + 1\n}\n\nvalue(x) := x * input.rate\n\nq := 1");
  });

  test("conditions with their comments, behind all clauses of the rule", async () => {
    expect(
      await refactored(
        `
        allow if {
        	some x in input.xs
        	«x.size > 3 # big
        	x.kind == "a"»
        }

        allow if input.admin
        `,
        "Extract function",
      ),
    ).toBe(
      text(`
        allow if {
        	some x in input.xs
        	condition(x)
        }

        allow if input.admin

        condition(x) if {
        	x.size > 3 # big
        	x.kind == "a"
        }
      `),
    );
  });

  test("without arguments it is a rule", async () => {
    expect(await refactored('allow if «input.role == "admin"»', "Extract rule")).toBe(
      'allow if role_ok\n\nrole_ok if input.role == "admin"',
    );
  });

  test.each([
    ["what goes through several values", "p if «input.xs[_]» == 1"],
    ["conditions that give others their variables", "p if {\n\t«some x in input.xs»\n\tx > 1\n}"],
  ])("not %s", async (_, before) => {
    expect(await refactored(before, "Extract rule")).toMatch(/^not offered/u);
    expect(await refactored(before, "Extract function")).toMatch(/^not offered/u);
  });
});

describe("inline", () => {
  test.each([
    ["an operator in parentheses", "p if {\n\tn«» := input.a + 1\n\tn * 2 > 4\n}", "p if {\n\t(input.a + 1) * 2 > 4\n}"],
    ["into the head of a rule that then has no body", "p := n if n« » := input.a", "p := input.a"],
    [
      "below not, when the body asks it, too",
      "p if {\n\tn«» := input.a\n\tn\n\tnot f(n)\n}\n\nf(x) if x > 1",
      "p if {\n\tinput.a\n\tnot f(input.a)\n}\n\nf(x) if x > 1",
    ],
  ])("variable: %s", async (_, before, after) => {
    expect(await refactored(before, "Inline variable")).toBe(after);
  });

  test.each([
    ["below not alone", "p if {\n\tn«» := input.a\n\tnot f(n)\n}\n\nf(x) if x > 1"],
    ["of what goes through several values, used twice", "p if {\n\tn«» := input.a[_]\n\tn > 1\n\tn < 3\n}"],
    ["below another input", "p if {\n\tn«» := input.a\n\tf(n) with input as {}\n}\n\nf(x) if x > 1"],
    ["where its names mean others", "p if {\n\tx := 1\n\tn«» := x\n\tcount([x | some x in input.xs; x > n]) > n\n}"],
  ])("no variable %s", async (_, before) => {
    expect(await refactored(before, "Inline variable")).toMatch(/^not offered/u);
  });

  test("a rule that is a value, and one that is a condition", async () => {
    expect(await refactored("limit«» := 10\n\n# asks\nallow if input.n > limit\n", "Inline rule")).toBe(
      "# asks\nallow if input.n > 10",
    );
    expect(
      await refactored(
        "is_admin«» if {\n\tinput.role\n\tinput.x\n}\n\nallow if is_admin\n\nb if {\n\tinput.y\n\tis_admin\n}\n",
        "Inline rule",
      ),
    ).toBe("allow if {\n\tinput.role\n\tinput.x\n}\n\nb if {\n\tinput.y\n\tinput.role\n\tinput.x\n}");
  });

  test.each([
    ["with several clauses", "a«» if input.x\n\na if input.y\n\nb if a"],
    ["that is negated", "a«» if input.x\n\nb if not a"],
    ["that `with` replaces", "a«» := 1\n\nb if c with data.p.a as 2\n\nc if a == 1"],
  ])("no rule %s", async (_, before) => {
    expect(await refactored(before, "Inline rule")).toMatch(/^not offered/u);
  });
});

test.each([
  ["in a body", 'p if {\n\tinput.users[«»_].name == "ann"\n}', 'p if {\n\tsome user in input.users\n\tuser.name == "ann"\n}'],
  ["in a head", "p contains input.entries[«»_].id", "p contains entry.id if some entry in input.entries"],
  ["among the members of a comprehension", "p := [input.xs[«»_] | input.ok]", "p := [x | some x in input.xs; input.ok]"],
])("a wildcard gets a name %s", async (_, before, after) => {
  expect(await refactored(before, "Name what")).toBe(after);
});

test("a comprehension becomes a rule, when it needs nothing from around it", async () => {
  expect(await refactored("all if count({«»x | some x in input.xs; x > 1}) > 2", "Make it a rule")).toBe(
    "all if count(members) > 2\n\nmembers contains x if {\n\tsome x in input.xs\n\tx > 1\n}",
  );
  expect(await refactored("p := m.a if m := {u.n: u | «»some u in input.us}", "Make it a rule")).toBe(
    "p := m.a if m := m_found\n\nm_found[u.n] := u if some u in input.us",
  );
  expect(await refactored("p if {\n\tn := input.n\n\tcount({«»x | some x in input.xs; x > n}) > 2\n}", "Make it a rule")).toMatch(
    /^not offered/u,
  );
});

describe("clauses", () => {
  test("one for each value", async () => {
    expect(await refactored('allow if {\n\tinput.role «»in ["a", "b"]\n\tinput.x\n}', "Split into")).toBe(
      'allow if {\n\tinput.role == "a"\n\tinput.x\n}\n\nallow if {\n\tinput.role == "b"\n\tinput.x\n}',
    );
    expect(await refactored("p := input.x if input.role «»in [1, 2]", "Split into")).toMatch(/^not offered/u);
  });

  test("one for each branch of else; what one line cannot deny gets a rule", async () => {
    expect(await refactored("f(x) := 1 if {«»\n\tx > 1\n\tx < 5\n} else := 2 if x == 7\n\nelse := 3", "Write the branches")).toBe(
      text(`
        f(x) := 1 if {
        	x > 1
        	x < 5
        }

        f(x) := 2 if {
        	not f_1(x)
        	x == 7
        }

        f(x) := 3 if {
        	not f_1(x)
        	not x == 7
        }

        f_1(x) if {
        	x > 1
        	x < 5
        }
      `),
    );
    expect(await refactored("p := «»input.a if input.b else := 2", "Write the branches")).toMatch(/^not offered/u);
  });

  test("a default in place of the clause with not", async () => {
    expect(await refactored('g := "a" if input.x «»== 1\n\ng := "b" if not input.x == 1', "Use a default")).toBe(
      'default g := "b"\n\ng := "a" if input.x == 1',
    );
    expect(await refactored('g := input.y if input.x «»== 1\n\ng := "b" if not input.x == 1', "Use a default")).toMatch(
      /^not offered/u,
    );
  });
});

test("sprintf and template strings, with a word where a value may be missing", async () => {
  const there = 'p := «»sprintf("%s: {%v} 100%%", [input.user, x]) if x := 1';
  expect(await refactored(there, "Write it as")).toBe('p := $"{input.user}: \\{{x}} 100%" if x := 1');
  expect((await offered(there)).found.map(({ caution }) => caution)[0]).toContain("where input.user is undefined");
  expect(await refactored('p := $"«»{x}: \\{ \\"x\\" 100%" if x := 1', "Write it with")).toBe(
    'p := sprintf("%v: { \\"x\\" 100%%", [x]) if x := 1',
  );
  expect(await refactored('p := «»sprintf("%5d", [1])', "Write it as")).toMatch(/^not offered/u);
});

test("METADATA above rules and the package", async () => {
  expect(await refactored("user_is«»Admin if input.x\n\nuser_isAdmin if input.y", "Add METADATA")).toBe(
    "# METADATA\n# title: User is Admin\n# scope: document\nuser_isAdmin if input.x\n\nuser_isAdmin if input.y",
  );
  expect(await refactored("# said\np«» := 1", "Add METADATA")).toMatch(/^not offered/u);
});

test("nothing in a text with a fault, nor in Rego v0", async () => {
  expect(await refactored("p if «input.x» >", "Extract")).toBe("not offered: ");
  const { project, file } = await open("package p\n\nallow { input.x }\n");
  expect(refactoringsAt(project, file, { start: 19, end: 26 })).toEqual([]);
});

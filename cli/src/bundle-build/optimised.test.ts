// Policies as `build -O` writes them, and when they stay as they are.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { optimisedPolicies } from "./optimised.ts";

interface Given {
  readonly entrypoints?: readonly string[];
  readonly roots?: readonly string[];
  readonly data?: string;
}

/** The files below `/optimized`, without blank lines; `left` with what is left of the others. */
function optimised(text: string, { entrypoints = ["a/p"], roots = [""], data = "{}" }: Given = {}, left = false): string {
  const modules = text.split("#- ").map((part, at) => {
    const [first, ...rest] = part.split("\n");
    return at === 0 ? parseModule(part, { file: "a.rego" }) : parseModule(rest.join("\n"), { file: first! });
  });
  const options = { printing: true };
  const checked = checkModules(modules, options);
  const out = optimisedPolicies(checked, { modules, entrypoints, roots, data, options });
  return [
    ...out.undecided.map((one) => `undefined ${one}`),
    ...out.modules
      .filter(({ file }) => left || file.startsWith("optimized/"))
      .flatMap((module) => [`# ${module.file}`, ...module.text.split("\n").filter((line) => line.trim() !== "")]),
  ].join("\n");
}

test("rules that need no input have their value, small ones stand in the place of refs", () => {
  const text = `package a
limit := 10 + 5
names contains x if some x in ["b", "a"]
tables[x] := y if some x, y in {"a": {1, 2}, "b": {3}}
p if { input.n > limit; input.name in names; input.m in tables[input.k] }
p if { input.z; input.m in tables[key] }
key := "b"
`;
  expect(optimised(text)).toBe(`# optimized/a.rego
package a
p if { input.n > 15; input.name in {"a", "b"}; input.m in tables[input.k] }
p if { input.z; input.m in {3} }
tables := {"a": {1, 2}, "b": {3}}`);
});

test("conditions that hold are gone, rules that never hold too", () => {
  const text = `package a
import data.cfg
default p := false
p if { cfg.on; input.x }
p if {
	cfg.max > 10 # never
	input.y
}
p if { input.z; "a" in {"a", "b"} }
`;
  expect(optimised(text, { data: '{"cfg": {"on": true, "max": 3}}' })).toBe(`# optimized/a.rego
package a
default p := false
p if { input.x }
p if { input.z }`);
});

test("names of imports become paths", () => {
  const text = `package a
import data.lib as l
import input.user
p if l.ok(user.name) with l.seen as {}
#- lib.rego
package lib
ok(x) if { x == k; not seen[x] }
seen[x] if some x in input.seen
k := "me"
`;
  expect(optimised(text)).toBe(`# optimized/a.rego
package a
p if data.lib.ok(input.user.name) with data.lib.seen as {}
# optimized/lib.rego
package lib
ok(x) if { x == "me"; not seen[x] }`);
});

test("what others change, what varies and what with replaces stays a calculation", () => {
  const text = `package a
p if { data.other.on; time.now_ns() > 5; input.x == k }
p if { data.a.cfg.on; input.y }
q if p with k as 2
k := 1
`;
  const data = '{"other": {"on": true}, "a": {"cfg": {"on": true}}}';
  expect(optimised(text, { roots: ["a"], data })).toBe(`# optimized/a.rego
package a
p if { data.other.on; time.now_ns() > 5; input.x == k }
p if { input.y }`);
});

test("an error that a decision has is no optimised away", () => {
  const text = `package a
p if { f(input.x); no }
p if input.name == owner
f(1) := 1
f(x) := 2 if x > 0
no if 1 == 2
owner := "me"
`;
  expect(optimised(text)).toBe(`# optimized/a.rego
package a
p if { f(input.x); no }
p if input.name == "me"`);
});

test("a negative number is not taken from the expression before it", () => {
  const text = `package a
p if {
	input.x
	n < input.y
	input.z > n
}
n := -1
`;
  expect(optimised(text)).toBe(`# optimized/a.rego
package a
p if {
	input.x
	n < input.y
	input.z > -1
}
n := -1`);
});

test("what is told of a rule above it goes with it; the rest of the file stays", () => {
  const text = `# METADATA
# title: all
package a

# METADATA
# title: p
p if input.x # always

# METADATA
# title: q
q if input.y
`;
  expect(optimised(text, {}, true)).toBe(`# a.rego
# METADATA
# title: all
package a
# METADATA
# title: q
q if input.y
# optimized/a.rego
package a
p if input.x`);
});

test("an entrypoint that no input decides is named", () => {
  expect(optimised("package a\np if k > 1\nk := 1\n")).toBe("undefined a/p");
  expect(optimised("package a\np contains 1 if k > 1\nk := 1\n")).toBe("# optimized/a.rego\npackage a\np := set()");
});

test("a large value stays a calculation", () => {
  const text = `package a
p if input.n in big
big := numbers.range(1, 5000)
`;
  expect(optimised(text)).toBe("# optimized/a.rego\npackage a\np if input.n in big");
});

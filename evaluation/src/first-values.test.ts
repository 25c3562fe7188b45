// OPA's interpreter goes on with the first value of a rule before it looks for others: prints tell. The expected ones are those of OPA.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance, type Outcome } from "./instance.ts";

const rules = `
p := x if {
  some x in [1, 1, 1]
  print("p", x)
}

f(y) := x if {
  some x in [1, 1, 1]
  print("f", x, y)
}

s := x if {
  some x in [1, 2]
  print("s", x)
}

t := y if y := 1

t := y if {
  y := 2
  print("t2")
}

g(x) := x if {
  some y in [1, 2]
  f(y)
  print("g", x, y)
}

g(x) := x if print("g2", x)

e(x) := "a" if {
  x == 1
  print("e1")
} else := y if {
  some y in ["b", "b"]
  print("e2", y)
}

default e(_) := "d"

w := z if {
  some q in [1, 1]
  z := f(q) with input.q as q
  print("w", z)
}

r19 := y if {
  p
  some y in [1, 1]
  g(y)
  print("r19")
}
`;

function decide(asked: string, rule: string, watch: { readonly watch?: "counts" } = {}, other = "package a"): Outcome {
  const module = parseModule(`package p\nimport future.keywords.or\n${rules}\n${rule}\n`, { file: "p.rego" });
  const checked = checkModules([module, parseModule(other, { file: "other.rego" })], { printing: true });
  const compiled = compile(checked, { entrypoints: [`p/${asked}`], ...watch });
  return createInstance(compiled.module!, { now: () => 0n }).evaluate(`p/${asked}`, "{}");
}

const printed = ({ prints }: Outcome): string => prints.map(({ line }) => line).join(" / ");

test.each([
  [
    "behind a rule",
    "r1",
    `r1 if {
  p
  print("q")
}`,
    "p 1 / q / p 1 / p 1",
  ],
  [
    "in a set",
    "r2",
    `r2 contains z if {
  some z in [1, 2]
  f(z)
  print("r", z)
}`,
    "f 1 1 / r 1 / f 1 1 / f 1 1 / f 1 2 / r 2 / f 1 2 / f 1 2",
  ],
  [
    "in a comprehension",
    "r4",
    `r4 := [x | some a in [1, 2]; x := g(a); print("in", x)]`,
    "f 1 1 / g 1 1 / in 1 / f 1 1 / f 1 1 / f 1 2 / g 1 2 / f 1 2 / f 1 2 / g2 1 / g 2 1 / in 2 / g 2 2 / g2 2",
  ],
  [
    "under not",
    "r5",
    `r5 if {
  not f(7)
  print("never")
}`,
    "f 1 7 / f 1 7 / f 1 7",
  ],
  [
    "in every",
    "r6",
    `r6 if {
  every a in [1, 2] {
    f(a) == 1
    print("every", a)
  }
  print("after")
}`,
    "f 1 1 / every 1 / f 1 1 / f 1 1 / f 1 2 / every 2 / f 1 2 / f 1 2 / after",
  ],
  [
    "of a rule that conflicts inside one with an early exit",
    "r21",
    `several := x if some x in [1, 2]
holds if several
r21 if {
  holds
  print("r21")
}`,
    "r21",
  ],
  ["of else", "r7", `r7 := {e(1), e(2), e(3)}`, "e1 / e2 b / e2 b / e2 b / e2 b"],
  [
    "of a rule with with",
    "r8",
    `r8 := x if {
  x := w
  print("r8", x)
}`,
    "f 1 1 / w 1 / r8 1 / f 1 1 / f 1 1 / f 1 1 / w 1 / f 1 1 / f 1 1",
  ],
  [
    "of a literal with with that binds nothing",
    "r20",
    `r20 if {
  g(1) == 1 with input.q as p
  f(2) with f as g
  print("r20")
}`,
    "p 1 / f 1 1 / g 1 1 / f 1 1 / g 2 1 / r20 / f 1 1 / f 1 1 / f 1 2 / g 2 2 / f 1 2 / f 1 2 / g2 2 / f 1 1 / f 1 1 / f 1 2 / g 1 2 / f 1 2 / f 1 2 / g2 1 / p 1 / p 1",
  ],
  [
    "asked again",
    "r9",
    `r9 := [p, f(1), p, f(1), w]`,
    "f 1 1 / p 1 / f 1 1 / w 1 / f 1 1 / f 1 1 / f 1 1 / w 1 / f 1 1 / f 1 1 / p 1 / p 1 / f 1 1 / f 1 1",
  ],
  [
    "in an object comprehension",
    "r10",
    `r10 := {k: v | some k in ["a", "b"]; v := f(k); print("oc", k, v)}`,
    "f 1 a / oc a 1 / f 1 a / f 1 a / f 1 b / oc b 1 / f 1 b / f 1 b",
  ],
  [
    "before else",
    "r11",
    `r11 if {
  p == 2
} else if {
  f(3) == 1
  print("else")
} else if print("no")`,
    "p 1 / p 1 / p 1 / f 1 3 / else / f 1 3 / f 1 3",
  ],
  [
    "one after the other",
    "r12",
    `r12 := x if {
  f(1)
  f(2)
  f(3)
  x := p + g(1)
  print("r12")
}`,
    "f 1 1 / f 1 2 / f 1 3 / g 1 1 / p 1 / r12 / p 1 / p 1 / g 1 2 / g2 1 / f 1 3 / f 1 3 / f 1 2 / f 1 2 / f 1 1 / f 1 1",
  ],
  [
    "under or",
    "r13",
    `r13 if {
  (f(1) == 2) or (p == 1)
  print("r13")
}`,
    "f 1 1 / f 1 1 / f 1 1 / p 1 / p 1 / p 1 / r13",
  ],
  [
    "among arguments",
    "r14",
    `r14 := sprintf("%d %v", [f(1), {y | y := g(2)}])`,
    "f 1 1 / g 2 1 / f 1 2 / g 2 2 / f 1 2 / f 1 2 / g2 2 / f 1 1 / f 1 1",
  ],
  [
    "for keys",
    "r15",
    `r15[x] := y if {
  some x in ["a", "b"]
  y := f(x)
  print("r15", x)
}`,
    "f 1 a / r15 a / f 1 a / f 1 a / f 1 b / r15 b / f 1 b / f 1 b",
  ],
  [
    "asked by keys",
    "r16",
    `r16 if {
  some x in ["a", "b"]
  r15[x] == f(x)
  print("r16", x)
}

r15[x] := y if {
  some x in ["a", "b"]
  y := f(x)
  print("r15", x)
}`,
    "f 1 a / r15 a / r16 a / f 1 a / f 1 a",
  ],
  [
    "of rules that rules ask",
    "r18",
    `r18 := x if {
  f(1)
  x := r19
  print("r18")
}`,
    "f 1 1 / p 1 / g 1 1 / r19 / r18 / f 1 2 / g 1 2 / f 1 2 / f 1 2 / g2 1 / r19 / p 1 / p 1 / f 1 1 / f 1 1",
  ],
])("%s", (_, asked, rule, prints) => {
  expect(printed(decide(asked, rule))).toBe(prints);
  expect(printed(decide(asked, rule, { watch: "counts" }))).toBe(prints);
});

test("another value of a rule conflicts behind what goes on with the first, with the values of both", () => {
  const outcome = decide("c", 'c if {\n  s\n  print("c")\n}');
  expect(printed(outcome)).toBe("s 1 / c / s 2 / s 1 / s 2");
  expect(outcome).toMatchObject({
    error: { message: "rule data.p.s produced conflicting values:\n  1 at p.rego:14\n  2 at p.rego:14" },
  });
});

test("a rule that conflicts is evaluated again with what is known by then, up to one other value of each definition", () => {
  const written = "xs := {[1][_], 2}";
  const outcome = decide(
    "c",
    `${written}\nc := y if {\n  some y in xs\n  f(y)\n  print("c", y)\n}\nc := y if {\n  some y in [2, 1, 3]\n  print("d", y)\n} else := 7`,
  );
  expect(printed(outcome)).toBe("f 1 2 / c 2 / f 1 2 / f 1 2 / f 1 1 / c 1 / c 1 / c 2 / d 2");
  expect(outcome).toMatchObject({
    error: { message: "rule data.p.c produced conflicting values:\n  1 at p.rego:58\n  2 at p.rego:58\n  2 at p.rego:63" },
  });
});

test("while a rule that conflicts is evaluated again, the conflict of another one is not told", () => {
  const outcome = decide(
    "c",
    'two := 1\n\ntwo := "b"\n\nvia := two if true\n\nc := x if {\n  some x in [1, 2]\n}\n\nc := false if {\n  via\n  print("c")\n}',
  );
  expect(outcome).toMatchObject({
    error: {
      message: expect.stringMatching(/^rule data\.p\.c produced conflicting values:\n {2}1 at p\.rego:63\n {2}2 at p\.rego:63/),
    },
  });
});

test("a conflict of what goes on is told, not that of the rule behind it", () => {
  const outcome = decide("c", 'c if {\n  s\n  t\n  print("c")\n}');
  expect(outcome).toMatchObject({
    error: { message: "rule data.p.t produced conflicting values:\n  1 at p.rego:19\n  2 at p.rego:21" },
  });
});

test.each([
  ["one", 'r := [k | data.a[k]; print("r", k)]', "v 1 / r v / v 1 / w 2 / r w / w 2"],
  ["with a key behind it", 'r := [k | data.a[k].o; print("r", k)]', "v 1 / v 1 / w 2 / r w / w 2"],
  ["two", 'r := [k | data.a[k]; data.a[l]; print("r", k, l)]', "v 1 / r v v / w 2 / r v w / w 2 / v 1 / r w v / r w w"],
])("the rules that an unknown key of a package means: %s", (_, rule, prints) => {
  const other =
    'package a\n\nv := x if { some x in [1, 1]; print("v", x) }\n\nw := {"o": x} if { some x in [2, 2]; print("w", x) }';
  expect(printed(decide("r", rule, {}, other))).toBe(prints);
});

test("a rule that prints nothing conflicts behind what goes on with its first value", () => {
  const outcome = decide("r", 'v := 1\n\nv := x if some x in [2]\n\nr if {\n  v\n  print("r")\n}');
  expect(printed(outcome)).toBe("r");
  expect(outcome).toMatchObject({ error: { code: "eval_conflict_error" } });
});

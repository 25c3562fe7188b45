import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { CourseListener, courseRequest } from "./course.ts";
import { explain } from "./explanation.ts";
import { Explained } from "./explanation-text.ts";
import { type Failure, lastFailure } from "./failure-text.ts";
import { createInstance } from "./instance.ts";

/** What failed last in `data.p.allow`. */
function failureOf(body: string, input: string): Failure | undefined {
  const checked = checkModules([parseModule(`package p\n\nallow if {\n${body}\n}\n`, { file: "p.rego" })]);
  const { module } = compile(checked, { entrypoints: ["p/allow"], ...courseRequest });
  const course = new CourseListener(module!);
  const instance = createInstance(module!, { now: () => 0n, onMark: course.onMark });
  course.attach(instance);
  instance.evaluate("p/allow", input);
  return lastFailure(checked, new Explained(checked, module!.files), explain(course.reached, "full"));
}

test("the expression that failed last is shown with its variables below it", () => {
  const body = "\tsome u in input.users\n\tmost := 3\n\tu.age < most";
  expect(failureOf(body, '{"users": [{"age": 7}]}')?.lines).toEqual([
    "p.rego:6:",
    "  \tu.age < most",
    "  \t|       |",
    "  \t|       3",
    "  \tu.age: 7",
    '  \tu: {"age": 7}',
  ]);
});

test("of an `every` the expression in its body is shown; an evaluation that holds has no failure", () => {
  const body = "\tevery u in input.users {\n\t\tu.age < 5\n\t}";
  expect(failureOf(body, '{"users": [{"age": 7}]}')?.lines[1]).toBe("  \t\tu.age < 5");
  expect(failureOf(body, '{"users": [{"age": 3}]}')).toBe(undefined);
});

test("the values of calls and rules are shown, and what has none", () => {
  const body = "\tn := 2\n\tcount(input.users) == n + 1";
  expect(failureOf(body, '{"users": ["ann"]}')?.lines).toEqual([
    "p.rego:5:",
    "  \tcount(input.users) == n + 1",
    "  \t|     |               |",
    "  \t|     |               n + 1: 3",
    "  \t|     |               n: 2",
    '  \t|     ["ann"]',
    "  \t1",
  ]);
  expect(failureOf('\tto_number("x") == 1', "{}")?.lines.slice(2)).toEqual(["  \t|", "  \tundefined"]);
});

test("a rule or an import that has no value stands where the last of its kind was resolved, as in OPA", () => {
  const later = "\tq == 1\n}\n\nq := input.x\n\nr if {\n  1 == q";
  expect(failureOf(later, "{}")?.lines).toEqual(["p.rego:4:", "  \tq == 1", "         |", "         undefined"]);
  const onOtherRow = "\tnot q\n}\n\nq := 1\n\nr if {\n\tq";
  expect(failureOf(onOtherRow, "{}")?.lines.slice(1)).toEqual(["  \tnot q", "  \t|", "  \t1"]);
  const listed = "\tx := 1\n\tnot q with input as x\n}\n\nq := input\n\nr if {\n\tq";
  expect(failureOf(listed, "{}")?.lines.slice(1)).toEqual([
    "  \tnot q with input as x",
    "  ",
    "  Where:",
    "  ",
    "  q: 1",
    "  x: 1",
  ]);
});

test("the values of `with` and calls in a term stand for themselves", () => {
  const within = "\tu := input.u\n\tcount(input) == 2 with input as [concat(u, input.v)]";
  expect(failureOf(within, '{"u": ",", "v": []}')?.lines.slice(1)).toEqual([
    "  \tcount(input) == 2 with input as [concat(u, input.v)]",
    "  \t|     |                          |",
    '  \t|     |                          ""',
    '  \t|     [""]',
    "  \t1",
  ]);
  const inTerm = '\tu := input.u\n\tinput[to_number(u)] with input as {"a": u}';
  expect(failureOf(inTerm, '{"u": "z"}')?.lines.slice(1)).toEqual([
    "  \t      to_number(u)",
    "  \t      |         |",
    '  \t      |         "z"',
    "  \t      undefined",
  ]);
});

test("what calls in holes of a template string gave is not shown", () => {
  const body = '\tu := "a"\n\t$"{upper(u)}{u}" == "b"';
  expect(failureOf(body, "{}")?.lines.slice(1)).toEqual([
    '  \t$"{upper(u)}{u}" == "b"',
    "  \t|            |",
    '  \t|            "a"',
    '  \t"Aa"',
  ]);
});

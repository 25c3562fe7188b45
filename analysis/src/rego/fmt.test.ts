import { expect, test } from "vitest";
import { type FmtOptions, formatPolicy } from "./fmt.ts";

function messages(text: string, options: Omit<FmtOptions, "file">): readonly string[] | string {
  const outcome = formatPolicy(text, { file: "a.rego", ...options });
  return "text" in outcome ? outcome.text : outcome.diagnostics.map(({ message }) => message);
}

test("what v1 refuses is not written for v1", () => {
  const both = { from: "v0", version: "v0", upTo: "v1" } as const;
  expect(messages("package a\np { any([true]) }\n", both)).toEqual(["deprecated built-in function calls in expression: any"]);
  expect(messages("package a\nimport data.a.b\nimport input.b\n", both)).toEqual(["import must not shadow import data.a.b"]);
  expect(messages("package a\nin := 1\n", both)).toEqual(["in keyword cannot be used for rule name"]);
  expect(messages('package a\np := $"{input.x}"\n', { ...both, from: "v1" })).toEqual([
    "template strings are not supported by current capabilities",
    "unexpected template-string-part token: expected rule value term (e.g., p := <VALUE> { ... })",
  ]);
  expect(messages("package a\np if all([true])\n", { from: "v1" })).toEqual([
    "deprecated built-in function calls in expression: all",
  ]);
});

test("v0 to v0 asks nothing of v1", () => {
  expect(messages("package a\np { any([true]) }\n", { from: "v0" })).toBe("package a\n\np {\n\tany([true])\n}\n");
});

test("for v2, what reads otherwise there is bracketed, its keywords are no names, and its import replaces the others", () => {
  const newest = { from: "v1", version: "v1", upTo: "v2" } as const;
  expect(messages("package a\nimport rego.v1\np if not {input.x}\n", newest)).toBe(
    "package a\n\nimport rego.v2\n\np if not ({input.x})\n",
  );
  expect(messages("package a\nand := 1\np if { or := 1 }\n", newest)).toEqual([
    "and keyword cannot be used for rule name",
    "or keyword cannot be used for variable name",
  ]);
});

test("calls that are written as operators have their operands", () => {
  const told = (text: string): readonly string[] => {
    const outcome = formatPolicy(`package a\n${text}\n`, { file: "a.rego", from: "v1" });
    return "text" in outcome ? [outcome.text] : outcome.diagnostics.flatMap(({ message, lines }) => [message, ...(lines ?? [])]);
  };
  expect(told("p if eq()")).toEqual(["eq: arity mismatch", "have: ()", "want: (any,any)"]);
  expect(told("p := count(plus(1, input, [x]))")).toEqual([
    "plus: arity mismatch",
    "have: (number,ref,array)",
    "want: (number,number)",
  ]);
  expect(told("p if plus(1, 2, x)")).toEqual(["package a\n\np if x = 1 + 2\n"]);
  expect(told("p if internal.member_2(1)")).toEqual(["internal.member_2: arity mismatch", "have: (number)", "want: (any,any)"]);
});

test("a function of v0 that is named `in` has the operands of the operator", () => {
  const told = (text: string): string | undefined => {
    const outcome = formatPolicy(`package a\n${text}\n`, { file: "a.rego", from: "v0", version: "v0" });
    return "text" in outcome ? undefined : [outcome.diagnostics[0]?.message, ...(outcome.diagnostics[0]?.lines ?? [])].join("; ");
  };
  expect(told("p { in(1, 2) }")).toBe("in: arity mismatch; have: (number,number); want: (any,any,any)");
  expect(told("p { x := in(1) }")).toBe("internal.member_3: arity mismatch; have: (number); want: (any,any,any)");
  expect(told("p { in.x(1); in[x] }\nin(x) = 1 { true }")).toBeUndefined();
});

test("of what the ref of a head uses only a lone key has its keyword imported", () => {
  const dropped = { from: "v1", dropImports: true } as const;
  const head = "package a\n\nimport future.keywords\n\n";
  expect(messages(`${head}p[[2 | not {data.x}]] := 1\n`, dropped)).toContain("import future.keywords.not\n");
  expect(messages(`${head}p[[2 | not {data.x}]] contains 3\n`, dropped)).not.toContain("import");
  expect(messages(`${head}p[[2 | not {data.x}]].y := 3\n`, dropped)).not.toContain("import");
});

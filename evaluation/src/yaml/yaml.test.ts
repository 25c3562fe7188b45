// YAML as OPA reads and writes it: spellings, merge keys, faults with their line, bounds of hostile texts.
import { expect, test } from "vitest";
import { readRegoText, writeRegoText } from "../rego-text.ts";
import { readYaml, writeYaml } from "./read.ts";

function read(text: string): string {
  const outcome = readYaml(text);
  return "fault" in outcome ? `fault: ${outcome.fault}` : writeRegoText(outcome.value);
}

function write(value: string): string {
  const outcome = writeYaml(readRegoText(value));
  return "fault" in outcome ? `fault: ${outcome.fault}` : outcome.text;
}

test("plain scalars have the extra spellings of OPA's library", () => {
  expect(read("[yes, 017, 0o17, 0x1F, 1_000, 1.10, -0, 1:30, 2024-01-02, ~]")).toBe(
    '["yes", 15, 15, 31, 1000, 1.1, 0, "1:30", "2024-01-02", null]',
  );
  expect(read("a: .inf")).toBe("fault: json: unsupported value: +Inf");
});

test("keys become texts, the last one wins, merge keys fill in", () => {
  expect(read('1: a\n"1": b')).toBe('{"1": "b"}');
  expect(read("base: &b {x: 1, y: 2}\nmine:\n  <<: *b\n  y: 3")).toBe('{"base": {"x": 1, "y": 2}, "mine": {"x": 1, "y": 3}}');
  expect(read("{1: {{1}}, 1}")).toBe('{"1": null}');
  expect(read("{{1: [b]}: 2}")).toBe('fault: yaml: invalid map key: map[interface {}]interface {}{1:[]interface {}{"b"}}');
  expect(read("{{a},\n {b}}")).toBe('fault: yaml: unmarshal errors:\n  line 2: mapping key "" already defined at line 1');
  expect(read("null: 1\n[1]: 2")).toBe("fault: yaml: invalid map key: []interface {}{1}");
  expect(read("a: .nan\nb: !!bool yes")).toBe("fault: yaml: cannot decode !!str `yes` as a !!bool");
  expect(read("- .nan\n- {~: 1, null: 2}")).toBe("fault: unsupported map key of type: %!s(<nil>), key: <nil>, value: 2");
  expect(read("[a, b]: 1")).toBe('fault: yaml: invalid map key: []interface {}{"a", "b"}');
});

test("blocks fold and keep their line breaks", () => {
  expect(read("a: |\n  x\n   y\nb: >-\n  one\n  two\n\n  three\n")).toBe('{"a": "x\\n y\\n", "b": "one two\\nthree"}');
});

test("only the first document counts, and all must be well-formed", () => {
  expect(read("--- 1\n--- 2")).toBe("1");
  expect(read("--- 1\n--- [")).toBe("fault: yaml: line 2: did not find expected node content");
  expect(read("a: 1\nb: c: d")).toBe("fault: yaml: line 2: mapping values are not allowed in this context");
});

test("values are written with quotes where they would change", () => {
  expect(write('{"b": ["yes", "a: b", "1", "x\\ny", {}], "a10": 1e6, "a9": null}')).toBe(
    'a9: null\na10: 1e+06\nb:\n  - "yes"\n  - \'a: b\'\n  - "1"\n  - |-\n    x\n    y\n  - {}\n',
  );
});

test("a bomb of aliases or of brackets ends in a fault", () => {
  const levels = Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`);
  expect(read(`a0: &a0 lol\n${levels.join("\n")}`)).toBe("fault: yaml: document contains excessive aliasing");
  expect(read("[".repeat(100_000))).toContain("exceeded max depth");
  expect(read("&a [*a]")).toBe("fault: yaml: anchor 'a' value contains itself");
});

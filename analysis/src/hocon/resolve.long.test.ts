// The resolver: merging, looking back, includes, the environment, and errors that are values. The kit's cases say the rest.
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatHocon } from "#grammars/hocon/format.ts";
import { parseHocon } from "#grammars/hocon/parse.ts";
import { readInput } from "./input.ts";
import { originsOf } from "./origins.ts";
import { type IncludePort, type ResolveOptions, resolveHocon, resolveHoconAsync, toJsonText } from "./resolve.ts";

function files(texts: Readonly<Record<string, string>>): IncludePort {
  return (location) => {
    const text = location.kind === "file" ? texts[location.path] : undefined;
    return text === undefined ? { kind: "missing" } : { kind: "text", text };
  };
}

/** The JSON of a document, or its errors. */
function resolve(text: string, options: ResolveOptions = {}): string {
  const resolved = resolveHocon(parseHocon(text, { file: "main.conf" }), options);
  if (resolved.failure === undefined) return toJsonText(resolved.value);
  return resolved.diagnostics.map(({ code, range }) => `${code} ${text.slice(range.start, range.end)}`).join("; ");
}

test("keeps document order and the reference's numbers", () => {
  expect(resolve("b = 1.0, a = 007, c = 1e-5, d = 9223372036854775808")).toBe(
    '{"b":1,"a":7,"c":1.0E-5,"d":"9223372036854775808"}',
  );
});

test("looks back through its own earlier values", () => {
  expect(resolve("path = a, path = ${path}b, path = ${path}c, xs += 1, xs += 2")).toBe('{"path":"abc","xs":[1,2]}');
});

test("an object over a string shows a lookup what a layer below makes certain", () => {
  expect(resolve('q = ""\nq.q { m = 1, w.v = "", w.v = ${q.q.m} }')).toBe('{"q":{"q":{"m":1,"w":{"v":1}}}}');
  expect(resolve('q = ""\nq.q { m = 1, w.v = ${q.q.m} }')).toBe("hocon_unresolved ${q.q.m}");
});

test("what could not be told while an object was resolved is asked again", () => {
  const environment = new Map<string, string>();
  expect(resolve("p = [x], p = {v.m = [${?q}]}, q = ${?v.v}, v = ${p}", { environment })).toBe(
    '{"p":{"v":{"m":[]}},"q":{"m":[]},"v":{"v":{"m":[]}}}',
  );
});

test("where values are built, neither line breaks in strings count for the reference nor those in includes", () => {
  const line = (text: string): number | undefined =>
    resolveHocon(parseHocon(text, { file: "main.conf" }), { read: files({}) }).failure?.line;
  expect(line('include\n"x"\na: """x\ny"""\nb: [{c += 1}]')).toBe(3);
  expect(line('a: [\n{include\n"x"\n b\n += 1}]')).toBe(3);
  expect(line('a: """x\ny"""\ninclude url("c")')).toBe(2);
});

test("whitespace before a triple-quoted string has the line where that ends", () => {
  const { failure } = resolveHocon(parseHocon('k = [${?p} """x\ny"""[1]]', { file: "main.conf" }));
  expect(failure).toMatchObject({ kind: "WrongType", line: 2 });
});

test("an open substitution is read to the next brace before other rules apply, as the reference does", () => {
  const { failure } = resolveHocon(parseHocon("a = [{b += 1}]\nd = ${x..\ny}\n", { file: "main.conf" }));
  expect(failure).toMatchObject({ kind: "Parse", line: 1 });
});

test("half of a character is no JSON, unless the other half joins it", () => {
  expect(resolve('a = "x\\ud83d"')).toBe("hocon_not_json \\ud83d");
  expect(resolve('a = "\\ud83d\\ude00", b = "\\ud83d""\\ude00"')).toBe('{"a":"😀","b":"😀"}');
  expect(resolve('"\\ud83d" = 1')).toBe("hocon_not_json 1");
});

test("reports every substitution without a value, and cycles", () => {
  expect(resolve("a = ${x}, b = ${?y}, c = ${z}")).toBe("hocon_unresolved ${x}; hocon_unresolved ${z}");
  expect(resolve("a = ${b}, b = ${a}")).toContain("hocon_cycle");
});

test("falls back to the environment only where one is given", () => {
  expect(resolve("a = ${HOME}", { environment: new Map([["HOME", "/h"]]) })).toBe('{"a":"/h"}');
  expect(resolve("a = ${HOME}")).toBe("hocon_unresolved ${HOME}");
});

test("includes through the port, below the place of the statement", () => {
  const read = files({ "b.conf": "x = 1, y = ${x}" });
  expect(resolve('a { include "b" }\na.x = 2', { read })).toBe('{"a":{"x":2,"y":2}}');
  expect(resolve('include required("nope")', { read })).toBe('hocon_missing_include include required("nope")');
  expect(resolve('include "b"')).toContain("hocon_refused_include");
});

test("a fault before a missing required include counts, though that would make the file count as missing", () => {
  const read = files({ "i.conf": 'a = [{} 1]\ninclude required("nope.conf")' });
  expect(resolveHocon(parseHocon('include "i"', { file: "main.conf" }), { read }).failure).toMatchObject({
    kind: "WrongType",
    line: 1,
  });
});

test("an include that never ends is one clear error", () => {
  expect(resolve('include "b"', { read: files({ "b.conf": 'include "b"' }) })).toContain("hocon_include_cycle");
});

test("loads includes asynchronously, as far as they go", async () => {
  const texts: Record<string, string> = { "b.conf": 'include "c"', "c.json": '{"c": 1}' };
  const read = async (location: { readonly kind: string; readonly path?: string }) => texts[location.path ?? ""];
  const resolved = await resolveHoconAsync(parseHocon('include "b"\na = ${c}', { file: "main.conf" }), read);
  expect(toJsonText(resolved.value)).toBe('{"c":1,"a":1}');
});

test("tells where values come from", () => {
  const resolved = resolveHocon(parseHocon("a = 1\nbase { x = 2 }\na = 3\ncopy = ${base}\n", { file: "main.conf" }));
  const shown = originsOf(resolved).map(
    ({ path, line, overridden, through }) => `${path}:${line} over ${overridden.length} through ${through.length}`,
  );
  expect(shown).toEqual(["a:3 over 1 through 0", "base.x:2 over 0 through 0", "copy.x:2 over 0 through 1"]);
});

test("values that double in every line are refused before they fill the memory", () => {
  const doubling = (first: string, line: (index: number) => string) =>
    `a0 = ${first}\n${Array.from({ length: 60 }, (_, index) => line(index)).join("\n")}`;
  const texts = [
    doubling("x", (index) => `a${index + 1} = \${a${index}}\${a${index}}`),
    doubling("[1]", (index) => `a${index + 1} = \${a${index}} \${a${index}}`),
    doubling("1", (index) => `a${index + 1} { x = \${a${index}}, y = \${a${index}} }`),
  ];
  for (const text of texts) expect(resolve(text)).toMatch(/^hocon_too_large/);
});

test("an infinite number is no JSON", () => {
  expect(resolve("a = 1e400")).toBe("hocon_not_json 1e400");
});

test("long rows of appends and references cost time in line with their length", () => {
  const appends = Array.from({ length: 20_000 }, (_, index) => `a += ${index}`).join("\n");
  const chain = Array.from({ length: 20_000 }, (_, index) => `k${index + 1} = \${k${index}}`).join("\n");
  expect(resolve(appends)).toMatch(/^\{"a":\[0,1,2,.*,19999\]\}$/);
  expect(resolve(`k0 = 1\n${chain}`)).toContain('"k20000":1');
});

test("inputs: JSON stays as it is, durations become numbers where asked", () => {
  expect(readInput("a.json", '{"a": 1.0}').json).toBe('{"a": 1.0}');
  expect(readInput("a.conf", "order.window = 5 minutes", { convert: new Map([["order.window", "duration"]]) }).json).toBe(
    '{"order":{"window":300000000000}}',
  );
});

const key = fc.constantFrom("a", "b", "c", "a.b", "b.c");
const reference = fc.tuple(fc.constantFrom("${", "${?"), key).map(([open, path]) => `${open}${path}}`);
const scalar = fc.constantFrom("1", "x", '"y z"', "null", "true", "[1]", "[]", "{}", "{ b = 1 }", "{ c = [x] }");
const value = fc.array(fc.oneof(scalar, reference, reference), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(" "));
const field = fc.tuple(key, fc.constantFrom(" = ", " = ", " += "), value).map((parts) => parts.join(""));

test("never throws, and formatting changes no value", () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 8 }), (fields) => {
      const text = fields.join("\n");
      const before = resolve(text);
      const formatted = formatHocon(parseHocon(text, { file: "main.conf" }));
      if (formatted !== undefined && before.startsWith("{")) expect(resolve(formatted)).toBe(before);
    }),
    { numRuns: 1500 },
  );
});

// What builtins say of arguments that are wrong: OPA's texts, call by call.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";

const texts: readonly (readonly [string, string])[] = [
  [`regex.match("\\\\xZé", "")`, "error parsing regexp: invalid escape sequence: `\\xZé`"],
  [`regex.match("\\\\x{4é}", "")`, "error parsing regexp: invalid escape sequence: `\\x{4é`"],
  [`regex.match("{2,1}", "")`, "error parsing regexp: invalid repeat count: `{2,1}`"],
  [`regex.match("a|{1,}?", "")`, "error parsing regexp: missing argument to repetition operator: `{1,}?`"],
  [`regex.match("(?i)*", "")`, "error parsing regexp: missing argument to repetition operator: `*`"],
  [`regex.match("a{500}(?U){3}", "")`, "error parsing regexp: invalid repeat count: `{3}`"],
  [`time.clock(x("a"))`, "operand 1 must be either number (ns) or [number (ns), string (tz)] but got string"],
  [`time.diff(0, x(null))`, "operand 1 must be either number (ns) or [number (ns), string (tz)] but got null"],
  [`time.format(x([0, "UTC", 1]))`, "operand 1 must be string but got number"],
  [`time.date([0, "/etc"])`, "time: invalid location name"],
  [`time.date([0, "a\\u0000b"])`, "invalid argument"],
  [`time.parse_duration_ns("é\\t")`, 'time: invalid duration "\\xc3\\xa9\\x09"'],
  [`time.parse_duration_ns("9223372036854775809")`, 'time: invalid duration "9223372036854775809"'],
  [`time.parse_ns("2006", "ß")`, 'parsing time "\\xc3\\x9f" as "2006": cannot parse "\\xc3\\x9f" as "2006"'],
  [`object.subset(x(1), {"a"})`, "both arguments object.subset must be of the same type or array and set"],
  [`union(x({1}))`, "operand 1 must be set but got number"],
  [`intersection(x({"a"}))`, "operand 1 must be set but got string"],
  [`base64.decode("//")`, "illegal base64 data at input byte 0"],
  [`base64.decode("YW=x")`, "illegal base64 data at input byte 2"],
  [`base64url.decode("YWJjZ")`, "illegal base64url string: YWJjZ"],
  [`hex.decode("a\\t")`, "encoding/hex: invalid byte: U+0009"],
  [`io.jwt.decode("x.e30.")`, "JWT header had invalid encoding: illegal base64url string: x"],
  [`io.jwt.decode("eA.e30.")`, "bad JWT header: invalid JSON: invalid character 'x' looking for beginning of value"],
  [`json.unmarshal("{\\"a\\" 1}")`, "invalid character '1' after object key"],
  [`json.unmarshal("[1")`, "unexpected EOF"],
  [`time.parse_duration_ns("1h\\n")`, 'time: unknown unit "h\\x0a" in duration "1h\\x0a"'],
  [`time.parse_duration_ns("1\\nd")`, 'time: invalid duration "1\\nd"'],
  [`time.parse_duration_ns("1d1x")`, 'time: unknown unit "x" in duration "1d1x"'],
  [`time.parse_duration_ns("1day")`, 'time: invalid duration "1day"'],
  [`time.parse_ns("2006-01-02 MST", "1677-09-20")`, 'parsing time "1677-09-20" as "2006-01-02 MST": cannot parse "" as "MST"'],
  [`json.unmarshal("tru=")`, "invalid character '=' in literal true (expecting 'e')"],
  [`rego.parse_module("\\ufeffa", " ")`, "\ufeffa:0: rego_parse_error: empty module"],
  [`json.unmarshal("é")`, "invalid character 'Ã' looking for beginning of value"],
  [
    `io.jwt.verify_es384("a.b.c", "0x10")`,
    'failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: json: cannot unmarshal number into Go value of type struct { Kty string "json:\\"kty\\""; D json.RawMessage "json:\\"d,omitempty\\"" }',
  ],
  [
    `io.jwt.verify_es384("a.b.c", "-----BEGIN X-----\\na:b\\n-----END X-----\\n\\n-----END Y-----\\n")`,
    "failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: invalid character '-' in numeric literal",
  ],
  [
    `io.jwt.verify_rs256("eyJhbGciOiJub25lIn0.e30.AA", \`{"kty":"RSA","n":"AQ","e":"AQAB","x5c":["x"]}\`)`,
    "failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.rsaPublicKey): failed to unmarshal JSON into key (*jwk.rsaPublicKey): failed to decode value for key x5c: failed to decode certificate at index 0: failed to base64 decode the certificate: illegal base64 data at input byte 0",
  ],
  [`glob.match(":[\\\\", [], "a")`, "glob: syntax error at 3: unexpected end of input"],
  [`regex.match("(?iß:a)", "a")`, "error parsing regexp: invalid or unsupported Perl syntax: `(?iß`"],
  [`json.unmarshal("01")`, "error: invalid character '1' after top-level value"],
  [`json.unmarshal("1 true")`, "error: invalid character '%!s(bool=true)' after top-level value"],
  [`json.unmarshal("\\"\\\\u00x\\"")`, "invalid character 'x' in \\u hexadecimal character escape"],
  [`json.patch(x(1), [{"op": "remove", "path": "/a"}])`, "expected composite type, found value: 1 (type: ast.Number)"],
  [
    `json.patch(x(null), [{"op": "remove", "path": "/a/b"}])`,
    'expected composite type for path "a", found value: null (type: ast.Null)',
  ],
  [
    `json.patch({"a": [x(1)]}, [{"op": "move", "from": "/a", "path": "/a/b"}])`,
    'cannot unfold the already deleted composite node for key "a"',
  ],
  [
    `json.patch(x({"a": 1}), [{"op": "add", "path": "/b", "value": 1}, {"op": "add", "path": "/c/d", "value": 1}])`,
    'path "c" does not exist in object term {"a": 1}',
  ],
  [`json.patch([1, x([2])], [{"op": "move", "from": "/1", "path": "/1/0"}])`, "index for array delete out of bounds"],
  [`json.patch({{"k": 1}}, [{"op": "remove", "path": "/b/a"}])`, 'path b does not exist in set term {{"k": 1}}'],
  [
    `json.marshal_with_options(1, x({1: "a"}))`,
    "operand 2 failed to stringify key 1 at index 0: operand 0 must be string but got number",
  ],
  [`net.cidr_contains_matches(["a"], x([["1"], null]))`, "invalid CIDR address: a"],
  [`glob.match("a", x([[1]]), "a")`, "operand 2 must be array of strings but got array containing array"],
  [`glob.match("[a-]", [], "a")`, "glob: syntax error at 4: unexpected end of input"],
  [`regex.match("\\\\", "a")`, "error parsing regexp: trailing backslash at end of expression: ``"],
];

test("each wrong call fails with OPA's words", () => {
  const rules = texts.map(([call], at) => `r${at} := ${call}`);
  const parsed = parseModule(`package p\n\nx(v) := object.get({}, 0, v)\n\n${rules.join("\n")}\n`, {
    file: "p.rego",
    version: "v1",
  });
  const compiled = compile(checkModules([parsed]), { entrypoints: ["p"] });
  const outcome = createInstance(compiled.module!, { now: () => 0n }).evaluate("p", undefined);
  const errors = outcome.kind === "result" ? outcome.builtinErrors : [];
  const byRow = new Map(errors.map(({ message, place }) => [place?.row, message]));
  const found = texts.map(([call], at) => [call, byRow.get(at + 5)?.replace(/^[\w.]+: /, "")]);
  expect(found).toEqual(texts);
});

test("what follows a value in a text of JSON is one token for OPA: null is none", () => {
  const parsed = parseModule(`package p\n\nr := [json.unmarshal("1 null"), json.unmarshal("2 null x")]\n`, {
    file: "p.rego",
    version: "v1",
  });
  const compiled = compile(checkModules([parsed]), { entrypoints: ["p/r"] });
  expect(createInstance(compiled.module!, { now: () => 0n }).evaluate("p/r", undefined)).toMatchObject({
    text: '[{"result":[1,2]}]',
  });
});

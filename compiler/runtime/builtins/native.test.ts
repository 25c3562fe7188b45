// Native builtins called from emitted code: one line per rule that is easy to get wrong. The kits hold the other thousands.
import { expect, test } from "vitest";
import type { Stmt } from "../../src/plan/ir.ts";
import { emitModule } from "../../src/wasm/emit.ts";
import { planOf, run } from "../../src/wasm/module-runner.test-helper.ts";

function call(name: string, args: readonly string[]): string {
  const plan = planOf((p) => {
    p.builtins.push({ name, arity: args.length });
    const reads = args.map((_, i): Stmt => p.stmt({ op: "Dot", source: p.local(0), key: p.text(`a${i}`), target: 10 + i }));
    const invoke = p.stmt({ op: "Call", func: name, args: args.map((_, i) => p.local(10 + i)), result: 2 });
    return { result: 2, blocks: [{ stmts: [...reads, invoke] }] };
  });
  const module = emitModule(plan, { build: "editor" });
  expect(module.builtins).toEqual({});
  const text = run(module).evaluate("t/r", `{${args.map((arg, i) => `"a${i}": ${arg}`).join(", ")}}`);
  return text === "set()" ? "undefined" : text.slice('{{"result": '.length, -2);
}

test.each([
  ["plus", ["9007199254740993", "1.0"], "9007199254740994"],
  ["plus", ["0.1", "1e20"], "100000000000000000000"],
  ["mul", ["123456789012345678901234567890", "987654321098765432109876543210"], "121932631137021795226185032733622923332237463801111263526900"],
  ["mul", ["1.1", "1.1"], "1.21"],
  ["div", ["1", "3"], "0.33333333333333333334"],
  ["div", ["0", "-5"], "-0"],
  ["div", ["1", "0.0"], "undefined"],
  ["rem", ["-5", "2"], "-1"],
  ["ceil", ["-0.5"], "1"],
  ["round", ["1e30"], "1000000000000000000024696061952"],
  ["product", ["[1.1, 1.1]"], "1.2100000000000002"],
  ["max", ["[1, 1.0]"], "1.0"],
  ["and", ["{1, 2}", "{2.0}"], "{2.0}"],
  ["replace", ['"abc"', '""', '"-"'], '"-a-b-c-"'],
  ["upper", ['"ßé"'], '"ßÉ"'],
  ["substring", ['"héllo"', "1", "3"], '"éll"'],
  ["sprintf", ['"%d|%5.2f|%-4s|%v"', '[1.5, 3.14159, "é", {1}]'], '"%!d(float64=1.5)| 3.14|é   |{1}"'],
  ["sprintf", ['"%.3T|%8.2T|%.T"', '["a", 1, 2]'], '"str|      in|"'],
  ["sprintf", ['"%5."', "[1]"], '"%!.(int64=    1)"'],
  ["sprintf", ['"%+w|%#w|%.2x"', '[1, "a", -0.0]'], String.raw`"%!w(int64=1)|%!w(string=\"a\")|-0x0.00p+00"`],
  ["sprintf", ['"%q%+q%#q%q%q%q%q"', "[7, 8, 9, 10, 11, 12, 13]"], String.raw`"'\\a''\\b''\\t''\\n''\\v''\\f''\\r'"`],
  ["sprintf", ['"%*d|%.*d"', "[-0, 5, -0, 6]"], '"5|6"'],
  ["regex.find_n", ['"ab(?i)*C"', '"abbbc"', "-1"], '["abbbc"]'],
  ["regex.find_n", ['"a(?U)*"', '"aa"', "-1"], '["", "", ""]'],
  ["regex.find_n", [String.raw`"x\\Qab\\E*c|\\Q+\\E{2}|d\\Q\\E*e"`, '"xabbbc++dde"', "-1"], '["xabbbc", "++", "dde"]'],
  ["bits.rsh", ["-5", "1"], "-3"],
  ["bits.rsh", ["-1000", "18446744073709551618"], "-250"],
  ["bits.rsh", ["8", "9223372036854775808"], "0"],
  ["bits.lsh", ["1", "18446744073709551619"], "8"],
  ["json.unmarshal", ['"{\\"a\\": 1.50}"'], '{"a": 1.50}'],
  ["json.unmarshal", ['"1 2"'], "undefined"],
  ["json.patch", ['{"a": [1]}', '[{"op": "add", "path": "/a/-", "value": 2}]'], '{"a": [1, 2]}'],
  [
    "json.patch",
    ["[[1], [2]]", '[{"op": "remove", "path": "/0"}, {"op": "add", "path": "/0/0", "value": 5}]'],
    "[[5, 1]]",
  ],
  [
    "json.patch",
    ['{"a": [1, 2], "b": {1, "x"}}', '[{"op": "copy", "from": "/a", "path": "/c"}, {"op": "remove", "path": "/a/0"}, {"op": "remove", "path": "/b/x"}]'],
    '{"a": [2], "b": {1}, "c": [1, 2]}',
  ],
  ["regex.match", ['"(a*)*b"', `"${"a".repeat(2000)}"`], "false"],
  ["regex.find_n", ['"[a-c-_+]+"', '"ab-_^+"', "2"], '["ab-_", "+"]'],
  ["regex.match", [String.raw`"^\\_[\\_-]$"`, '"__"'], "true"],
  ["regex.find_n", [String.raw`"\\p{letter}|\\p{Decimal_Number}|\\P{-a s c i i}"`, '"a1 é-"', "9"], '["a", "1", "é"]'],
  ["regex.find_n", [String.raw`"[^\\p{^cased letter}]"`, '"aªB1"', "9"], '["a", "B"]'],
  ["regex.match", [String.raw`"\\p{Old_Italic}"`, '"a"'], "undefined"],
  ["regex.replace", ['"b"', '"(?P<n>a)|(?P<n>b)"', '"[$n]"'], '"[b]"'],
  ["regex.replace", ['"ab"', '"(?P<n>a)(?P<n>b)"', '"[$n]"'], '"[a]"'],
  ["regex.match", [String.raw`"\\é"`, '"é"'], "undefined"],
  // Behind a dollar stand letters and digits of any script.
  ["regex.replace", ['"ab"', '"a"', '"$é٣-"'], '"-b"'],
  // An index in a path is a number as text.
  ["json.patch", ['[7, 8]', '[{"op": "add", "path": "/1.0", "value": 9}, {"op": "remove", "path": "/+2"}]'], "[7, 9]"],
  ["json.patch", ['[7, 8]', '[{"op": "remove", "path": "/0.0"}]'], "undefined"],
  ["regex.split", ['"a*"', '"baac"'], '["b", "c"]'],
  ["regex.replace", ['"ab12"', '"(\\\\w)(\\\\d)"', '"$2-$1"'], '"a1-b2"'],
  ["glob.match", ['"*.github.com"', "[]", '"api.cdn.github.com"'], "false"],
  ["glob.match", ['"{a,b*}.c"', "null", '"bx.c"'], "true"],
  ["net.cidr_merge", ['["10.0.0.0/25", "10.0.0.128/25", "10.0.1.0/24"]'], '{"10.0.0.0/23"}'],
  ["units.parse", ['"10m"'], "0.0100000000"],
  ["crypto.sha256", ['""'], '"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"'],
  ["walk", ["[[1]]"], "[[[], [[1]]], [[0], [1]], [[0, 0], 1]]"],
])("%s(%j) is %s", (name, args, expected) => {
  expect(call(name, args)).toBe(expected);
});

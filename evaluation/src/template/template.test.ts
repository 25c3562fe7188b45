// Templates as OPA renders them: values, control, faults with their place, bounds.
import { expect, test } from "vitest";
import { readRegoText } from "../rego-text.ts";
import type { RegoObject } from "../value.ts";
import { renderTemplate } from "./render.ts";

const data = readRegoText(
  '{"name": "Ada", "n": 3, "roles": ["dev", "ops"], "none": null, "at": {"city": "Bern"}, "markup": "<b>"}',
) as RegoObject;

function render(source: string): string {
  const outcome = renderTemplate(source, data);
  return "fault" in outcome ? `fault: ${outcome.fault}` : outcome.text;
}

test("fields, variables, pipelines and functions", () => {
  expect(render("{{.name}} {{.at.city}} {{.n}} {{.missing}} {{.at}}")).toBe("Ada Bern 3 <undefined> map[city:Bern]");
  expect(render('{{$x := .name}}{{$x | printf "%s-%s" "x" | html}} {{.markup | html}} {{len .roles}}')).toBe("x-Ada &lt;b&gt; 2");
});

test("control and trim markers", () => {
  expect(render("{{range $i, $r := .roles -}} {{$i}}={{$r}}; {{- end}}{{if .none}}a{{else if .n}}b{{end}}")).toBe(
    "0=dev;1=ops;b",
  );
  expect(render('{{define "t"}}[{{.}}]{{end}}{{template "t" .name}}{{with .at}}{{.city}}{{end}}')).toBe("[Ada]Bern");
});

test("numbers of the policy are opaque", () => {
  expect(render("{{eq .n 3}}")).toBe(
    'fault: template: template:1:2: executing "template" at <eq .n 3>: error calling eq: incompatible types for comparison: json.Number and int',
  );
  expect(render('{{printf "%d %5.2f|%-3d|" .n 1.5 7}}')).toBe("%!d(json.Number=3)  1.50|7  |");
  expect(render('{{printf "%[0-9a]{2}"}} {{printf "%*s"}} {{printf "%[2]d"}} {{printf "%.[1]*d|" 3}}')).toBe(
    "%!{(BADINDEX)2} %!(BADWIDTH)%!s(MISSING) %!d(BADINDEX) %!d(MISSING)|",
  );
});

test.each([
  ["{{len .missing}}", "reflect: call of reflect.Value.Type on zero Value"],
  ["{{len .at.missing}}", "reflect: call of reflect.Value.Type on zero Value"],
  ["{{len (.none)}}", "reflect: call of reflect.Value.Type on zero Value"],
  ["{{.none | len}}", "reflect: call of reflect.Value.Type on zero Value"],
  ["{{$x := .none}}{{len $x}}", "reflect: call of reflect.Value.Type on zero Value"],
  ["{{len nil}}", "reflect: call of reflect.Value.Type on zero Value"],
  ["{{len .none}}", "len of nil pointer"],
])("the length of nothing: %s", (source, expected) => {
  expect(render(source)).toMatch(new RegExp(`error calling len: ${expected}$`, "u"));
});

test("a value is set behind a blank alone", () => {
  expect(render("{{$x := 1}}{{$x =2}}{{$x}}")).toBe("2");
  for (const source of ["{{$x := 1}}{{$x=2}}", "{{.n=1}}", "{{print=1}}", "{{.=1}}"])
    expect(render(source)).toBe("fault: template: template:1: bad character U+003D '='");
});

test("numbers as characters", () => {
  expect(render('{{printf "%q %q %q %q %q %q %+q %+q" 1 65 233 39 34 -1 233 128512}}')).toBe(
    `'\\x01' 'A' 'é' '\\'' '"' '\ufffd' '\\u00e9' '\\U0001f600'`,
  );
  expect(render('{{printf "%U %#U %#U %c" 65 65 1 55296}}')).toBe("U+0041 U+0041 'A' U+0001 \ufffd");
});

test("faults say where", () => {
  expect(render("a\n{{if .n}}")).toBe("fault: template: template:2: unexpected EOF");
  expect(render("\n{{index .roles 9}}")).toBe(
    'fault: template: template:2:2: executing "template" at <index .roles 9>: error calling index: index out of range: 9',
  );
});

test("loops without an end, recursion and long texts are stopped", () => {
  expect(render("{{range 9223372036854775807}}{{end}}x{{range 9000000000}}y{{end}}")).toContain("too many steps");
  expect(render('{{define "r"}}{{template "r" .}}{{end}}{{template "r" .}}')).toContain("exceeded maximum template depth");
  expect(
    render(
      '{{printf "%1000000d" 1 | printf "%[1]s%[1]s%[1]s%[1]s" | printf "%[1]s%[1]s%[1]s%[1]s" | printf "%[1]s%[1]s%[1]s%[1]s"}}',
    ),
  ).toContain("too long");
  expect(render("{{(".repeat(5000))).toContain("fault");
});

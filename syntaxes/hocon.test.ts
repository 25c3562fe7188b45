// Scopes of the HOCON grammar: a drawn table per construct.
import { expect, test } from "vitest";
import { drawScopes } from "./tokenize.test-helper.ts";

const check = async (text: string, expected: string) =>
  expect(await drawScopes("hocon", text)).toBe(expected.trim().replaceAll(/^ +/gmu, ""));

test("keys, paths, values", () =>
  check(
    'a.b-c = 1, "q.r" : true\nname = two words',
    `a → support.type.property-name.json
     . → punctuation.separator.dot
     b-c → support.type.property-name.json
     = → keyword.operator.assignment
     1 → constant.numeric
     , → punctuation.separator
     "q.r" → support.type.property-name.json
     : → punctuation.separator.key-value
     true → constant.language
     name → support.type.property-name.json
     = → keyword.operator.assignment
     two → string.unquoted
     words → string.unquoted`,
  ));

test("substitutions and concatenation", () =>
  check(
    `p = \${region}"/"\${?a.b}`,
    `p → support.type.property-name.json
     = → keyword.operator.assignment
     \${ → punctuation.definition.template-expression.begin
     region → variable.other
     } → punctuation.definition.template-expression.end
     " → punctuation.definition.string.begin
     / → string.quoted.double
     " → punctuation.definition.string.end
     \${ → punctuation.definition.template-expression.begin
     ? → keyword.operator.optional
     a → variable.other
     . → punctuation.separator.dot
     b → variable.other
     } → punctuation.definition.template-expression.end`,
  ));

test("includes and comments", () =>
  check(
    'include required(file("a.conf")) // why\n# note\nlist += [ 5 minutes, 10 kB ]',
    `include → keyword.control.include
     required → support.function.include
     ( → punctuation.section.parens
     file → support.function.include
     ( → punctuation.section.parens
     " → punctuation.definition.string.begin
     a.conf → string.quoted.double
     " → punctuation.definition.string.end
     ) → punctuation.section.parens
     ) → punctuation.section.parens
     // → punctuation.definition.comment
     why → comment.line.double-slash
     # → punctuation.definition.comment
     note → comment.line.number-sign
     list → support.type.property-name.json
     += → keyword.operator.assignment.append
     [ → punctuation.section.brackets.begin
     5 → constant.numeric
     minutes → keyword.other.unit
     , → punctuation.separator
     10 → constant.numeric
     kB → keyword.other.unit
     ] → punctuation.section.brackets.end`,
  ));

test("objects without a separator, triple quotes over lines", () =>
  check(
    'a { t = """x\ny""" }',
    `a → support.type.property-name.json
     { → punctuation.section.braces.begin
     t → support.type.property-name.json
     = → keyword.operator.assignment
     """ → punctuation.definition.string.begin
     x → string.quoted.triple
     y → string.quoted.triple
     """ → punctuation.definition.string.end
     } → punctuation.section.braces.end`,
  ));

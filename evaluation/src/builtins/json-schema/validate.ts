// A document against a compiled schema: gojsonschema's findings in its order, with its texts.
import { matchesGoRegex } from "../../go-regex.ts";
import { compareNumbers } from "../../number.ts";
import { RegoNumber, RegoObject, typeOf, type Value } from "../../value.ts";
import { failure } from "../builtin.ts";
import { hasFormat } from "./formats.ts";
import { constantText, isInteger, isMultiple, limitText } from "./numbers.ts";
import type { Schema } from "./schema.ts";

export interface Finding {
  /** gojsonschema's name, as `required`. */
  readonly type: string;
  /** `(Root)`, or the dotted path below it. */
  readonly field: string;
  readonly text: string;
}

/** The steps one validation may take: schemas that refer to themselves can ask for any number. */
const mostSteps = 2_000_000;
const deepest = 1_500;

/** Throws BuiltinFailure when the schema asks for too much. */
export function validate(schema: Schema, document: Value): readonly Finding[] {
  return new Validation().check(schema, document, { path: "(Root)", depth: 0 }).findings;
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

/** Findings with the score that picks the closest of several schemas. */
class Report {
  readonly findings: Finding[] = [];
  score = 0;

  add(type: string, place: Place, text: string): void {
    this.findings.push({ type, field: fieldOf(place), text });
    this.score -= 2;
  }

  merge(other: Report): void {
    for (const finding of other.findings) this.findings.push(finding);
    this.score += other.score;
  }

  get valid(): boolean {
    return this.findings.length === 0;
  }
}

function fieldOf({ path }: Place): string {
  return path.startsWith("(Root).") ? path.slice("(Root).".length) : path;
}

function below(place: Place, name: string): Place {
  return { path: `${place.path}.${name}`, depth: place.depth };
}

class Validation {
  private steps = 0;

  check(schema: Schema, value: Value, place: Place): Report {
    const report = new Report();
    this.walk(schema, value, report, place);
    return report;
  }

  private walk(schema: Schema, value: Value, report: Report, at: Place): void {
    if (++this.steps > mostSteps) throw failure("the validation takes too many steps");
    if (at.depth > deepest) throw failure("the validation nests too deeply");
    const place = { path: at.path, depth: at.depth + 1 };
    if (schema.pass !== undefined) {
      if (!schema.pass) report.add("false", place, "False always fails validation");
      return;
    }
    if (schema.reference !== undefined) {
      this.walk(schema.reference, value, report, place);
      return;
    }
    const given = jsonType(value);
    const fits = schema.types.includes(given) || (given === "integer" && schema.types.includes("number"));
    if (schema.types.length > 0 && !fits) {
      const expected = schema.types.length > 1 ? `[${schema.types.join(",")}]` : schema.types[0]!;
      report.add("invalid_type", place, `Invalid type. Expected: ${expected}, given: ${given}`);
      return;
    }
    this.combinations(schema, value, report, place);
    if (value instanceof RegoNumber) checkNumber(schema, value.text, report, place);
    else if (value instanceof RegoObject) this.object(schema, value, report, place);
    else if (Array.isArray(value)) this.array(schema, value as readonly Value[], report, place);
    checkCommon(schema, value, report, place);
    if (typeof value === "string") checkString(schema, value, report, place);
    if (value instanceof RegoObject)
      for (const [name, property] of schema.properties) {
        const item = value.get(name);
        if (item !== undefined) this.walk(property, item, report, below(place, name));
      }
    report.score++;
  }

  private combinations(schema: Schema, value: Value, report: Report, place: Place): void {
    if (schema.anyOf.length > 0) this.anyOf(schema.anyOf, value, report, place);
    if (schema.oneOf.length > 0) this.oneOf(schema.oneOf, value, report, place);
    let failed = false;
    for (const part of schema.allOf) {
      const inner = this.check(part, value, place);
      failed ||= !inner.valid;
      report.merge(inner);
    }
    if (failed) report.add("number_all_of", place, "Must validate all the schemas (allOf)");
    if (schema.not !== undefined && this.check(schema.not, value, place).valid)
      report.add("number_not", place, "Must not validate the schema (not)");
    if (value instanceof RegoObject) this.dependencies(schema, value, report, place);
    if (schema.if !== undefined) this.conditions(schema, schema.if, value, report, place);
    report.score++;
  }

  private anyOf(parts: readonly Schema[], value: Value, report: Report, place: Place): void {
    let best: Report | undefined;
    for (const part of parts) {
      const inner = this.check(part, value, place);
      if (inner.valid) return;
      if (best === undefined || inner.score > best.score) best = inner;
    }
    report.add("number_any_of", place, "Must validate at least one schema (anyOf)");
    if (best !== undefined) report.merge(best);
  }

  private oneOf(parts: readonly Schema[], value: Value, report: Report, place: Place): void {
    let count = 0;
    let best: Report | undefined;
    for (const part of parts) {
      const inner = this.check(part, value, place);
      if (inner.valid) count++;
      else if (count === 0 && (best === undefined || inner.score > best.score)) best = inner;
    }
    if (count === 1) return;
    report.add("number_one_of", place, "Must validate one and only one schema (oneOf)");
    if (count === 0 && best !== undefined) report.merge(best);
  }

  private dependencies(schema: Schema, value: RegoObject, report: Report, place: Place): void {
    for (const [name] of value.entries) {
      const dependency = schema.dependencies.get(name as string);
      if (dependency === undefined) continue;
      if (!Array.isArray(dependency)) this.walk(dependency as Schema, value, report, place);
      else
        for (const other of dependency as readonly string[])
          if (value.get(other) === undefined) report.add("missing_dependency", place, `Has a dependency on ${other}`);
    }
  }

  private conditions(schema: Schema, condition: Schema, value: Value, report: Report, place: Place): void {
    const holds = this.check(condition, value, place).valid;
    const next = holds ? schema.then : schema.else;
    if (next === undefined) return;
    const inner = this.check(next, value, place);
    if (inner.valid) return;
    if (holds) report.add("condition_then", place, 'Must validate "then" as "if" was valid');
    else report.add("condition_else", place, 'Must validate "else" as "if" was not valid');
    report.merge(inner);
  }

  private array(schema: Schema, items: readonly Value[], report: Report, place: Place): void {
    const item = (part: Schema, index: number): void =>
      report.merge(this.check(part, items[index]!, below(place, String(index))));
    if (Array.isArray(schema.items)) {
      const count = schema.items.length;
      for (const [index, part] of schema.items.entries()) if (index < items.length) item(part, index);
      if (count > 0 && count < items.length && schema.additionalItems !== undefined) {
        if (schema.additionalItems === false)
          report.add("array_no_additional_items", place, "No additional items allowed on array");
        else if (schema.additionalItems !== true)
          for (let index = count; index < items.length; index++) item(schema.additionalItems, index);
      }
    } else if (schema.items !== undefined) for (let index = 0; index < items.length; index++) item(schema.items, index);
    if (schema.minItems !== undefined && items.length < schema.minItems)
      report.add("array_min_items", place, `Array must have at least ${schema.minItems} items`);
    if (schema.maxItems !== undefined && items.length > schema.maxItems)
      report.add("array_max_items", place, `Array must have at most ${schema.maxItems} items`);
    if (schema.uniqueItems === true) checkUnique(items, report, place);
    if (schema.contains !== undefined) this.contains(schema.contains, items, report, place);
    report.score++;
  }

  private contains(part: Schema, items: readonly Value[], report: Report, place: Place): void {
    let best: Report | undefined;
    for (const [index, item] of items.entries()) {
      const inner = this.check(part, item, below(place, String(index)));
      if (inner.valid) return;
      if (best === undefined || inner.score > best.score) best = inner;
    }
    report.add("contains", place, "At least one of the items must match");
    if (best !== undefined) report.merge(best);
  }

  private object(schema: Schema, value: RegoObject, report: Report, place: Place): void {
    const size = value.entries.length;
    if (schema.minProperties !== undefined && size < schema.minProperties)
      report.add("array_min_properties", place, `Must have at least ${schema.minProperties} properties`);
    if (schema.maxProperties !== undefined && size > schema.maxProperties)
      report.add("array_max_properties", place, `Must have at most ${schema.maxProperties} properties`);
    for (const name of schema.required) {
      if (value.get(name) !== undefined) report.score++;
      else report.add("required", place, `${name} is required`);
    }
    const known = new Set(schema.properties.map(([name]) => name));
    for (const [key, item] of value.entries) {
      const name = key as string;
      const matched = this.patterns(schema, name, item, report, place);
      if (matched || known.has(name)) continue;
      const additional = schema.additionalProperties;
      if (additional === false)
        report.add("additional_property_not_allowed", place, `Additional property ${name} is not allowed`);
      else if (additional !== undefined && additional !== true) report.merge(this.check(additional, item, below(place, name)));
    }
    if (schema.propertyNames !== undefined)
      for (const [name] of value.entries) {
        const inner = this.check(schema.propertyNames, name, place);
        if (inner.valid) continue;
        report.add("invalid_property_name", place, `Property name of "${name as string}" does not match`);
        report.merge(inner);
      }
    report.score++;
  }

  private patterns(schema: Schema, name: string, item: Value, report: Report, place: Place): boolean {
    const matching = schema.patternProperties.filter(([pattern]) => matchesGoRegex(pattern, name));
    for (const [, part] of matching) report.merge(this.check(part, item, below(place, name)));
    if (matching.length > 0) report.score++;
    return matching.length > 0;
  }
}

function jsonType(value: Value): string {
  return value instanceof RegoNumber ? (isInteger(value.text) ? "integer" : "number") : typeOf(value);
}

function checkCommon(schema: Schema, value: Value, report: Report, place: Place): void {
  if (schema.const !== undefined && comparable(value) !== schema.const)
    report.add("const", place, `${fieldOf(place)} does not match: ${schema.const}`);
  if (schema.enum !== undefined && !schema.enum.includes(comparable(value)))
    report.add("enum", place, `${fieldOf(place)} must be one of the following: ${schema.enum.join(", ")}`);
  if (schema.format !== undefined && typeof value === "string" && !hasFormat(schema.format, value))
    report.add("format", place, `Does not match format '${schema.format}'`);
  report.score++;
}

function comparable(value: Value): string {
  const text = constantText(value);
  if (text === undefined) throw failure("a number is too large to compare with a constant");
  return text;
}

function checkUnique(items: readonly Value[], report: Report, place: Place): void {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const text = comparable(item);
    const before = seen.get(text);
    if (before !== undefined) report.add("unique", place, `array items[${before},${index}] must be unique`);
    seen.set(text, index);
  }
}

function checkString(schema: Schema, text: string, report: Report, place: Place): void {
  const length = schema.minLength === undefined && schema.maxLength === undefined ? 0 : [...text].length;
  if (schema.minLength !== undefined && length < schema.minLength)
    report.add("string_gte", place, `String length must be greater than or equal to ${schema.minLength}`);
  if (schema.maxLength !== undefined && length > schema.maxLength)
    report.add("string_lte", place, `String length must be less than or equal to ${schema.maxLength}`);
  if (schema.pattern !== undefined && !matchesGoRegex(schema.pattern, text))
    report.add("pattern", place, `Does not match pattern '${schema.pattern}'`);
  report.score++;
}

function checkNumber(schema: Schema, text: string, report: Report, place: Place): void {
  const { multipleOf, minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  if (multipleOf !== undefined && !isMultiple(text, multipleOf))
    report.add("multiple_of", place, `Must be a multiple of ${limitText(multipleOf)}`);
  if (maximum !== undefined && compareNumbers(text, maximum) > 0)
    report.add("number_lte", place, `Must be less than or equal to ${limitText(maximum)}`);
  if (exclusiveMaximum !== undefined && compareNumbers(text, exclusiveMaximum) >= 0)
    report.add("number_lt", place, `Must be less than ${limitText(exclusiveMaximum)}`);
  if (minimum !== undefined && compareNumbers(text, minimum) < 0)
    report.add("number_gte", place, `Must be greater than or equal to ${limitText(minimum)}`);
  if (exclusiveMinimum !== undefined && compareNumbers(text, exclusiveMinimum) <= 0)
    report.add("number_gt", place, `Must be greater than ${limitText(exclusiveMinimum)}`);
  report.score++;
}

// Writes values as HOCON or YAML text: what conversions from JSON, and back, produce.
import { canonicalNumber } from "#grammars/hocon/number.ts";
import { parseHocon } from "#grammars/hocon/parse.ts";
import { quoteString, renderElement } from "#grammars/hocon/path.ts";
import { resolveHocon, toJsonText } from "./resolve.ts";
import type { ConfigValue, ObjectValue } from "./value.ts";

/** Words that mean something else without quotes. */
const SPECIAL = /^(?:true|false|null|include\b)/;
/** Text that HOCON reads back as one unquoted string. */
const PLAIN = /^[A-Za-z_][A-Za-z0-9_./-]*$/;

/** The value as HOCON; undefined where reading it back would give another one. */
export function toHoconText(value: ObjectValue): string | undefined {
  const out: string[] = [];
  for (const [key, field] of value.fields) writeField(out, key, field, "");
  const text = out.join("");
  const again = resolveHocon(parseHocon(text, { file: "converted.conf" }));
  const sorted = { order: "reference" } as const;
  return !again.failed && toJsonText(again.value, sorted) === toJsonText(value, sorted) ? text : undefined;
}

function writeField(out: string[], key: string, value: ConfigValue, margin: string): void {
  const name = key === "include" ? quoteString(key) : renderElement(key);
  if (value.kind === "object" && value.fields.size > 0) {
    out.push(`${margin}${name} {\n`);
    for (const [inner, field] of value.fields) writeField(out, inner, field, `${margin}  `);
    out.push(`${margin}}\n`);
    return;
  }
  out.push(`${margin}${name} = ${hoconValue(value, margin)}\n`);
}

function hoconValue(value: ConfigValue, margin: string): string {
  switch (value.kind) {
    case "string":
      return hoconString(value.text);
    case "number":
      return canonicalNumber(value.text);
    case "boolean":
      return String(value.value);
    case "null":
      return "null";
    case "array": {
      const items = value.items.map((item) => hoconValue(item, `${margin}  `));
      const flat = `[${items.join(", ")}]`;
      if (flat.length <= 80 && !flat.includes("\n")) return flat;
      return `[\n${items.map((item) => `${margin}  ${item}\n`).join("")}${margin}]`;
    }
    case "object": {
      if (value.fields.size === 0) return "{}";
      const out: string[] = [];
      for (const [key, field] of value.fields) writeField(out, key, field, `${margin}  `);
      return `{\n${out.join("")}${margin}}`;
    }
  }
}

function hoconString(text: string): string {
  if (PLAIN.test(text) && !SPECIAL.test(text) && !text.includes("//")) return text;
  const lines = text.includes("\n") && !text.includes('"""') && !text.endsWith('"') && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
  return lines ? `"""${text}"""` : quoteString(text);
}

/** Text that every YAML reader takes for the same string. */
const YAML_PLAIN = /^[A-Za-z_][A-Za-z0-9_./-]*$/;
const YAML_WORD = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** The value as YAML in block style. */
export function toYamlText(value: ConfigValue): string {
  return `${yamlValue(value, "").replace(/^\n/, "")}\n`;
}

/** Scalars and empty collections stand on the line of their key; others start on a new one. */
function yamlValue(value: ConfigValue, margin: string): string {
  switch (value.kind) {
    case "string":
      return yamlString(value.text);
    case "number":
      return yamlNumber(value.text);
    case "boolean":
      return String(value.value);
    case "null":
      return "null";
    case "array":
      if (value.items.length === 0) return "[]";
      return value.items.map((item) => `\n${margin}-${after(yamlValue(item, `${margin}  `))}`).join("");
    case "object": {
      if (value.fields.size === 0) return "{}";
      return [...value.fields]
        .map(([key, field]) => `\n${margin}${yamlString(key)}:${after(yamlValue(field, `${margin}  `))}`)
        .join("");
    }
  }
}

function after(text: string): string {
  return text.startsWith("\n") ? text : ` ${text}`;
}

/** YAML wants a dot in the digits of a number with an exponent, and a sign in the exponent. */
function yamlNumber(text: string): string {
  return canonicalNumber(text).replace(/E(\d)/, "E+$1");
}

function yamlString(text: string): string {
  return YAML_PLAIN.test(text) && !YAML_WORD.test(text) ? text : JSON.stringify(text);
}

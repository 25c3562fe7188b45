// METADATA blocks and JSON schemas at random, for projects that are written for the compiler's checks.
import type { Random } from "./random.ts";

const names = ["one", "two", "sub.three", "missing", "one.b"] as const;

/** The lines of a METADATA block, with and without schemas. */
export function writtenAnnotations(random: Random, place: "package" | "rule"): string[] {
  const scope =
    random.below(3) === 0
      ? [
          `# scope: ${place === "package" ? random.pick(["package", "subpackages"]) : random.pick(["rule", "document", "document", "rule", "package"])}`,
        ]
      : [];
  const further =
    random.below(6) === 0
      ? random.pick([
          ["# title: t"],
          ["# entrypoint: true"],
          ["# custom:", "#   x: 1"],
          ["# authors:", "# - A <a@b.c>"],
          ["# related_resources:", "# - https://a.b"],
          ["# compile:", "#   unknowns: [input.x]"],
          ["# labels:", "#   x: y"],
        ])
      : [];
  const count = 1 + random.below(3);
  const schemas = random.below(5) === 0 ? [] : ["# schemas:", ...Array.from({ length: count }, () => `#   - ${entry(random)}`)];
  const lines = [...scope, ...further, ...schemas];
  return lines.length === 0 ? [] : ["# METADATA", ...lines];
}

function entry(random: Random): string {
  const path = random.pick([
    "input",
    "input",
    "input.b",
    "input.b.c",
    "data.z",
    "data.a",
    "data.a.p",
    "data.z.b",
    "input.x",
    "input.p",
    'input["x-y"]',
    "data.b.q",
    ...(random.below(8) === 0 ? ["data", "x"] : []),
  ]);
  return random.below(3) === 0
    ? `${path}: ${JSON.stringify(schema(random, 2))}`
    : `${path}: ${random.pick(["schema", ...random.pick([[], names, names, names]).map((name) => `schema.${name}`)])}`;
}

/** The files of the folder `schemas`. */
export function schemaFiles(random: Random): Record<string, string> {
  const files = { "schemas/one.json": root(random), "schemas/two.json": root(random), "schemas/sub/three.json": root(random) };
  return Object.fromEntries(Object.entries(files).map(([name, value]) => [name, JSON.stringify(value)]));
}

function root(random: Random): object {
  const made = schema(random, 3) as Record<string, unknown>;
  if (random.below(3) > 0 && !JSON.stringify(made).includes("#/definitions")) return made;
  return {
    ...made,
    $schema: "http://json-schema.org/draft-07/schema",
    definitions: {
      d: schema(random, 1),
      e: { $ref: random.pick(["#/definitions/d", "#/definitions/d", "#/definitions/d", "#/definitions/e", "#"]) },
    },
  };
}

function schema(random: Random, depth: number): object {
  if (depth === 0)
    return random.pick<object>([
      { type: "string" },
      { type: "integer" },
      { type: "boolean" },
      { type: "null" },
      { type: "number" },
      {},
      { type: ["string", "null"] },
      { enum: ["b", 1] },
      { const: "b" },
      { type: "object" },
      { type: "array" },
    ]);
  const below = (): object => schema(random, depth - 1);
  const object = (): object => ({
    type: "object",
    properties: Object.fromEntries(
      ["b", "c", "d", "x-y", "p"].filter(() => random.below(2) === 0).map((name) => [name, below()]),
    ),
    ...random.pick<object>([
      {},
      {},
      { additionalProperties: false },
      { additionalProperties: true },
      { additionalProperties: below() },
      { required: ["b"] },
      { patternProperties: { "^x": below() } },
    ]),
  });
  return random.pick<() => object>([
    object,
    object,
    object,
    () => ({ type: "array", items: below(), ...random.pick<object>([{}, { uniqueItems: true }]) }),
    () => ({
      type: "array",
      items: [below(), below()],
      ...random.pick<object>([{}, { additionalItems: false }, { additionalItems: below() }]),
    }),
    () => ({ allOf: [object(), object()] }),
    () => ({ anyOf: [below(), below()] }),
    () => ({ oneOf: [below(), below()] }),
    () => ({
      $ref: random.pick([
        "#/definitions/d",
        "#/definitions/d",
        "#/definitions/e",
        ...(random.below(8) === 0 ? ["#/definitions/missing", "two.json", "#"] : []),
      ]),
    }),
    () => ({ ...object(), allOf: [object()] }),
    () => ({ ...object(), anyOf: [object(), below()] }),
    () => schema(random, 0),
  ])();
}

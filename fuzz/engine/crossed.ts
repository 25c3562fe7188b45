// Programs bred from the kit's evaluation cases: their terms, literals and rules change places, within a case and between cases.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Rule } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import type { Random } from "../random.ts";
import { crossPieces } from "../rego-crossing.ts";
import type { FuzzProgram } from "./program.ts";

interface KitCase {
  readonly modules?: readonly string[] | null;
  readonly data?: unknown;
  readonly input?: unknown;
}

interface CaseFile {
  readonly cases: readonly { readonly case: KitCase; readonly tags: { readonly builtins: readonly string[] } }[];
}

/** Their results depend on more than the program, or come from elsewhere. */
const ofTheMoment =
  /^(?:time\.now_ns|rand\.|uuid\.|http\.|opa\.runtime|net\.lookup|test\.|crypto\.x509\.|io\.jwt\.(?:decode_verify|encode)|rego\.)/u;

const folder = "test-fixtures/conformance/rego/cases/v1";

let known: readonly Parent[] | undefined;

interface Parent {
  readonly modules: readonly string[];
  readonly data: string;
  readonly input: string;
}

function parents(): readonly Parent[] {
  known ??= readdirSync(folder)
    .filter((name) => name.endsWith(".json") && !name.startsWith("_"))
    .flatMap((name) => (JSON.parse(readFileSync(join(folder, name), "utf8")) as CaseFile).cases)
    .filter(({ tags }) => !tags.builtins.some((name) => ofTheMoment.test(name)))
    .flatMap(({ case: { modules, data, input } }) => {
      // Variables with the names of generated ones are taken for them.
      if (modules?.some((text) => text.includes("__local"))) return [];
      if (!modules?.length || (data ?? {}) === null || typeof (data ?? {}) !== "object") return [];
      return [{ modules, data: JSON.stringify(data ?? {}), input: JSON.stringify(input ?? {}) }];
    });
  return known;
}

/** The program of a seed; most pass OPA's checks when little changed places. */
export function crossed(random: Random): FuzzProgram {
  const parent = random.pick(parents());
  const others = [parent, parent, random.pick(parents()), random.pick(parents())];
  let texts = parent.modules;
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(texts.length);
    const lender = random.below(2) === 0 ? random.pick(texts) : random.pick(random.pick(others).modules);
    texts = texts.with(at, crossPieces(texts[at]!, lender, random));
  }
  const { module } = parseModule(texts[0]!, { file: "", version: "v1" });
  const path = module.package?.path.map(({ value }) => value) ?? [];
  const rules = module.rules.filter(({ head }) => head.args === undefined).map(({ head }) => firstName(head.reference));
  const inputs = [parent.input, random.pick(parents()).input, "{}"];
  const data = random.below(4) === 0 ? random.pick(parents()).data : parent.data;
  return { package: path.join("/"), texts, dealt: texts, data, rules: [...new Set(rules)], inputs };
}

function firstName(reference: Rule["head"]["reference"]): string {
  const first = reference.kind === "ref" ? reference.parts[0] : reference;
  return first?.kind === "var" ? first.name : "";
}

// Small random projects of several packages that use each other, and random edits of them, most of which leave the text readable.
import type { Rule } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { StatementMemory } from "#grammars/rego/statement-memory.ts";
import { checkModules } from "./check.ts";
import { IncrementalCheck } from "./incremental.ts";

type Parse = (file: string, text: string) => ParsedModule;
type Edit = (modules: Map<string, ParsedModule>, parse: Parse) => void;

/** A generator of numbers below a bound, the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

const packages = ["a", "a.b", "c", "c.d", "lib"];
const names = ["p", "q", "r", "f", "g", "xs", "obj", "d"];

type Random = (below: number) => number;
const one = <T>(random: Random, items: readonly T[]): T => items[random(items.length)]!;

function ref(random: Random): string {
  const name = one(random, names);
  return random(3) === 0 ? name : `data.${one(random, packages)}.${name}`;
}

function term(random: Random, depth = 0): string {
  switch (random(depth > 2 ? 6 : 12)) {
    case 0:
      return String(random(4));
    case 1:
      return one(random, ['"x"', '"y"', "true", "null", "[1, 2]", '{"k": 1}', "{1, 2}"]);
    case 2:
    case 3:
      return ref(random);
    case 4:
      return `input.${one(random, ["u", "v"])}`;
    case 5:
      return one(random, ["x", "y", "_"]);
    case 6:
      return `${one(random, ["count", "upper", "sum", `data.${one(random, packages)}.f`, "g"])}(${term(random, depth + 1)})`;
    case 7:
      return `[z | some z in ${term(random, depth + 1)}]`;
    case 8:
      return `${ref(random)}[${term(random, depth + 1)}]`;
    case 9:
      return `{"k": ${term(random, depth + 1)}}`;
    case 10:
      return `$"<{${term(random, depth + 1)}}>"`;
    default:
      return `${term(random, depth + 1)} + ${term(random, depth + 1)}`;
  }
}

function literal(random: Random): string {
  switch (random(9)) {
    case 0:
      return `x := ${term(random)}`;
    case 1:
      return `some ${one(random, ["y", "y", "y", "data"])} in ${term(random)}`;
    case 2:
      return `not ${ref(random)}`;
    case 3:
      return `${ref(random)} with ${one(random, ["input.u", `data.${one(random, packages)}.${one(random, names)}`])} as ${term(random)}`;
    case 4:
      return `every e in ${term(random)} { e != ${term(random)} }`;
    case 5:
      return `print(${term(random)})`;
    case 6:
      return `${term(random)} == ${term(random)}`;
    case 7:
      return `rego.metadata.rule().title == ${term(random)}`;
    default:
      return term(random);
  }
}

/** A rule that is mostly right: it reads only names that come later than its own, so that there are few cycles. */
function tameRule(random: Random): string {
  const at = random(names.length - 1);
  const name = names[at] ?? "p";
  const other = (): string => {
    const later = random(25) === 0 ? one(random, names) : one(random, names.slice(at + 1));
    return `data.${one(random, packages)}.${later}`;
  };
  const value = (): string =>
    one(random, [
      () => String(random(3)),
      () => one(random, ['"x"', "true", "null", "[1]", '{"k": 1}', '{"a"}']),
      other,
      () => `input.${one(random, ["u", "v"])}`,
      () => `[z | some z in ${other()}]`,
      () => `{"k": ${other()}}`,
      () => `${other()}.k`,
      () => `count(${other()})`,
      () => `upper(${other()})`,
      () => `${other()} + 1`,
      () => `${other()}[_]`,
    ])();
  const conditions = Array.from({ length: 1 + random(2) }, () =>
    one(random, [
      () => `\t${value()} == ${value()}`,
      () => `\tsome k${random(9)} in ${other()}`,
      () => `\tnot ${other()}`,
      () => `\t${other()} with data.${one(random, packages)}.${one(random, names)} as ${value()}`,
    ])(),
  );
  const when = random(2) === 0 ? ` if {\n${[...new Set(conditions)].join("\n")}\n}` : "";
  switch (name) {
    case "f":
      return `f(x) := [x, ${value()}]${when}`;
    case "g":
      return `g(x, y) := [x, y, ${value()}]${when}`;
    case "xs":
      return `xs contains ${value()}${when}`;
    case "obj":
      return `obj[${one(random, ['"a"', '"b"', "input.u"])}] := ${value()}${when}`;
    default:
      return `${name} := ${value()}${when}`;
  }
}

function body(random: Random): string {
  return Array.from({ length: 1 + random(2) }, () => `\t${literal(random)}`).join("\n");
}

function ruleText(random: Random, tame: boolean): string {
  if (tame && random(20) > 0) return tameRule(random);
  const name = one(random, names);
  const note = random(8) === 0 ? `# METADATA\n# title: t${random(3)}\n${random(2) === 0 ? "# scope: document\n" : ""}` : "";
  switch (random(9)) {
    case 0:
      return `${note}${name} := ${term(random)}`;
    case 1:
      return `${note}${name} if {\n${body(random)}\n}`;
    case 2:
      return `${note}xs contains ${term(random)} if {\n${body(random)}\n}`;
    case 3:
      return `${note}obj[${term(random)}] := ${term(random)} if {\n${body(random)}\n}`;
    case 4:
      return `${note}f(x) := ${term(random)} if {\n${body(random)}\n} else := ${term(random)}`;
    case 5:
      return `${note}g(x, y) := ${term(random)}`;
    case 6:
      return `${note}default ${name} := ${one(random, ["false", "0", '"x"'])}`;
    case 7:
      return `${note}${name}.${one(random, names)} := ${term(random)}`;
    default:
      return `${note}f(x) := ${term(random)}`;
  }
}

function header(random: Random): string {
  const imports = Array.from(
    { length: random(3) },
    () => `import data.${one(random, packages)} as ${one(random, ["m", "n", "p"])}`,
  );
  const scope = one(random, ["package", "subpackages"]);
  const note = random(4) === 0 ? `# METADATA\n# scope: ${scope}\n# title: t${random(3)}\n` : "";
  return [`${note}package ${one(random, packages)}`, "", ...new Set(imports)].join("\n");
}

function moduleText(random: Random, tame: boolean): string {
  return [header(random), ...Array.from({ length: 1 + random(4) }, () => ruleText(random, tame))].join("\n\n");
}

/** The files of a random project; a tame one has few errors, so that its types are found too. */
export function projectOf(seed: number, tame: boolean): readonly (readonly [string, string])[] {
  const random = numbers(seed);
  return Array.from({ length: 3 + random(4) }, (_, at) => [`f${at}.rego`, moduleText(random, tame)] as const);
}

/** Random edits: rules come, go, move and change, files come and go, characters too. */
function* editsOf(seed: number, count: number, tame: boolean): Generator<Edit> {
  const random = numbers(seed + 7919);
  for (let at = 0; at < count; at++) {
    yield (modules, parse) => {
      const files = [...modules.keys()];
      const file = one(random, files);
      const text = modules.get(file)?.text ?? "";
      const parts = text.split("\n\n");
      switch (random(10)) {
        case 0:
          if (files.length > 2) modules.delete(file);
          return;
        case 1: {
          const added = `f${random(9)}.rego`;
          modules.set(added, parse(added, moduleText(random, tame)));
          return;
        }
        case 2: {
          const place = random(text.length + 1);
          modules.set(file, parse(file, text.slice(0, place) + text.slice(place + 1 + random(3))));
          return;
        }
        case 3:
          parts.splice(1 + random(parts.length), 1);
          break;
        case 4:
          parts[0] = header(random);
          break;
        case 5:
        case 6:
          parts.push(ruleText(random, tame));
          break;
        default:
          parts[1 + random(Math.max(parts.length - 1, 1))] = ruleText(random, tame);
      }
      modules.set(file, parse(file, parts.join("\n\n")));
    };
  }
}

/** The tree as text, with the generated variables of the rule numbered in their own order. */
function withOwnNames(rule: Rule): string {
  const numbers = new Map<string, number>();
  return JSON.stringify(rule).replaceAll(/"(__local\d+__|\$\d+)"/gu, (_, name: string) => {
    numbers.set(name, numbers.get(name) ?? numbers.size);
    return `"local ${numbers.get(name)}"`;
  });
}

/** As text; the numbers of wildcards in the details of type errors, which nobody is shown, may be those of an earlier version. */
const withoutWildcards = (found: unknown): string => JSON.stringify(found).replaceAll(/"\$\d+"/gu, '"$"');

/**
 * Edits a random project and compares, after every edit, what a kept check of texts that are typed in and a first one of new texts find; gives
 * the first difference. Some versions are left while their check has some steps to go, as by a key that comes before they are told.
 */
export function differenceAfterEdits(seed: number, count: number, tame: boolean): unknown {
  const options = { printing: true, hints: true, strict: seed % 3 === 0, annotations: seed % 2 === 0 };
  const parse: Parse = (file, text) => parseModule(text, { file, allStatements: true });
  const memories = new Map<string, StatementMemory>();
  const type: Parse = (file, text) => {
    const memory = memories.get(file) ?? new StatementMemory();
    memories.set(file, memory);
    return parseModule(text, { file, allStatements: true, memory });
  };
  const random = numbers(seed + 104_729);
  const kept = new IncrementalCheck(options);
  const modules = new Map(projectOf(seed, tame).map(([file, text]) => [file, type(file, text)]));
  for (const edit of editsOf(seed, count, tame)) {
    edit(modules, type);
    const left = kept.begin([...modules.values()]).steps();
    for (let steps = random(12); steps > 0; steps--) left.next();
    if (random(3) === 0) continue;
    const again = kept.check([...modules.values()]);
    const first = checkModules(
      [...modules].map(([file, { text }]) => parse(file, text)),
      options,
    );
    const [found, expected] = [again, first].map(({ diagnostics, hints, complete, modules: checked }) => ({
      found: [...diagnostics, ...hints],
      complete,
      rules: complete ? checked.flatMap(({ module }) => module.rules.map(withOwnNames)) : [],
    }));
    if (withoutWildcards(found) === withoutWildcards(expected)) continue;
    return { seed, texts: [...modules.values()].map(({ text }) => text), found, expected };
  }
  return undefined;
}

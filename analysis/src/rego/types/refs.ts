// Checks that refs select what can be there.
import type { Ref, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { printRef, printTerm } from "#grammars/rego/print-terms.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { byteLength } from "#grammars/text/broken-bytes.ts";
import type { Problem } from "../problem.ts";
import type { LocalNames } from "../rule-units.ts";
import { isGenerated } from "../rule-units.ts";
import { isScalar } from "../tree/refs.ts";
import { forEachChild, isComprehension, type Node, walk } from "../tree/walk.ts";
import { original } from "../tree/written.ts";
import { jsonOf } from "./constants.ts";
import type { TypeEnvironment, TypeNode } from "./environment.ts";
import { compareJson, type JsonValue, printValue, valueToTree } from "./json-value.ts";
import { isEmptyCollection, keysOf, selectType, unwrap, valuesOf } from "./operations.ts";
import { printType, typeToJson } from "./print.ts";
import { termToJson } from "./term-json.ts";
import { ANY, type Maybe, STRING } from "./type.ts";
import { unifies, unifyWithType } from "./unify.ts";

type Finding = Omit<Problem, "module">;

const none: readonly Finding[] = [];

/** Checks the refs of expressions; comprehensions are checked with their own bodies. */
export class RefChecker {
  readonly #names: LocalNames;
  #found: Finding[] | undefined;
  #env!: TypeEnvironment;

  constructor(names: LocalNames) {
    this.#names = names;
  }

  /** While one expression is checked, the body of a comprehension in it may have to be. */
  check(env: TypeEnvironment, root: Node): readonly Finding[] {
    const outer = this.#env;
    const before = this.#found;
    this.#env = env;
    this.#found = undefined;
    walk(root, this.#visit);
    const found = this.#found ?? none;
    this.#env = outer;
    this.#found = before;
    return found;
  }

  #add(finding: Finding): void {
    this.#found ??= [];
    this.#found.push(finding);
  }

  /** True when what is below is done. */
  readonly #visit = (node: Node): boolean => {
    if (node.kind === "ref") return this.#checkRef(node);
    if (isComprehension(node)) return true;
    if (node.kind !== "expr") return false;
    const { body } = node;
    if (body.kind === "every" || body.kind === "logical" || body.kind === "some") return false;
    // Neither the function of a call nor `with` modifiers are values.
    if (body.kind === "call") for (let i = 0; i < body.args.length; i++) walk(body.args[i]!, this.#visit);
    else if (body.kind === "notBody") forEachChild(body, this.#below);
    else walk(body, this.#visit);
    return true;
  };

  readonly #below = (node: Node): void => walk(node, this.#visit);

  /** True when what is inside of the ref needs no check any more. */
  #checkRef(ref: Ref): boolean {
    const type = this.#env.typeOfRef(ref.parts);
    if (type?.kind === "function") {
      this.#add(this.#unsupported(ref, ref.parts.length - 1, type));
      return true;
    }
    const finding = this.#walkTree(this.#env, this.#env.tree, ref, 0);
    if (finding !== undefined) this.#add(finding);
    return false;
  }

  #walkTree(first: TypeEnvironment, start: TypeNode, ref: Ref, from: number): Finding | undefined {
    let layer = first;
    let node = start;
    for (let index = from; index < ref.parts.length; index++) {
      const part = ref.parts[index]!;
      if ((index === 1 || index === 2) && part.kind !== "var" && part.kind !== "string")
        return this.#invalid(ref, index, this.#env.typeOf(part), STRING, keysBelow(node));
      if (part.kind === "var" && index !== 0) {
        const keys = keysOf(node.extent());
        const known = this.#env.typeOf(part);
        if (known === undefined) this.#env.putVar(part, keys);
        else if (!unifies(keys, known)) return this.#invalid(ref, index, known, keys, keysBelow(node));
      }
      if (index === 0) {
        const type = layer.typeOfName(part);
        if (type !== undefined) return this.#walkType(type, ref, 1);
      }
      const child = index === 0 ? layer.head(part) : node.child(part);
      if (child === undefined) {
        if (layer.next !== undefined) {
          layer = layer.next;
          node = layer.tree;
          // From the head again.
          index = -1;
          continue;
        }
        const head = ref.parts[0];
        if (head?.kind !== "var" || (head.name !== "input" && head.name !== "data")) return this.#walkType(ANY, ref, 0);
        if (index === 0) return this.#walkType(ANY, ref, 1);
        for (const other of node.children.values()) this.#walkTree(layer, other, ref, index + 1);
        return undefined;
      }
      if (child.value !== undefined) return this.#walkType(child.value, ref, index + 1);
      node = child;
    }
    return undefined;
  }

  #walkType(start: Maybe, ref: Ref, from: number): Finding | undefined {
    let type = start;
    for (let index = from; index < ref.parts.length; index++) {
      const part = ref.parts[index]!;
      if (isEmptyCollection(type)) return this.#intoEmpty(type, ref, index, part);
      const keys = keysOf(type);
      if (keys === undefined) return this.#unsupported(ref, index - 1, type);
      switch (part.kind) {
        case "var": {
          const known = this.#env.typeOf(part);
          if (known === undefined) this.#env.putVar(part, keys);
          else if (!unifies(known, keys)) return this.#invalid(ref, index, known, keys, keysOfType(type));
          type = valuesOf(type);
          break;
        }
        case "ref": {
          const known = this.#env.typeOfRef(part.parts);
          if (known !== undefined && !unifies(known, keys)) return this.#invalid(ref, index, known, keys, keysOfType(type));
          type = valuesOf(type);
          break;
        }
        case "array":
        case "object":
        case "set":
          if (!unifyWithType(this.#env, part, keys, false)) return this.#invalid(ref, index, this.#env.typeOf(part), keys, []);
          type = valuesOf(type);
          break;
        default: {
          const key = jsonOf(part);
          const child = key === undefined ? undefined : selectType(type, key);
          if (child === undefined) return this.#invalid(ref, index, undefined, keys, keysOfType(type));
          type = child;
        }
      }
    }
    return undefined;
  }

  /** A constant key never matches in an empty collection; iterating it gives nothing and is no mistake. */
  #intoEmpty(type: Maybe, ref: Ref, index: number, part: Term): Finding | undefined {
    if (isScalar(part)) return this.#invalid(ref, index, undefined, undefined, []);
    if (part.kind !== "var") return undefined;
    const known = this.#env.typeOf(part);
    const keys = keysOf(type);
    if (known === undefined) this.#env.putVar(part, ANY);
    else if (keys !== undefined && !unifies(known, keys)) return this.#invalid(ref, index, known, keys, []);
    return undefined;
  }

  #invalid(ref: Ref, index: number, have: Maybe, want: Maybe, oneOf: readonly JsonValue[]): Finding {
    const shown = original(this.#names, ref);
    return {
      range: { start: ref.parts[0]!.start, end: ref.end },
      code: "rego_type_error",
      message: `undefined ref: ${printRef(shown.parts)}`,
      details: {
        ref: shown.parts.map(termToJson),
        pos: index,
        ...(have === undefined ? {} : { have: typeToJson(have) }),
        want: typeToJson(want),
        oneOf: oneOf.length === 0 ? null : oneOf.map(valueToTree),
      },
      lines: invalidLines(shown.parts, index, have, want, oneOf),
    };
  }

  #unsupported(ref: Ref, index: number, have: Maybe): Finding {
    const shown = original(this.#names, ref);
    let message = `undefined ref: ${printRef(shown.parts)}`;
    if (have?.kind === "function") {
      const last = shown.parts.at(-1);
      const called = last?.kind === "var" && isGenerated(last.name) ? shown.parts.slice(0, -1) : shown.parts;
      message = `function ${printRef(called)} used as reference, not called`;
    }
    return {
      range: { start: ref.parts[0]!.start, end: ref.end },
      code: "rego_type_error",
      message,
      details: { ref: shown.parts.map(termToJson), pos: index, have: typeToJson(have) },
      lines: [
        printRef(shown.parts),
        "^".repeat(byteLength(printRef(shown.parts.slice(0, index + 1)))),
        `have: ${printType(have)}`,
      ],
    };
  }
}

/** The ref, a mark below the part that is wrong, what it is and what it may be. */
function invalidLines(
  parts: readonly Term[],
  index: number,
  have: Maybe,
  want: Maybe,
  oneOf: readonly JsonValue[],
): readonly string[] {
  const pad = " ".repeat(byteLength(printRef(parts.slice(0, index))) + 1);
  return [
    printRef(parts),
    `${pad}^`,
    have === undefined ? `${pad}have: ${printTerm(parts[index]!)}` : `${pad}have (type): ${printType(have)}`,
    // What has no keys at all wants none.
    oneOf.length > 0 || want === undefined
      ? `${pad}want (one of): [${oneOf.map(printValue).join(" ")}]`
      : `${pad}want (type): ${printType(want)}`,
  ];
}

function keysBelow(node: TypeNode): readonly JsonValue[] {
  const keys = [...node.children.values()].map(({ key }) => key!);
  return keys.sort(compareTerms).map((key) => {
    const json = key.kind === "var" ? key.name : jsonOf(key);
    return json === undefined ? keyOf(key) : json;
  });
}

function keysOfType(type: Maybe): readonly JsonValue[] {
  const keys = new Map<unknown, JsonValue>();
  const collect = (one: Maybe): void => {
    const t = unwrap(one);
    // As in OPA, equal collections are told each.
    if (t?.kind === "object") for (const { key } of t.static) keys.set(isCollection(key) ? key : JSON.stringify(key), key);
    if (t?.kind === "any") for (const member of t.of) collect(member);
  };
  collect(type);
  return [...keys.values()].sort(compareJson);
}

function isCollection(value: JsonValue): boolean {
  return typeof value === "object" && value !== null && !("number" in value);
}

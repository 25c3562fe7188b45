// Refs, followed through base documents and rules as far as they are known.
import type { RuleTreeNode } from "#analysis/rego/rule-tree.ts";
import { refTerm, unification } from "#analysis/rego/tree/make.ts";
import { isConstant } from "#analysis/rego/tree/refs.ts";
import type { Ref, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import type { Way } from "./rule-use.ts";
import type { Unfolding } from "./unfolding.ts";
import { isComposite, isComprehension, memberOf, membersOf, nowhere } from "./values.ts";

/** Where a term comes from: a document that is known, rules or another value, or it is what is left of the ref. */
export type Origin = "base" | "value" | "left";

/** What is done with each term that a ref comes to. */
export type Found = (term: Term, origin: Origin) => void;

export class Documents {
  readonly #unfolding: Unfolding;
  readonly #data: Term;
  readonly #input: Term | undefined;

  /** The base document and the input, as far as they are known. */
  constructor(unfolding: Unfolding, data: Term, input: Term | undefined) {
    this.#unfolding = unfolding;
    this.#data = data;
    this.#input = input;
  }

  /** What a ref comes to: a constant, a pattern, or a ref that is left. Its variables are looked up; it is compared with `wanted`. */
  follow({ parts }: Ref, next: Found, wanted?: Term): void {
    const { use } = this.#unfolding;
    this.#resolveParts(parts, 1, (resolved) => {
      const [head, ...rest] = resolved;
      if (head?.kind === "var" && head.name === "data")
        return this.data(
          this.#unfolding.checked.rules.root.children.get(keyOf(head)),
          this.#data,
          { parts: resolved, at: 1, wanted, use },
          next,
        );
      if (head?.kind === "var" && head.name === "input") return this.#followInput(resolved, use, next);
      if (head !== undefined) this.index(head, rest, use, next);
    });
  }

  /** Refs among the parts with what they come to. */
  #resolveParts(parts: readonly Term[], at: number, next: (parts: readonly Term[]) => void): void {
    const part = parts[at];
    if (part === undefined) return next(parts);
    if (part.kind !== "ref" && part.kind !== "array" && part.kind !== "object" && part.kind !== "set")
      return this.#resolveParts(parts, at + 1, next);
    this.#unfolding.resolve(part, (term) => this.#resolveParts(parts.with(at, term), at + 1, next));
  }

  #followInput(parts: readonly Term[], use: number, next: Found): void {
    const { unknowns } = this.#unfolding;
    if (unknowns.shares(parts)) return this.#unfolding.leaveRef(parts, next);
    if (unknowns.meets(parts)) return this.#partlyKnown(this.#input, { parts, at: 1, use }, next);
    if (this.#input !== undefined) this.index(this.#input, parts.slice(1), use, next);
  }

  /** Below a part of the input that is known but for some paths. */
  #partlyKnown(known: Term | undefined, { parts, at, use }: Way, next: Found): void {
    const { unknowns, scope } = this.#unfolding;
    const prefix = parts.slice(0, at);
    const below = (key: Term): void => {
      const path = parts.with(at, key);
      if (unknowns.shares(path)) return this.#unfolding.leaveRef(path, next);
      const member = known === undefined ? undefined : memberOf(known, key);
      if (unknowns.meets(path)) this.#partlyKnown(member, { parts: path, at: at + 1, use }, next);
      else if (member !== undefined) this.index(member, path.slice(at + 1), use, next);
    };
    const part = scope.plug(parts[at]!);
    if (isConstant(part)) return below(part);
    const keys = new Map(
      [...membersOf(known ?? nothing).map(([key]) => key), ...unknowns.keysBelow(prefix)].map((key) => [keyOf(key), key]),
    );
    for (const key of keys.values()) this.#unfolding.unify(key, part, () => below(key));
  }

  /** Goes on at a node of the rules and a base document. */
  data(node: RuleTreeNode | undefined, base: Term | undefined, { parts, at, wanted, use }: Way, next: Found): void {
    const { unknowns, scope, rules, known } = this.#unfolding;
    const path = parts.slice(0, at);
    if (unknowns.meets(parts) && unknowns.meets(path)) return this.#unfolding.leaveRef(parts, next);
    if (node !== undefined && node.rules.length > 0) return rules.document(node, { parts, at, wanted, use }, next);
    if (at === parts.length) {
      if (node === undefined || !hasRules(node)) {
        if (unknowns.isKept(parts)) this.#unfolding.leaveRef(parts, next);
        else if (base !== undefined) next(base, "base");
        return;
      }
      const ref = refTerm(parts, nowhere);
      if (unknowns.document(parts)) return this.#unfolding.leaveRef(parts, next);
      const value = known.value(ref);
      if (value !== undefined) next(value, "base");
      return;
    }
    const mayBeKept = unknowns.isKept(parts);
    if ((node === undefined || node.children.size === 0) && !mayBeKept) {
      if (base === undefined) return;
      if (unknowns.meets(parts)) return this.#unfolding.leaveRef(parts, next);
      return this.index(base, parts.slice(at), use, (term, origin) => next(term, origin === "value" ? "base" : origin));
    }
    const part = scope.plug(parts[at]!);
    if (isConstant(part)) {
      const below = base === undefined ? undefined : memberOf(base, part);
      const child = node?.children.get(keyOf(part));
      if (child !== undefined || below !== undefined || mayBeKept)
        this.data(child, below, { parts: parts.with(at, part), at: at + 1, wanted, use }, next);
      return;
    }
    if (unknowns.meets(parts) || unknowns.isKept(path)) return this.#unfolding.leaveRef(parts, next);
    const keys = new Map<string, Term>();
    for (const [key] of base === undefined ? [] : membersOf(base)) keys.set(keyOf(key), key);
    for (const { key } of node?.children.values() ?? []) if (key !== undefined) keys.set(keyOf(key), key);
    for (const key of [...keys.values()].sort(compareTerms))
      this.#unfolding.unify(part, key, () =>
        this.data(
          node?.children.get(keyOf(key)),
          base === undefined ? undefined : memberOf(base, key),
          { parts: parts.with(at, key), at: at + 1, wanted, use },
          next,
        ),
      );
  }

  /** What is below a term. */
  index(term: Term, rest: readonly Term[], use: number, next: Found): void {
    const found = this.#unfolding.scope.plug(term);
    if (rest.length === 0) return next(found, "value");
    if (found.kind === "ref") return this.#unfolding.leaveRef([...found.parts, ...rest], (ref) => next(ref, "value"));
    if (found.kind === "var" || isComprehension(found)) return this.#indexNamed(found, rest, use, next);
    if (!isComposite(found)) return;
    const part = this.#unfolding.scope.plug(rest[0]!);
    if (isConstant(found) || found.kind === "array") {
      if (isConstant(part)) {
        const member = memberOf(found, part);
        if (member !== undefined) this.index(member, rest.slice(1), use, next);
        return;
      }
      for (const [key, member] of membersOf(found))
        this.#unfolding.unify(part, key, () => this.index(member, rest.slice(1), use, next));
      return;
    }
    if (found.kind === "object" && found.entries.every(({ key }) => isConstant(key))) {
      for (const { key, value } of found.entries)
        if (!isConstant(part)) this.#unfolding.unify(part, key, () => this.index(value, rest.slice(1), use, next));
        else if (keyOf(part) === keyOf(key)) this.index(value, rest.slice(1), use, next);
      return;
    }
    this.#indexNamed(found, rest, use, next);
  }

  /** What cannot be looked into is left, and has a name. */
  #indexNamed(term: Term, rest: readonly Term[], use: number, next: Found): void {
    const name = this.#unfolding.nextLook(use);
    this.#unfolding.leave(unification(term, name), () => this.#unfolding.leaveRef([name, ...rest], (ref) => next(ref, "value")));
  }
}

const nothing: Term = { kind: "object", entries: [], ...nowhere };

function hasRules(node: RuleTreeNode): boolean {
  return node.rules.length > 0 || [...node.children.values()].some(hasRules);
}

// What is known about the types of documents and variables: layers of trees, the innermost first.
import type { Body, Term, Var } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { isGenerated } from "../rule-units.ts";
import { isConstant } from "../tree/refs.ts";
import { isComprehension } from "../tree/walk.ts";
import { jsonOf } from "./constants.ts";
import { mergeTypes, putBelow } from "./merge.ts";
import { typeOfTerm } from "./operand.ts";
import { isEmptyCollection, makeObject, selectType, unwrap, valuesOf } from "./operations.ts";
import { ANY, type Maybe, STRING, type StaticProperty, type Type } from "./type.ts";

const none: ReadonlyMap<string, TypeNode> = new Map();

/** A part of a path with the type found there. */
export class TypeNode {
  readonly key: Term | undefined;
  value: Maybe = undefined;
  #children: Map<string, TypeNode> | undefined = undefined;

  constructor(key: Term | undefined) {
    this.key = key;
  }

  get children(): ReadonlyMap<string, TypeNode> {
    return this.#children ?? none;
  }

  /** True when nothing is known below: so it is with most layers and variables. */
  get isLeaf(): boolean {
    return this.#children === undefined;
  }

  /** The children, to be written to. Most nodes have none. */
  #own(): Map<string, TypeNode> {
    this.#children ??= new Map();
    return this.#children;
  }

  child(key: Term): TypeNode | undefined {
    return this.#children?.get(keyOf(key));
  }

  #grow(key: Term): TypeNode {
    const text = keyOf(key);
    const children = this.#own();
    let child = children.get(text);
    if (child === undefined) {
      child = new TypeNode(key);
      children.set(text, child);
    }
    return child;
  }

  /** Sets the type at a path. */
  put(path: readonly Term[], type: Maybe): void {
    let node: TypeNode = this;
    for (const part of path) node = node.#grow(part);
    node.value = type;
  }

  /** The node below, along keys. */
  at(keys: readonly string[]): TypeNode | undefined {
    let node: TypeNode | undefined = this;
    for (const key of keys) {
      node = node.children.get(key);
      if (node === undefined) return undefined;
    }
    return node;
  }

  /** Keys of the shortest part of a path that has a type of its own; of the whole path when none has. */
  typedPart(keys: readonly string[]): readonly string[] {
    let node: TypeNode | undefined = this;
    for (const [i, key] of keys.entries()) {
      node = node.children.get(key);
      if (node === undefined) return keys;
      if (node.value !== undefined) return keys.slice(0, i + 1);
    }
    return keys;
  }

  /** The tree without what is at and below some paths; what stays is shared, but for the nodes on the way. */
  without(paths: Iterable<readonly string[]>): TypeNode {
    const copies = new Set<TypeNode>();
    const copyOf = (node: TypeNode): TypeNode => {
      if (copies.has(node)) return node;
      const copy = new TypeNode(node.key);
      copy.value = node.value;
      for (const [key, child] of node.children) copy.#own().set(key, child);
      copies.add(copy);
      return copy;
    };
    const root = copyOf(this);
    for (const path of paths) {
      if (this.at(path) === undefined) continue;
      const way = [root];
      for (const key of path.slice(0, -1)) {
        const node = way.at(-1)!;
        const child = node.children.get(key);
        if (child === undefined) break;
        const copy = copyOf(child);
        node.#own().set(key, copy);
        way.push(copy);
      }
      // Nodes that only led there go too: what they stand for is not known any more.
      for (let i = way.length - 1, empty = way.length === path.length; i >= 0 && empty; i--) {
        const node = way[i]!;
        node.#own().delete(path[i]!);
        empty = node.children.size === 0 && node.value === undefined;
      }
    }
    return root;
  }

  /** Adds a type at a path: objects on the way get the property, types below become part of an object put here. */
  insert(path: readonly Term[], type: Type, typeOf: (term: Term) => Maybe): void {
    let node: TypeNode = this;
    path.forEach((part, i) => {
      const known = node.child(part);
      node = node.#grow(part);
      if (known?.value === undefined || i + 1 === path.length) return;
      const object = unwrap(known.value);
      if (object?.kind === "object") known.value = putBelow(object, path.slice(i + 1), type, typeOf);
    });
    node.value = mergeTypes(node.value, type);
    if (unwrap(type)?.kind !== "object" || node.children.size === 0) return;
    let merged = unwrap(node.value);
    for (const [below, leaf] of node.#leaves([])) {
      if (merged?.kind === "object") merged = putBelow(merged, below, leaf, typeOf);
    }
    node.value = merged;
  }

  *#leaves(path: readonly Term[]): Generator<readonly [readonly Term[], Type]> {
    for (const child of this.children.values()) {
      const here = [...path, child.key!];
      if (child.value !== undefined) yield [here, child.value];
      else yield* child.#leaves(here);
    }
  }

  /** The type of everything from here down. */
  extent(): Maybe {
    if (this.value !== undefined) return this.value;
    const properties: StaticProperty[] = [];
    for (const child of this.children.values()) {
      const { key } = child;
      if (key?.kind === "string" || key?.kind === "number" || key?.kind === "boolean")
        properties.push({ key: jsonOf(key)!, value: child.extent() });
    }
    return makeObject(properties, { key: STRING, value: ANY });
  }
}

/** What stands for a variable that was met, but of a type that is not known. */
const untyped = new TypeNode(undefined);

/** Checks a comprehension's body and gives an environment that knows its variables; nothing when it has errors. */
export type BodyChecker = (environment: TypeEnvironment, body: Body) => TypeEnvironment | undefined;

export class TypeEnvironment {
  tree: TypeNode;
  readonly next: TypeEnvironment | undefined;
  readonly checkBody: BodyChecker;
  /** Types of variables by name. */
  #vars: Map<string, Maybe> | undefined = undefined;
  /** The layer where types of variables go: this one, except in the layers that `with` makes. */
  readonly #home: TypeEnvironment;

  constructor(tree: TypeNode, next: TypeEnvironment | undefined, checkBody: BodyChecker, home?: TypeEnvironment) {
    this.tree = tree;
    this.next = next;
    this.checkBody = checkBody;
    this.#home = home ?? this;
  }

  /** Sets the type of a variable. */
  putVar({ name }: Var, type: Maybe): void {
    const home = this.#home;
    home.#vars ??= new Map();
    home.#vars.set(name, type);
  }

  /** The type that this layer knows of the variable at the head of a ref. */
  typeOfName(term: Term): Maybe {
    return term.kind === "var" ? this.#vars?.get(term.name) : undefined;
  }

  /** What else this layer knows of the head of a ref. */
  head(term: Term): TypeNode | undefined {
    return term.kind === "var" && this.#vars?.has(term.name) === true ? untyped : this.#document(term);
  }

  /** The document, or the function, of a name. What rewriting named is none: such names are many, and a key of each would have to be made. */
  #document(name: Term): TypeNode | undefined {
    return this.tree.isLeaf || (name.kind === "var" && isGenerated(name.name)) ? undefined : this.tree.child(name);
  }

  /** A new layer, for a body or a rule. */
  wrap(checkBody: BodyChecker = this.checkBody): TypeEnvironment {
    return new TypeEnvironment(new TypeNode(undefined), this, checkBody);
  }

  /** The same layer with another tree. */
  with(tree: TypeNode): TypeEnvironment {
    return new TypeEnvironment(tree, this.next, this.checkBody);
  }

  /** A new layer for one expression: variables it finds out about stay known after it. */
  wrapModified(tree: TypeNode = new TypeNode(undefined)): TypeEnvironment {
    return new TypeEnvironment(tree, this, this.checkBody, this.#home);
  }

  /** The type of a rewritten term. */
  typeOf(term: Term): Maybe {
    if (term.kind === "var") return this.#typeOfVar(term);
    if (term.kind === "ref") return this.typeOfRef(term.parts);
    if (term.kind === "call") return undefined;
    if (isComprehension(term)) {
      const inner = this.checkBody(this, term.body);
      if (inner === undefined) return undefined;
      switch (term.kind) {
        case "arrayComprehension":
          return { kind: "array", static: [], dynamic: inner.typeOf(term.term) };
        case "setComprehension":
          return { kind: "set", of: inner.typeOf(term.term) };
        case "objectComprehension":
          return { kind: "object", static: [], dynamic: { key: inner.typeOf(term.key), value: inner.typeOf(term.value) } };
      }
    }
    return typeOfTerm(term, this);
  }

  typesOf(terms: readonly Term[]): readonly Maybe[] {
    return terms.map((term) => this.typeOf(term));
  }

  #typeOfVar(term: Var): Maybe {
    const { name } = term;
    const isDocument = !isGenerated(name);
    for (let layer: TypeEnvironment | undefined = this; layer !== undefined; layer = layer.next) {
      const vars = layer.#vars;
      if (vars !== undefined) {
        const type = vars.get(name);
        if (type !== undefined || vars.has(name)) return type;
      }
      const node = isDocument && !layer.tree.isLeaf ? layer.tree.child(term) : undefined;
      if (node !== undefined) return node.value;
    }
    return undefined;
  }

  /** The type of the document a ref means. */
  typeOfRef(parts: readonly Term[]): Maybe {
    const head = parts[0]!;
    for (let layer: TypeEnvironment | undefined = this; layer !== undefined; layer = layer.next) {
      const type = layer.typeOfName(head);
      if (type !== undefined) return selectRef(type, parts, 1);
      const node = layer.head(head);
      if (node !== undefined) return layer.#below(node, parts, 1);
    }
    return head.kind === "var" && isRootName(head.name) ? ANY : undefined;
  }

  /** What the layers around this one know of it. */
  #fallback(parts: readonly Term[]): Maybe {
    if (this.next !== undefined) return this.next.typeOfRef(parts);
    const head = parts[0];
    return head?.kind === "var" && isRootName(head.name) ? ANY : undefined;
  }

  #below(start: TypeNode, parts: readonly Term[], from: number): Maybe {
    let node = start;
    for (let i = from; i < parts.length; i++) {
      const part = parts[i]!;
      if (node.value !== undefined) {
        const child = node.children.size > 0 ? node.child(part) : undefined;
        if (child === undefined) return selectRef(node.value, parts, i);
        node = child;
        continue;
      }
      if (!isConstant(part)) return selectRef(node.extent(), parts, i);
      const child = node.child(part);
      if (child === undefined) return this.#fallback(parts);
      node = child;
    }
    return node.extent();
  }
}

/** The type of what the parts from a position on select from a value of this type. */
function selectRef(type: Maybe, parts: readonly Term[], from: number): Maybe {
  let selected = type;
  for (let i = from; i < parts.length; i++) {
    const part = parts[i]!;
    if (selected === undefined) return undefined;
    if (part.kind === "var" || part.kind === "ref" || part.kind === "array" || part.kind === "object" || part.kind === "set") {
      if (isEmptyCollection(selected)) return ANY;
      selected = valuesOf(selected);
    } else {
      const key = jsonOf(part);
      selected = key === undefined ? undefined : selectType(selected, key);
    }
  }
  return selected;
}

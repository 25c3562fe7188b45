// The functions of all rules, made when they are first called.
import type { LineIndex } from "#grammars/text/lines.ts";
import type { Steps } from "#grammars/text/steps.ts";
import { type AskedKeys, askedText, leadingKeys } from "./asked-keys.ts";
import { SubjectPlanner } from "./function-planner.ts";
import { type Generation, type Mock, systemDocument } from "./generation.ts";
import type { Mark } from "./marks.ts";
import type { Ask } from "./plan-memory.ts";
import type { Program } from "./program.ts";
import { RuleIndex } from "./rule-index.ts";
import { findNode, type PlannedRule, type RuleTrie, type TrieNode } from "./rule-trie.ts";
import { type RuleRequest, ruleFunction } from "./rules.ts";
import type { Indexing, Surroundings, Unsupported } from "./surroundings.ts";

/** How the functions are planned. */
interface RulesRequest {
  readonly indexing?: Indexing;
  readonly marked?: boolean;
  readonly earlyExit?: boolean;
  readonly tells?: boolean;
  readonly replacesInside?: boolean;
}

/** The functions of all generations, made when they are first called. */
export class Rules implements Surroundings {
  readonly unsupported: Unsupported[] = [];
  readonly trie: RuleTrie;
  readonly root: TrieNode;
  readonly program: Program;
  readonly lines: readonly (LineIndex | undefined)[];
  readonly indexing: Indexing | undefined;
  readonly earlyExit: boolean | undefined;
  readonly marks: Mark[] | undefined;
  readonly tells: boolean;
  readonly replacesInside: boolean;
  /** What is planned just now. */
  planning: RuleRequest | undefined;
  /** What the function in the making calls. */
  private asks: Ask[] = [];
  private readonly made = new Set<string>();
  readonly #indexes = new Map<TrieNode, RuleIndex>();
  private readonly generations = new Map<string, Generation>();
  /** Functions that were asked for and are still to be planned. */
  private readonly waiting: (() => void)[] = [];

  constructor(trie: RuleTrie, program: Program, lines: readonly (LineIndex | undefined)[], request: RulesRequest = {}) {
    this.trie = trie;
    this.root = trie.root;
    this.program = program;
    this.lines = lines;
    this.indexing = request.indexing;
    this.earlyExit = request.earlyExit;
    this.marks = request.marked === true ? [] : undefined;
    this.tells = request.marked === true || request.tells === true;
    this.replacesInside = request.replacesInside === true;
    program.memory.begin(trie, this.tells, this.replacesInside);
    this.generation(new Map(), [], 0);
  }

  get first(): Generation {
    return this.generations.values().next().value!;
  }

  generation(mocks: ReadonlyMap<string, Mock>, replaced: readonly (readonly string[])[], slots: number): Generation {
    // Where no rule stands, a replaced document changes what functions read and nothing of what they do, but who sees `data.system`.
    const dropped = replaced.filter((path) => this.#hasRules(path) || path[0] === systemDocument);
    const key = JSON.stringify([
      [...mocks].map(([name, mock]) => [name, { ...mock, ref: undefined }] as const).sort((a, b) => (a[0] < b[0] ? -1 : 1)),
      [...new Set(dropped.map((path) => JSON.stringify(path)))].sort(),
      slots,
    ]);
    let generation = this.generations.get(key);
    if (generation === undefined) {
      generation = { id: this.program.memory.generation(key), mocks, dropped, slots };
      this.generations.set(key, generation);
    }
    return generation;
  }

  #hasRules(path: readonly string[]): boolean {
    return findNode(this.root, path) !== undefined;
  }

  indexOf(node: TrieNode): RuleIndex {
    let index = this.#indexes.get(node);
    if (index === undefined) {
      index = new RuleIndex(
        this.root,
        node.rules.map(({ rule }) => rule),
      );
      this.#indexes.set(node, index);
    }
    return index;
  }

  functionFor(
    node: TrieNode,
    generation: Generation,
    rules: readonly PlannedRule[] = node.rules,
    asked: AskedKeys = [],
    isWanted = false,
  ): string {
    const extent = `g${generation.id}.data${node.path.map(pathStep).join("")}`;
    const part = rules.length === node.rules.length ? "" : `#${rules.map((one) => node.rules.indexOf(one)).join(",")}`;
    const named = (keys: AskedKeys): string => `${extent}${part}${keys.length === 0 ? "" : `[${askedText(keys)}]`}`;
    const of = isWanted ? named(asked) : undefined;
    const name = of === undefined ? named(asked) : `${of}[=]`;
    this.asks.push({ path: node.path, generation, rules: rules.map((one) => node.rules.indexOf(one)), asked, isWanted });
    if (!this.made.has(name)) {
      this.made.add(name);
      const fewer = leadingKeys(asked.slice(0, -1)).map((_, at) => named(asked.slice(0, at + 1)));
      this.waiting.push(() => this.#make({ name, node, rules, asked, extent, fewer, of }, generation));
    }
    return name;
  }

  #make(request: RuleRequest, generation: Generation): void {
    const { name, node } = request;
    const { memory, funcs } = this.program;
    this.asks = [];
    const about = memory.about(node, this.lines);
    const known = about?.functions.get(name);
    if (known !== undefined) {
      funcs.push(known.func);
      for (const builtin of known.builtins) this.program.useBuiltin(builtin);
      for (const ask of known.asks) this.#askAgain(ask);
      return;
    }
    this.planning = request;
    this.program.called = new Set();
    const unsupported = this.unsupported.length;
    if (about !== undefined) about.seen = undefined;
    this.trie.looks = about?.looks;
    const func = ruleFunction(new SubjectPlanner(this, generation), request);
    this.trie.looks = undefined;
    funcs.push(func);
    if (this.unsupported.length > unsupported) return;
    about?.functions.set(name, { func, asks: this.asks, builtins: [...this.program.called] });
  }

  #askAgain({ path, generation: { mocks, dropped, slots }, rules, asked, isWanted }: Ask): void {
    const node = findNode(this.root, path);
    if (node === undefined) return;
    this.functionFor(
      node,
      this.generation(mocks, dropped, slots),
      rules.map((at) => node.rules[at]!),
      asked,
      isWanted,
    );
  }

  /** Plans every function that was asked for, and those that they ask for. */
  *finish(): Steps<void> {
    for (let plan = this.waiting.pop(); plan !== undefined; plan = this.waiting.pop()) {
      plan();
      yield;
    }
  }
}

/** Told apart from every other step: `.a`, `["b.c"]`, `[1]`. */
function pathStep(step: string): string {
  if (/^[A-Za-z_]\w*$/.test(step)) return `.${step}`;
  return step.startsWith("\u0000") ? `[${step.slice(1)}]` : `[${JSON.stringify(step)}]`;
}

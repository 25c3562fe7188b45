// The smallest changes of an input that make a rule true, found by trying: one change, then two, then what a whole clause asks for, less what it does not need.
import type { Candidates, Wish } from "./candidates.ts";
import { type Change, changed, changedBy, isSame } from "./change.ts";

export interface Proposal {
  readonly changes: readonly Change[];
  /** The changed input as JSON text. */
  readonly input: string;
}

/** So many are told. */
const mostProposals = 3;
/** Inputs that are tried at once, and in all. */
const batch = 100;
const mostTried = 3000;
const mostSingles = 600;
/** Ways through the alternatives of one clause. */
const mostWays = 32;

export class Search {
  readonly #input: unknown;
  readonly #candidates: Candidates;
  readonly #path: string;
  readonly #seen = new Set<string>();
  /** What was found so far; whoever stops early has that. */
  readonly proposals: Proposal[] = [];

  constructor(candidates: Candidates, path: string, input: unknown) {
    this.#candidates = candidates;
    this.#path = path;
    this.#input = input;
  }

  /** Gives inputs as JSON texts, and is told of each whether the rule is true for it. */
  *tries(): Generator<readonly string[], void, readonly boolean[]> {
    const plans = this.#candidates.plansOf(this.#path);
    const asked = plans.flat(2);
    const singles = unlike([...asked, ...this.#candidates.all]).slice(0, mostSingles);
    yield* this.#first(singles.map((change) => [change]));
    if (this.proposals.length > 0) return;
    // What the clauses ask for is more likely than what else is known.
    const few = unlike([...asked, ...this.#candidates.all]).slice(0, 90);
    yield* this.#first(pairsOf(few));
    if (this.proposals.length > 0) return;
    for (const plan of plans) {
      for (const whole of waysOf(this.#open(plan))) {
        const way = this.#effective(whole);
        const [holds] = yield* this.#ask([way]);
        if (holds !== true) continue;
        yield* this.#smallest(way);
        break;
      }
      if (this.proposals.length >= mostProposals || this.#seen.size >= mostTried) return;
    }
  }

  /** The first few that hold; of changes of the same places one is enough. */
  *#first(tries: Iterable<readonly Change[]>): Generator<readonly string[], void, readonly boolean[]> {
    let waiting: (readonly Change[])[] = [];
    for (const one of tries) {
      if (this.#seen.size >= mostTried) break;
      waiting.push(one);
      if (waiting.length < batch) continue;
      yield* this.#keep(waiting);
      if (this.proposals.length > 0) return;
      waiting = [];
    }
    if (waiting.length > 0) yield* this.#keep(waiting);
  }

  *#keep(tries: readonly (readonly Change[])[]): Generator<readonly string[], void, readonly boolean[]> {
    const holds = yield* this.#ask(tries);
    for (const [at, changes] of tries.entries()) if (holds[at] === true) this.#propose(changes);
  }

  /** Whether the rule is true with some changes; false for changes that are none. */
  *#ask(tries: readonly (readonly Change[])[]): Generator<readonly string[], readonly boolean[], readonly boolean[]> {
    const texts = tries.map((changes) => {
      const result = changedBy(this.#input, changes);
      return result && JSON.stringify(result.input);
    });
    const open = [...new Set(texts.filter((text) => text !== undefined && !this.#seen.has(text)))] as string[];
    const told = open.length === 0 ? [] : yield open;
    for (const text of open) this.#seen.add(text);
    return texts.map((text) => text !== undefined && told[open.indexOf(text)] === true);
  }

  #propose(changes: readonly Change[]): void {
    const result = changedBy(this.#input, changes);
    if (result === undefined || this.proposals.length >= mostProposals) return;
    const places = placesOf(changes);
    if (this.proposals.some((other) => placesOf(other.changes) === places)) return;
    this.proposals.push({ changes, input: JSON.stringify(result.input) });
  }

  /** Leaves out each change that is not needed. */
  *#smallest(way: readonly Change[]): Generator<readonly string[], void, readonly boolean[]> {
    let needed = way;
    for (const change of way) {
      const fewer = needed.filter((one) => one !== change);
      const result = changedBy(this.#input, fewer);
      if (fewer.length === 0 || result === undefined) continue;
      // What was tried before did not hold.
      const [holds] = yield* this.#ask([fewer]);
      if (holds === true) needed = fewer;
    }
    this.#propose(needed);
  }

  /** Of changes one after the other those that change something. */
  #effective(changes: readonly Change[]): readonly Change[] {
    let input = this.#input;
    return changes.filter((change) => {
      const result = changed(input, change);
      if (result !== undefined) input = result.input;
      return result !== undefined;
    });
  }

  /** What a plan asks for beyond what the input has. */
  #open(plan: readonly Wish[]): readonly Wish[] {
    return plan.flatMap((wish) => {
      const changing = wish.filter((change) => changed(this.#input, change) !== undefined);
      return changing.length === 0 || changing.length < wish.length ? [] : [changing];
    });
  }
}

const placesOf = (changes: readonly Change[]): string => JSON.stringify(changes.map(({ path }) => path));

function unlike(changes: readonly Change[]): readonly Change[] {
  return [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
}

/** Two changes of different places, the first ones first. */
function* pairsOf(changes: readonly Change[]): Iterable<readonly Change[]> {
  for (let sum = 1; sum < 2 * changes.length; sum++)
    for (let at = Math.max(0, sum - changes.length + 1); at < sum - at; at++) {
      const [one, other] = [changes[at]!, changes[sum - at]!];
      if (!isSame(one.path, other.path) || one.kind === "add") yield [one, other];
    }
}

/** One alternative of each wish: the first ones, then others. */
function waysOf(wishes: readonly Wish[]): readonly (readonly Change[])[] {
  let ways: readonly (readonly Change[])[] = [[]];
  for (const wish of wishes) ways = wish.flatMap((change) => ways.map((way) => [...way, change])).slice(0, mostWays);
  return ways.filter((way) => way.length > 0);
}

// What of a text is kept, goes and comes on the way to another one, character by character: Myers' shortest edit, cut into pieces as the
// diff-match-patch family of libraries cuts it, of which `opa fmt --diff` prints one.

export interface DiffPiece {
  readonly kind: "equal" | "delete" | "insert";
  readonly text: string;
}

/** Steps of the search for the shortest edit; a difference that takes more is shown as one piece that goes and one that comes. */
const mostSteps = 100_000_000;

/** The pieces in order; those that are equal or go make up `before`, those that are equal or come `after`. */
export function characterDiff(before: string, after: string): readonly DiffPiece[] {
  const units = new LongCharacters(before + after);
  const pieces = compare(units.short(before), units.short(after), { left: mostSteps });
  return pieces.map(({ kind, text }) => ({ kind, text: units.long(text) }));
}

/** Characters beyond the basic plane take one unit each while texts are compared, so that lengths count characters. */
class LongCharacters {
  readonly #units = new Map<string, string>();
  readonly #characters = new Map<string, string>();

  constructor(text: string) {
    let next = 0xe000;
    for (const character of new Set(text.match(/[\u{10000}-\u{10ffff}]/gu) ?? [])) {
      while (text.includes(String.fromCharCode(next))) next++;
      if (next > 0xf8ff) break;
      const unit = String.fromCharCode(next++);
      this.#units.set(character, unit);
      this.#characters.set(unit, character);
    }
  }

  short(text: string): string {
    if (this.#units.size === 0) return text;
    return text.replace(/[\u{10000}-\u{10ffff}]/gu, (character) => this.#units.get(character) ?? character);
  }

  long(text: string): string {
    if (this.#units.size === 0) return text;
    return text.replace(/[\ue000-\uf8ff]/g, (unit) => this.#characters.get(unit) ?? unit);
  }
}

interface Budget {
  left: number;
}

const equal = (text: string): DiffPiece => ({ kind: "equal", text });

function compare(before: string, after: string, budget: Budget): readonly DiffPiece[] {
  if (before === after) return before === "" ? [] : [equal(before)];
  const head = commonPrefix(before, after);
  const tail = commonSuffix(before.slice(head), after.slice(head));
  const pieces = [...differing(before.slice(head, before.length - tail), after.slice(head, after.length - tail), budget)];
  if (head > 0) pieces.unshift(equal(before.slice(0, head)));
  if (tail > 0) pieces.push(equal(before.slice(before.length - tail)));
  return gathered(pieces);
}

/** Compares texts that have no beginning and no end in common. */
function differing(before: string, after: string, budget: Budget): readonly DiffPiece[] {
  if (before === "") return [{ kind: "insert", text: after }];
  if (after === "") return [{ kind: "delete", text: before }];
  const replaced: readonly DiffPiece[] = [
    { kind: "delete", text: before },
    { kind: "insert", text: after },
  ];
  const [long, short] = before.length > after.length ? [before, after] : [after, before];
  const at = long.indexOf(short);
  if (at >= 0) {
    const kind = long === before ? "delete" : "insert";
    return [{ kind, text: long.slice(0, at) }, equal(short), { kind, text: long.slice(at + short.length) }];
  }
  if (short.length === 1) return replaced;
  const half = commonHalf(long, short);
  if (half !== undefined) {
    const [ofBefore, ofAfter] = long === before ? [half.long, half.short] : [half.short, half.long];
    const first = compare(before.slice(0, ofBefore), after.slice(0, ofAfter), budget);
    const rest = compare(before.slice(ofBefore + half.length), after.slice(ofAfter + half.length), budget);
    return [...first, equal(long.slice(half.long, half.long + half.length)), ...rest];
  }
  const middle = middleOfPath(before, after, budget);
  if (middle === undefined) return replaced;
  const [x, y] = middle;
  return [...compare(before.slice(0, x), after.slice(0, y), budget), ...compare(before.slice(x), after.slice(y), budget)];
}

function commonPrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

function commonSuffix(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return length;
}

interface Half {
  /** Where the common part begins in each text. */
  readonly long: number;
  readonly short: number;
  readonly length: number;
}

/** A part of both texts that is at least half as long as the longer one, looked for around its second and its third quarter. */
function commonHalf(long: string, short: string): Half | undefined {
  if (long.length < 4 || short.length * 2 < long.length) return undefined;
  const second = halfAround(long, short, Math.floor((long.length + 3) / 4));
  const third = halfAround(long, short, Math.floor((long.length + 1) / 2));
  if (second === undefined || third === undefined) return second ?? third;
  return second.length > third.length ? second : third;
}

function halfAround(long: string, short: string, from: number): Half | undefined {
  const seed = long.slice(from, from + Math.floor(long.length / 4));
  let best: Half = { long: 0, short: 0, length: 0 };
  for (let at = short.indexOf(seed); at >= 0; at = short.indexOf(seed, at + 1)) {
    const behind = commonPrefix(long.slice(from), short.slice(at));
    const before = commonSuffix(long.slice(0, from), short.slice(0, at));
    if (behind + before > best.length) best = { long: from - before, short: at - before, length: behind + before };
  }
  return best.length * 2 >= long.length ? best : undefined;
}

/** A point of the shortest edit, where the paths from both ends meet; undefined when nothing is common or the search takes too long. */
function middleOfPath(before: string, after: string, budget: Budget): readonly [number, number] | undefined {
  const [across, along] = [codesOf(before), codesOf(after)];
  const [width, height] = [before.length, after.length];
  const most = Math.ceil((width + height) / 2);
  const size = 2 * most;
  const forward = new Int32Array(size + 2).fill(-1);
  const backward = new Int32Array(size + 2).fill(-1);
  forward[most + 1] = 0;
  backward[most + 1] = 0;
  const delta = width - height;
  const meetsForward = delta % 2 !== 0;
  // Diagonals beyond an edge are not followed any more.
  let [forwardLow, forwardHigh, backwardLow, backwardHigh] = [0, 0, 0, 0];
  for (let steps = 0; steps < most; steps++) {
    if (budget.left < 0) return undefined;
    budget.left -= 2 * steps + 1;
    for (let k = -steps + forwardLow; k <= steps - forwardHigh; k += 2) {
      const at = most + k;
      const down = k === -steps || (k !== steps && forward[at - 1]! < forward[at + 1]!);
      let x = down ? forward[at + 1]! : forward[at - 1]! + 1;
      while (x < width && x - k < height && across[x] === along[x - k]) x++;
      forward[at] = x;
      if (x > width) forwardHigh += 2;
      else if (x - k > height) forwardLow += 2;
      else if (meetsForward) {
        const opposite = most + delta - k;
        if (opposite >= 0 && opposite < size && backward[opposite]! !== -1 && x >= width - backward[opposite]!) return [x, x - k];
      }
    }
    for (let k = -steps + backwardLow; k <= steps - backwardHigh; k += 2) {
      const at = most + k;
      const up = k === -steps || (k !== steps && backward[at - 1]! < backward[at + 1]!);
      let x = up ? backward[at + 1]! : backward[at - 1]! + 1;
      while (x < width && x - k < height && across[width - 1 - x] === along[height - 1 - x + k]) x++;
      backward[at] = x;
      if (x > width) backwardHigh += 2;
      else if (x - k > height) backwardLow += 2;
      else if (!meetsForward) {
        const opposite = most + delta - k;
        if (opposite < 0 || opposite >= size || forward[opposite]! === -1) continue;
        const there = forward[opposite]!;
        if (there >= width - x) return [there, there - (opposite - most)];
      }
    }
  }
  return undefined;
}

function codesOf(text: string): Uint16Array {
  const codes = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) codes[at] = text.charCodeAt(at);
  return codes;
}

/**
 * Pieces of one kind side by side become one, what they have in common goes to the equal ones, and edits move over small equal pieces.
 * Where something goes and something comes, both pieces stay, though one may be empty then: so an edit beside it does not move.
 */
function gathered(pieces: readonly DiffPiece[]): readonly DiffPiece[] {
  let now = pieces;
  for (;;) {
    const runs = mergedRuns(now);
    const moved = withoutIslands(runs);
    if (moved === undefined) return runs;
    now = moved;
  }
}

function mergedRuns(pieces: readonly DiffPiece[]): readonly DiffPiece[] {
  const found: DiffPiece[] = [];
  const keep = (text: string): void => {
    const last = found.at(-1);
    if (last?.kind === "equal") found[found.length - 1] = equal(last.text + text);
    else if (text !== "") found.push(equal(text));
  };
  let gone: string | undefined;
  let come: string | undefined;
  for (const { kind, text } of [...pieces, equal("")]) {
    if (kind === "delete") gone = (gone ?? "") + text;
    else if (kind === "insert") come = (come ?? "") + text;
    else {
      let shared = "";
      if (gone !== undefined && come !== undefined) {
        const head = commonPrefix(come, gone);
        if (head > 0) keep(come.slice(0, head));
        [gone, come] = [gone.slice(head), come.slice(head)];
        const tail = commonSuffix(come, gone);
        shared = come.slice(come.length - tail);
        [gone, come] = [gone.slice(0, gone.length - tail), come.slice(0, come.length - tail)];
      }
      if (gone !== undefined) found.push({ kind: "delete", text: gone });
      if (come !== undefined) found.push({ kind: "insert", text: come });
      keep(shared + text);
      gone = undefined;
      come = undefined;
    }
  }
  return found;
}

/** Moves each edit over an equal piece that it begins or ends with; undefined when there is none. */
function withoutIslands(pieces: readonly DiffPiece[]): readonly DiffPiece[] | undefined {
  const found = [...pieces];
  let changed = false;
  for (let at = 1; at < found.length - 1; at++) {
    const [before, edit, after] = [found[at - 1]!, found[at]!, found[at + 1]!];
    if (before.kind !== "equal" || after.kind !== "equal") continue;
    if (edit.text.endsWith(before.text)) {
      const text = before.text + edit.text.slice(0, edit.text.length - before.text.length);
      found.splice(at - 1, 3, { ...edit, text }, equal(before.text + after.text));
      changed = true;
    } else if (edit.text.startsWith(after.text)) {
      found.splice(at - 1, 3, equal(before.text + after.text), {
        ...edit,
        text: edit.text.slice(after.text.length) + after.text,
      });
      changed = true;
    }
  }
  return changed ? found : undefined;
}

// The columns of the tabs before a place, as OPA's scanner knows them: it keeps those of a line in one list that the lines behind it write over.
import { firstIndex } from "#grammars/first-index.ts";

interface TabsSoFar {
  /** Offset of the last tab among them. */
  readonly offset: number;
  /** The list as the last line left it that wrote to it. */
  readonly list: readonly number[];
  readonly count: number;
}

export class TabColumns {
  readonly #text: string;
  readonly #tabs: TabsSoFar[] = [];

  constructor(text: string) {
    this.#text = text;
    let list: number[] = [];
    let room = 0;
    let count = 0;
    let col = 0;
    for (let offset = 0; offset < text.length; offset++) {
      const unit = text.charCodeAt(offset);
      // The second half of a pair.
      if (unit >= 0xdc00 && unit < 0xe000) continue;
      col++;
      if (unit === 10) [col, count] = [0, 0];
      if (unit !== 9) continue;
      if (count === room) {
        room = Math.max(1, 2 * room);
        list = list.slice(0, count);
      }
      list[count++] = col;
      this.#tabs.push({ offset, list, count });
    }
  }

  before(place: number): readonly number[] {
    const last = this.#tabs[firstIndex(this.#tabs.length, (at) => this.#tabs[at]!.offset < place) - 1];
    if (last === undefined || this.#text.slice(last.offset, place).includes("\n")) return [];
    return last.list.slice(0, last.count);
  }
}

// What each of many items has to tell, which is mostly nothing. After an edit only those that are new are asked.
import type { Steps } from "#grammars/text/steps.ts";

export class Telling<Item, Told> {
  readonly #tell: (item: Item) => Told | undefined;
  #items: readonly Item[] = [];
  /** By the places of the items. */
  #told: readonly (Told | undefined)[] = [];

  /** `tell` gives the same for one item at any time, undefined where there is nothing to tell. */
  constructor(tell: (item: Item) => Told | undefined) {
    this.#tell = tell;
  }

  /** What some items tell, in their order; with a pause after each that is asked. */
  *of(items: readonly Item[]): Steps<readonly Told[]> {
    const [before, toldBefore] = [this.#items, this.#told];
    const places = items.length === before.length ? undefined : new Map(before.map((item, at) => [item, at]));
    const told: (Told | undefined)[] = [];
    for (const [at, item] of items.entries()) {
      const place = places === undefined ? at : (places.get(item) ?? -1);
      if (before[place] === item) told.push(toldBefore[place]);
      else {
        told.push(this.#tell(item));
        yield;
      }
    }
    this.#items = items;
    this.#told = told;
    return told.filter((one) => one !== undefined);
  }
}

// Which completion items fit the letters that are typed, and which of too many are kept.
import { type CompletionItem, sortText } from "../../completion-item.ts";

/** The order of names that the text does not write. */
export const unseen = 990;

/** More items than these help nobody, and take their time to be sent and shown. */
export const mostItems = 1000;

/** The items that stand first, where there are too many. */
export function nearest(items: readonly CompletionItem[]): readonly CompletionItem[] {
  if (items.length <= mostItems) return items;
  return [...items].sort((a, b) => (sortText(a) < sortText(b) ? -1 : 1)).slice(0, mostItems);
}

/** Items whose label holds the letters of the word in order, those that begin with it first. */
export function fitting(items: readonly CompletionItem[], word: string): readonly CompletionItem[] {
  if (word === "") return items;
  const wanted = word.toLowerCase();
  return items.flatMap((item) => {
    const label = item.label.toLowerCase();
    if (label.startsWith(wanted)) return [item];
    if (new RegExp(`(?:^|[._])${wanted}`, "u").test(label)) return [{ ...item, rank: item.rank + 7 }];
    return isWithin(wanted, label) ? [{ ...item, rank: 15 }] : [];
  });
}

/** True when a label holds the letters in their order. */
export function isWithin(letters: string, label: string): boolean {
  let at = 0;
  for (const char of label) if (char === letters[at]) at += 1;
  return at === letters.length;
}

// The place in a sorted sequence where something begins.

/** The first index below `count` that `isBefore` does not hold for; `count` where it holds for all. It holds for none behind that index. */
export function firstIndex(count: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

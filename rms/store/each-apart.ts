// The same work on several things, of which one that fails leaves the others theirs.

/** Does the work on all of them, one after the other; throws what failed first when all had their turn. */
export async function eachApart<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items)
    await work(item).catch((error: unknown) => {
      failures.push(error);
    });
  if (failures.length > 0) throw failures[0];
}

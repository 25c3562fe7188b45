// Which nodes of a graph reach each other.

/** Groups of nodes that each lead to all others of the group, sorted; most are a node by itself. Only nodes that are keys count. */
export function circlesOf(graph: ReadonlyMap<string, ReadonlyMap<string, unknown>>): readonly (readonly string[])[] {
  const back = new Map<string, string[]>([...graph.keys()].map((node) => [node, []]));
  for (const [from, targets] of graph) for (const to of targets.keys()) back.get(to)?.push(from);
  const forward = (node: string) => [...(graph.get(node)?.keys() ?? [])].filter((to) => graph.has(to));
  const seen = new Set<string>();
  const finished = [...graph.keys()].flatMap((node) => finishedFrom(node, forward, seen));
  const grouped = new Set<string>();
  return finished
    .reverse()
    .map((node) => finishedFrom(node, (one) => back.get(one)!, grouped).sort())
    .filter((group) => group.length > 0);
}

/** What is reached from a node and was not seen before, each behind what it leads to. */
function finishedFrom(start: string, next: (node: string) => readonly string[], seen: Set<string>): string[] {
  if (seen.has(start)) return [];
  seen.add(start);
  const finished: string[] = [];
  const open = [{ node: start, targets: next(start), at: 0 }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const target = top.targets[top.at++];
    if (target === undefined) {
      finished.push(top.node);
      open.pop();
    } else if (!seen.has(target)) {
      seen.add(target);
      open.push({ node: target, targets: next(target), at: 0 });
    }
  }
  return finished;
}

// Dependencies as documents: Markdown to read, JSON for programs, Mermaid to be drawn, where what a variable decides is dashed.
import type { DecisionReads, Dependencies } from "./dependencies.ts";

export type DependencyFormat = "markdown" | "json" | "mermaid";

export function exported(found: Dependencies, format: DependencyFormat): string {
  switch (format) {
    case "markdown":
      return markdownOf(found);
    case "json":
      return `${JSON.stringify(jsonOf(found), null, 2)}\n`;
    case "mermaid":
      return mermaidOf(found);
  }
}

/** What is not the decision itself. */
function usedRules({ path, rules }: DecisionReads): readonly string[] {
  return [...rules.keys()].filter((rule) => rule !== path).sort();
}

function dynamicIn({ rules }: DecisionReads): ReadonlySet<string> {
  return new Set([...rules.values()].flat().flatMap(({ path, isDynamic }) => (isDynamic ? [path] : [])));
}

function jsonOf({ decisions, circles }: Dependencies): unknown {
  return {
    decisions: decisions.map((decision) => ({
      path: decision.path,
      input: decision.input.map(({ path }) => path),
      data: decision.data.map(({ path }) => path),
      rules: usedRules(decision).map((path) => ({ path, ...(dynamicIn(decision).has(path) ? { dynamic: true } : {}) })),
    })),
    circularImports: circles.map((circle) => circle.map(({ from }) => from)),
  };
}

function markdownOf({ decisions, circles }: Dependencies): string {
  const list = (title: string, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : [`${title}:`, "", ...items.map((item) => `- ${item}`), ""];
  const sections = decisions.flatMap((decision) => {
    const dynamic = dynamicIn(decision);
    const rules = usedRules(decision).map((path) => `\`${path}\`${dynamic.has(path) ? " (one of several)" : ""}`);
    const lists = [
      ...list(
        "Input",
        decision.input.map(({ path }) => `\`${path}\``),
      ),
      ...list(
        "Data",
        decision.data.map(({ path }) => `\`${path}\``),
      ),
      ...list("Rules", rules),
    ];
    return [`## \`${decision.path}\``, "", ...(lists.length === 0 ? ["Reads nothing.", ""] : lists)];
  });
  const circular = circles.map((circle) =>
    [...circle.map(({ from }) => from), circle[0]!.from].map((name) => `\`${name}\``).join(" → "),
  );
  const ring = circular.length === 0 ? [] : ["## Circular imports", "", ...circular.map((line) => `- ${line}`), ""];
  return [...["# Dependencies", ""], ...sections, ...ring].join("\n");
}

function mermaidOf({ decisions, circles }: Dependencies): string {
  const ids = new Map<string, string>();
  const nodes: string[] = [];
  const shapes = { rule: ["[", "]"], input: ["([", "])"], data: ["[(", ")]"], package: ["{{", "}}"] } as const;
  const idOf = (kind: keyof typeof shapes, path: string): string => {
    const key = `${kind} ${path}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = `n${ids.size}`;
    ids.set(key, id);
    const [left, right] = shapes[kind];
    nodes.push(`  ${id}${left}"${path.replaceAll('"', "#quot;")}"${right}`);
    return id;
  };
  const edges = new Set<string>();
  for (const { rules } of decisions)
    for (const [rule, uses] of rules) {
      const from = idOf("rule", rule);
      for (const { kind, path, isDynamic } of uses) edges.add(`  ${from} ${isDynamic ? "-.->" : "-->"} ${idOf(kind, path)}`);
    }
  for (const circle of circles)
    for (const { from, to } of circle) edges.add(`  ${idOf("package", from)} ==>|imports| ${idOf("package", to)}`);
  return ["flowchart LR", ...nodes, ...edges, ""].join("\n");
}

// A decision that leads to a builtin whose result is not the same each time: samples, tests and replayed decisions then differ by themselves.
import { decisionRule, type FoundInProject } from "../../rule.ts";
import { RuleGraph, rulesWithRefs } from "../../rule-graph.ts";

export const nondeterministicDecision = decisionRule({
  name: "nondeterministic-decision",
  category: "decision",
  description: "Decision depends on a builtin whose result varies",
  level: "ignore",
  options: { "except-functions": [] as readonly string[] },
  *decide({ files, entrypoints }, { "except-functions": excepted }) {
    const graph = new RuleGraph(files.flatMap(rulesWithRefs));
    const found = new Map<string, { place: FoundInProject; name: string; decisions: Set<string> }>();
    for (const entrypoint of entrypoints) {
      for (const { file, call, name } of graph.callsFrom(entrypoint)) {
        if (file.builtins.get(name)?.nondeterministic !== true || excepted.includes(name)) continue;
        const key = `${file.path} ${call.start}`;
        const known = found.get(key) ?? { place: { file, range: call.operator }, name, decisions: new Set<string>() };
        known.decisions.add(entrypoint);
        found.set(key, known);
      }
    }
    for (const { place, name, decisions } of found.values()) {
      const [first, ...more] = decisions;
      const others = more.length === 0 ? "" : ` and ${more.length} more`;
      yield { ...place, message: `Decision ${first}${others} depends on ${name}, whose result varies` };
    }
  },
});

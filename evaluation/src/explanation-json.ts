// The events of an evaluation as `--explain` writes them into JSON.
import { bodyToJson, exprToJson, ruleToJson, termToJson } from "#analysis/rego/ast-json.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import { dataVar, pathTerm } from "./document-refs.ts";
import type { ExplainedEvent, ExplainedNode } from "./explanation.ts";
import { allVariablesOf, type Explained, writtenIn } from "./explanation-text.ts";

/** The events, their keys in OPA's order. */
export function explanationJson(explained: Explained, events: readonly ExplainedEvent[]): readonly object[] {
  const nodes = new Map<unknown, unknown>();
  const values = new Map<string, object>();
  const nodeJson = (node: ExplainedNode): unknown => {
    const key = node.kind === "expr" ? node.expr : node.kind === "body" ? node.body : node.rule;
    const known = nodes.get(key) ?? newNodeJson(node);
    nodes.set(key, known);
    return known;
  };
  const valueJson = (text: string): object => {
    const known = values.get(text) ?? newValueJson(text);
    values.set(text, known);
    return known;
  };
  const localsJson = ({ locals }: ExplainedEvent): readonly object[] =>
    [...locals].map(([name, value]) => ({ name: name.startsWith("$") ? "_" : name, ...valueJson(value) }));
  const places = explained.placesOf(events);
  return events.map((event, at) => ({
    Op: event.op,
    Node: event.op === "Note" ? null : nodeJson(event.node),
    Location: places[at],
    QueryID: event.query,
    ParentID: event.parent,
    Locals: event.op === "Note" ? null : localsJson(event),
    LocalMetadata: event.op === "Note" ? null : metadataOf(explained, event),
    Message: event.message,
    Ref: event.path === undefined ? null : refJson(event.path),
  }));
}

function refJson(path: readonly string[]): unknown {
  const { start, end } = dataVar;
  const ref = { kind: "ref", start, end, parts: [dataVar, ...path.map(pathTerm)] } as const;
  return (termToJson(ref) as { readonly value: unknown }).value;
}

function newNodeJson(node: ExplainedNode): unknown {
  switch (node.kind) {
    case "expr":
      return exprToJson(node.expr, node.index);
    case "body":
      return bodyToJson(writtenIn(node.body));
    case "rule":
      return ruleToJson(node.rule);
  }
}

/** A value that is written as a term. */
function newValueJson(text: string): object {
  const [only] = parseQuery(text, { file: "" }).body;
  const term = only?.body;
  if (term === undefined || term.kind === "every" || term.kind === "some" || term.kind === "notBody" || term.kind === "logical")
    return {};
  return termToJson(term) as object;
}

/** The variables that have a value, and those of the node that the author has named. */
function metadataOf(explained: Explained, event: ExplainedEvent): object {
  const named = [...allVariablesOf(event.node).keys()].filter((name) => (explained.writtenNameOf(event, name) ?? name) !== name);
  const names = [...new Set([...event.locals.keys(), ...named])].sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        name: explained.writtenNameOf(event, name) ?? name,
        location: explained.placeOfVariable(event, name) ?? null,
      },
    ]),
  );
}

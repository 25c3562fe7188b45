// Turns generated names back into what the author wrote, for messages.
import type { Ref, Term, Var } from "#grammars/rego/ast.ts";
import type { LocalNames } from "../rule-units.ts";
import { everyTerm, type Mapper, mapTerm } from "./map.ts";

/** The ref with every renamed variable under its written name. */
export function renamed(names: LocalNames, ref: Ref): Ref {
  return everywhere((term) => (term.kind === "var" ? asWritten(names, term) : term)).term(ref) as Ref;
}

/** Besides names, what was moved into variables stands in its place again, with what was moved out of it. */
export function original(names: LocalNames, ref: Ref): Ref {
  const back: Mapper = everywhere((term) => {
    if (term.kind !== "var") return term;
    const subject = names.subjects.get(term.name);
    return subject === undefined ? asWritten(names, term) : mapTerm(subject, back);
  });
  return back.term(ref) as Ref;
}

function asWritten(names: LocalNames, variable: Var): Var {
  const name = names.written.get(variable.name);
  return name === undefined ? variable : { ...variable, name };
}

/** Maps every term below, and the variables that `every` declares. */
function everywhere(map: (term: Term) => Term): Mapper {
  return everyTerm(map, (expr) => {
    const { body } = expr;
    if (body.kind !== "every") return expr;
    const key = body.key && (map(body.key) as Var);
    return { ...expr, body: { ...body, key, value: map(body.value) as Var } };
  });
}

// Turns generated names back into what the author wrote, for messages.
import type { Ref, Term } from "#grammars/rego/ast.ts";
import type { LocalNames } from "../rule-units.ts";
import { everyTerm, type Mapper, mapTerm } from "./map.ts";

/** The ref with every renamed variable under its written name. */
export function renamed(names: LocalNames, ref: Ref): Ref {
  const back = everyTerm((term): Term => {
    if (term.kind !== "var") return term;
    const name = names.written.get(term.name);
    return name === undefined ? term : { ...term, name };
  });
  return back.term(ref) as Ref;
}

/** Besides names, what was moved into variables stands in its place again, with what was moved out of it. */
export function original(names: LocalNames, ref: Ref): Ref {
  const back: Mapper = everyTerm((term): Term => {
    if (term.kind !== "var") return term;
    const subject = names.subjects.get(term.name);
    if (subject !== undefined) return mapTerm(subject, back);
    const name = names.written.get(term.name);
    return name === undefined ? term : { ...term, name };
  });
  return back.term(ref) as Ref;
}

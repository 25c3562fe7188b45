// What is left of a query, or of the rule at a place, while documents are not known.
import { partialAnswer, possibleUnknowns } from "#features/partial-query.ts";
import type * as messages from "#protocol/messages.ts";
import type { Inputs } from "../inputs.ts";
import type { Session } from "../session.ts";
import { inputOf, placeOf, queryAt } from "./asked-place.ts";

/** Milliseconds: nothing else is answered meanwhile. */
const patience = 1000;

export function partialRequest(session: Session, inputs: Inputs) {
  return async (params: messages.PartialParams): Promise<messages.PartialResult> => {
    const place = await placeOf(session, params.uri);
    const { project, file } = place;
    const query = params.query ?? queryAt(session, place, params.range);
    const input = inputOf(session, inputs, place, params, query);
    const base = { query, possible: possibleUnknowns(project, query), inputUsed: input.name ?? "no input" };
    if (params.unknowns === undefined) return base;
    const { ports } = session;
    const end = ports.now() + patience;
    const answer = partialAnswer(project, {
      query,
      file,
      unknowns: params.unknowns,
      input: input.json,
      now: project.now(),
      cancelled: () => ports.now() > end,
    });
    return { ...base, ...answer };
  };
}

// Commas and colons that are missing between items.
import { opensBody } from "./conditions.ts";
import { endOf, type FaultKind, gap, insertion, type Suspicion } from "./fault.ts";

export const missingSeparator: FaultKind = ({ parsed: { text, tokens }, token, before, opener }) => {
  const found: Suspicion[] = [];
  const suspect = (at: number): void => {
    const next = tokens[at];
    const previous = tokens[at - 1];
    if (next === undefined || previous === undefined || opener === undefined || previous.index < opener.index) return;
    const range = gap(previous, next, text);
    const comma = {
      range,
      message: `missing \`,\` between ${itemsOf(opener.image, opener.adjacent, text, tokens[opener.index + 2]?.image)}`,
      title: "Insert `,`",
      repair: [insertion(endOf(previous), ",")],
    };
    const colon = {
      range,
      message: "missing `:` between key and value",
      title: "Insert `:`",
      repair: [insertion(endOf(previous), ":")],
    };
    if (opener.image === "{") found.push(colon);
    found.push(comma);
  };
  if (opener === undefined || before === undefined || opensBody(text, opener)) return [];
  if (token !== undefined) suspect(token.index);
  // A missing comma may show only behind the next item, where its colon or bracket stands.
  if (token !== undefined && token.index - 1 > opener.index) suspect(token.index - 1);
  return found;
};

function itemsOf(opener: string, adjacent: boolean, text: string, second: string | undefined): string {
  if (opener === "[") return "array items";
  if (opener === "(") return adjacent && text !== "" ? "arguments" : "items";
  return second === ":" ? "object items" : "items";
}

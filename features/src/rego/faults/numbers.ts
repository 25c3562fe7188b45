// `007`: numbers have no leading zeros.
import type { FaultKind } from "./fault.ts";

export const leadingZero: FaultKind = ({ parsed: { text }, error: { range, message } }) => {
  if (!message.includes("expected number without leading zero")) return [];
  const digits = text.slice(range.start, range.end);
  const repair = [{ range, newText: digits.replace(/^0+(?=\d)/u, "") }];
  return [{ range, message: "a number must not start with 0", title: "Remove leading zeros", repair, certain: true }];
};

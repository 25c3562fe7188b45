// Formatter cases (`opa fmt` to the byte) and trees (`opa parse`): judged when the formatter is there.
import { type CaseResult, casesOf, type Format, text } from "../format.ts";

function unsupported(id: string, what: string): CaseResult {
  return { id, outcome: "unsupported", why: `not supported yet: ${what}` };
}

export const formatter: Format = {
  name: "formatter",
  recognises: (file) => casesOf(file, "cases")?.every((one) => "source" in one && ("runs" in one || "from" in one)) ?? false,
  *run(file) {
    for (const one of casesOf(file, "cases") ?? []) yield unsupported(text(one["id"]), "the formatter");
  },
};

export const trees: Format = {
  name: "trees",
  recognises: (file) => casesOf(file, "cases")?.every((one) => "source" in one && "ast" in one) ?? false,
  *run(file) {
    for (const one of casesOf(file, "cases") ?? []) yield unsupported(text(one["id"]), "printing trees as `opa parse` does");
  },
};

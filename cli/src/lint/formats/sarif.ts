// The report as SARIF: each rule that found something, and a result for each finding.
import { sarifDocument, uriOf } from "../../sarif.ts";
import { documentationOf, type LintReport, type Violation } from "../violation.ts";

export function sarifReport({ violations }: LintReport): string {
  const ids = [...new Set(violations.map(({ title }) => title))];
  const first = new Map(violations.toReversed().map((violation) => [violation.title, violation]));
  return sarifDocument({
    rules: ids.map((id) => ruleOf(first.get(id)!)),
    results: violations.map((violation) => ({ ruleIndex: ids.indexOf(violation.title), ...resultOf(violation) })),
  });
}

function ruleOf(violation: Violation): object {
  const { title, description, category } = violation;
  const page = documentationOf(violation);
  const help = page === undefined ? {} : { helpUri: page };
  return { id: title, shortDescription: { text: description }, ...help, properties: { category } };
}

function resultOf(violation: Violation): object {
  const { title, level, description, file, row, col, end } = violation;
  const region =
    row === 0
      ? {}
      : {
          region: { startLine: row, startColumn: col, ...(end === undefined ? {} : { endLine: end.row, endColumn: end.col }) },
        };
  // A finding about the project as a whole stands at its folder: code scanning refuses results without a place.
  const uri = file === "" ? "." : uriOf(file);
  return {
    ruleId: title,
    level,
    message: { text: description },
    locations: [{ physicalLocation: { artifactLocation: { uri }, ...region } }],
  };
}

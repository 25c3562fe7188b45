// The report as JUnit XML: a suite for each file, a failed case for each finding.
import { xml } from "../../reports.ts";
import { documentationOf, type LintReport, placeText, type Violation } from "../violation.ts";

export function junitReport({ violations }: LintReport): string {
  const files = [...new Set(violations.map(({ file }) => file))].sort();
  const suites = files.map((name) =>
    suite(
      name,
      violations.filter(({ file }) => file === name),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="rw lint" tests="${violations.length}" failures="${violations.length}">
${suites.join("")}</testsuites>
`;
}

function suite(file: string, violations: readonly Violation[]): string {
  return `  <testsuite name="${xml(file)}" tests="${violations.length}" failures="${violations.length}" errors="0">
${violations.map(testCase).join("")}  </testsuite>
`;
}

function testCase(violation: Violation): string {
  const { title, description, category, level, text = "" } = violation;
  const link = documentationOf(violation);
  const told = link === undefined ? description : `${description}. To learn more, see: ${link}`;
  const lines = [
    `Rule: ${title}`,
    `Description: ${description}`,
    `Category: ${category}`,
    `Location: ${placeText(violation)}`,
    `Text: ${text.trim()}`,
    ...(link === undefined ? [] : [`Documentation: ${link}`]),
  ];
  return `    <testcase name="${xml(`${category}/${title}: ${description}`)}" classname="${xml(placeText(violation))}">
      <failure message="${xml(told)}" type="${level}">${xml(lines.join("\n"))}</failure>
    </testcase>
`;
}

// Findings in the formats that other programs read: SARIF for code scanning, workflow commands of GitHub, JUnit for build servers.
import type { ErrorItem } from "./errors.ts";
import { sarifDocument, uriOf } from "./sarif.ts";
import { workflowCommand } from "./workflow-command.ts";

export type ReportFormat = "sarif" | "github" | "junit";

/** The findings as a whole document. */
export function report(format: ReportFormat, items: readonly ErrorItem[]): string {
  switch (format) {
    case "sarif":
      return sarif(items);
    case "github":
      return github(items);
    case "junit":
      return junit(items);
  }
}

/** What the codes of findings mean, for viewers that show rules. */
const meanings: Readonly<Record<string, string>> = {
  load_error: "A file cannot be read.",
  rego_parse_error: "The text is not Rego.",
  rego_compile_error: "The policy does not follow the rules of the compiler.",
  rego_unsafe_var_error: "A variable is used that nothing binds.",
  rego_recursion_error: "A rule depends on itself.",
  rego_type_error: "A function does not exist, or values have types that do not fit.",
};

const codeOf = ({ code }: ErrorItem): string => code ?? "load_error";

/** With what stands below the message, but for the line of a syntax error, which viewers show themselves. */
function wholeMessage({ message, code, lines = [] }: ErrorItem): string {
  return code === "rego_parse_error" ? message : [message, ...lines].join("\n");
}

interface Place {
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

/** Rows and columns begin at 1 for every reader; OPA has 0 for an empty file. */
function placeOf({ location, standsAt }: ErrorItem): Place | undefined {
  if (location === undefined || location.file === "") return undefined;
  const { row, col } = standsAt ?? location;
  return { file: location.file, row: Math.max(1, row), col: Math.max(1, col) };
}

function sarif(items: readonly ErrorItem[]): string {
  const placed = items.flatMap((item) => {
    const place = placeOf(item);
    return place === undefined ? [] : [{ item, place }];
  });
  const ids = [...new Set(placed.map(({ item }) => codeOf(item)))].sort();
  const results = placed.map(({ item, place }) => ({
    ruleId: codeOf(item),
    ruleIndex: ids.indexOf(codeOf(item)),
    level: "error",
    message: { text: wholeMessage(item) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.file) },
          region: { startLine: place.row, startColumn: place.col },
        },
      },
    ],
  }));
  // A result without a place is refused by code scanning; what happened to the run is told of the run.
  const notifications = items
    .filter((item) => placeOf(item) === undefined)
    .map((item) => ({ level: "error", message: { text: wholeMessage(item) } }));
  const rules = ids.map((id) => ({
    id,
    shortDescription: { text: meanings[id] ?? id },
    defaultConfiguration: { level: "error" },
  }));
  return sarifDocument({
    rules,
    results,
    ...(notifications.length === 0
      ? {}
      : { invocations: [{ executionSuccessful: false, toolExecutionNotifications: notifications }] }),
  });
}

function github(items: readonly ErrorItem[]): string {
  return items
    .map((item) => {
      const place = placeOf(item);
      const where: Record<string, string | number> =
        place === undefined ? {} : { file: place.file, line: place.row, col: place.col };
      return workflowCommand("error", { ...where, title: codeOf(item) }, wholeMessage(item));
    })
    .join("");
}

function junit(items: readonly ErrorItem[]): string {
  const cases = items.map((item) => {
    const at = placeOf(item);
    const place = at === undefined ? "" : `${at.file}:${at.row}:${at.col}`;
    const code = codeOf(item);
    const text = `${place === "" ? "" : `${place}: `}${wholeMessage(item)}`;
    return `    <testcase classname="${xml(at?.file ?? "check")}" name="${xml(place === "" ? code : place)}">
      <failure type="${xml(code)}" message="${xml(item.message)}">${xml(text)}</failure>
    </testcase>
`;
  });
  const all = cases.length === 0 ? `    <testcase classname="check" name="check"/>\n` : cases.join("");
  const counts = `tests="${Math.max(1, items.length)}" failures="${items.length}" errors="0"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="rw check" ${counts}>
${all}  </testsuite>
</testsuites>
`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text for an XML attribute or element; what XML cannot hold at all becomes a replacement character. */
export function xml(text: string): string {
  return text
    .replace(/[&<>"]/gu, (char) => entities[char]!)
    .replace(/[\t\n\r]/gu, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/[\u0000-\u001f\ud800-\udfff\ufffe\uffff]/gu, "\ufffd");
}

// Findings in the formats that other programs read: SARIF for code scanning, workflow commands of GitHub, JUnit for build servers.
import type { ErrorItem } from "./errors.ts";

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

function sarif(items: readonly ErrorItem[]): string {
  const ids = [...new Set(items.map(({ code }) => code ?? "load_error"))].sort();
  const results = items.map(({ message, code, location }) => ({
    ruleId: code ?? "load_error",
    level: "error",
    message: { text: message },
    ...(location === undefined || location.file === ""
      ? {}
      : {
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: location.file },
                region: { startLine: Math.max(1, location.row), startColumn: Math.max(1, location.col) },
              },
            },
          ],
        }),
  }));
  const driver = { name: "rw", rules: ids.map((id) => ({ id })) };
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, columnKind: "unicodeCodePoints", results }],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function github(items: readonly ErrorItem[]): string {
  const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return items
    .map(({ message, code, location }) => {
      const title = `title=${property(code ?? "load_error")}`;
      const place =
        location === undefined || location.file === ""
          ? title
          : `file=${property(location.file)},line=${location.row},col=${location.col},${title}`;
      return `::error ${place}::${data(message)}\n`;
    })
    .join("");
}

function junit(items: readonly ErrorItem[]): string {
  const cases = items.map(({ message, code, location }) => {
    const place = location === undefined || location.file === "" ? "" : `${location.file}:${location.row}:${location.col}`;
    const name = place === "" ? (code ?? "load_error") : place;
    return `    <testcase classname="${xml(location?.file ?? "")}" name="${xml(name)}">
      <failure type="${xml(code ?? "load_error")}" message="${xml(message)}">${xml(place === "" ? message : `${place}: ${message}`)}</failure>
    </testcase>
`;
  });
  const all = cases.length === 0 ? `    <testcase classname="check" name="check"/>\n` : cases.join("");
  const counts = `tests="${Math.max(1, items.length)}" failures="${items.length}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="rw check" ${counts}>
${all}  </testsuite>
</testsuites>
`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;" };

/** Text for an XML attribute or element. */
export function xml(text: string): string {
  return text.replace(/[&<>"\n]/gu, (char) => entities[char] ?? char);
}

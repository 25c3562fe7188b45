// What the sources of a domain say, as bundles have it: groups by directory with their members, attributes by subject.
import type { DomainFacts } from "#bundles/rms-data.ts";
import type { SourcedSubject, SourceSettings } from "../sources.ts";
import type { Connection } from "./connection.ts";

type Sourced = Pick<DomainFacts, "directories" | "attributes">;

/** Of now, or as recorded at a time (microseconds). Of several sources that know an attribute, the last by id counts. Who has left is in nothing. */
export function sourcedFacts(db: Connection, domain: string, at?: number): Sourced {
  const [then, values] =
    at === undefined ? ["recorded_to IS NULL", []] : ["recorded_from <= ?2 AND (recorded_to IS NULL OR recorded_to > ?2)", [at]];
  const sources = db
    .all(`SELECT id, settings FROM sources WHERE domain = ?1 AND ${then} ORDER BY id`, domain, ...values)
    .map((row) => ({ id: row.text("id"), directory: row.json<SourceSettings>("settings").directory }));
  if (sources.length === 0) return {};
  const directories = new Map<string, Map<string, string[]>>();
  const attributes = new Map<string, Readonly<Record<string, unknown>>>();
  for (const { id, directory } of sources) {
    const groups = directory === undefined ? undefined : (directories.get(directory) ?? new Map<string, string[]>());
    if (directory !== undefined && groups !== undefined) directories.set(directory, groups);
    const last = values.length + 2;
    db.each(
      `SELECT subject, body FROM source_subjects WHERE domain = ?1 AND ${then} AND source = ?${last} ORDER BY subject`,
      (row) => {
        const subject = row.text("subject");
        const said = row.json<SourcedSubject>("body");
        if (said.status === "left") return;
        const manager = said.manager === undefined ? {} : { manager: said.manager };
        attributes.set(subject, { ...attributes.get(subject), ...said.attributes, ...manager });
        for (const name of groups === undefined ? [] : said.groups) {
          const members = groups?.get(name);
          if (members === undefined) groups?.set(name, [subject]);
          else members.push(subject);
        }
      },
      domain,
      ...values,
      id,
    );
  }
  const named = [...directories].map(([name, groups]) => [name, { groups: Object.fromEntries(groups) }]);
  return {
    ...(named.length === 0 ? {} : { directories: Object.fromEntries(named) }),
    attributes: Object.fromEntries(attributes),
  };
}

// The roles file of a project, as what it says of its domain; and whether RMS knows any of it.
import { type DomainFacts, readDomainFacts } from "#bundles/rms-data.ts";
import { resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { placeInRoles } from "#workspace/rms.ts";
import { faultLine } from "#workspace/stopping-faults.ts";
import type { RmsClient } from "./rms-client.ts";

export interface ProjectRoles {
  /** The file as `rw.conf` names it. */
  readonly name: string;
  readonly facts: DomainFacts;
}

/** What the file says, or why nothing can be told of it. */
export function projectRoles(project: Project): ProjectRoles | { readonly fault: string } {
  const name = project.config.roles;
  const file = name === undefined ? undefined : project.find(resolve(project.configFolder, name));
  if (name === undefined || file === undefined)
    return { fault: 'rw.conf names no roles file that is there (`roles = "roles.conf"`)' };
  const { json, problems } = project.inputs.resolve(file);
  if (json === undefined) return { fault: problems[0] ?? `${name} cannot be resolved` };
  const read = readDomainFacts(JSON.parse(json), project.config.rms.domain);
  if (!("fault" in read)) return { name, facts: read.facts };
  return { fault: faultLine(project, { file: file.path, range: placeInRoles(file, read.at), message: read.fault }) };
}

/** The roles file where RMS has none of its roles: nobody has one there, and what policies decide by them is no. Undefined where that cannot be told, too. */
export async function rolesUnknownTo(client: RmsClient, domain: string, project: Project): Promise<string | undefined> {
  const read = projectRoles(project);
  if ("fault" in read || read.facts.roles.length === 0) return undefined;
  const known = await client.roles(domain);
  if (!known.ok) return undefined;
  const ids = new Set(known.value.items.map(({ id }) => id));
  return read.facts.roles.some(({ id }) => ids.has(id)) ? undefined : read.name;
}

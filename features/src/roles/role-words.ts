// What the editor says of a role, an action, a resource or somebody who holds roles, as Markdown.
import type { Project } from "#workspace/project.ts";
import type { UseKind } from "./argument-kinds.ts";
import { type Grant, type Holder, type KnownRole, type KnownRoles, knownRoles, roleSource } from "./known-roles.ts";

/** What is asked for: a name, and what it stands for. */
export interface NamedUse {
  readonly kind: UseKind;
  readonly text: string;
}

/** Holders and grants that are named. */
const shown = 12;

/** Undefined where the project knows no roles. */
export function useMarkdown(project: Project, { kind, text }: NamedUse): string | undefined {
  const known = knownRoles(project);
  if (known === undefined) return undefined;
  const source = roleSource(project);
  switch (kind) {
    case "role":
      return roleMarkdown(known, text, source);
    case "action":
    case "resource":
      return grantsMarkdown(known, { kind, text }, source);
    case "subject":
      return subjectMarkdown(known, text, source);
  }
}

/** One line for each name that may stand where this kind is asked; grants for patterns of resources are none. */
export function namesOfKind(project: Project, kind: UseKind): readonly { readonly name: string; readonly detail: string }[] {
  const known = knownRoles(project);
  if (known === undefined) return [];
  const roles = [...known.roles.values()];
  const grants = roles.flatMap((role) => role.grants.map((grant) => ({ role, grant })));
  switch (kind) {
    case "role":
      return roles.map(({ id, title, holders }) => ({ name: id, detail: `role ${title}, held by ${counted(holders)}` }));
    case "subject":
      return [...known.subjects].slice(0, 200).map(([name, held]) => ({ name, detail: `has ${held.join(", ")}` }));
    case "action":
    case "resource": {
      const byName = new Map<string, Set<string>>();
      for (const { role, grant } of grants) byName.set(grant[kind], (byName.get(grant[kind]) ?? new Set()).add(role.id));
      return [...byName]
        .filter(([name]) => !name.endsWith("*"))
        .map(([name, ids]) => ({ name, detail: `granted by ${[...ids].join(", ")}` }));
    }
  }
}

function roleMarkdown({ roles }: KnownRoles, id: string, source: string): string {
  const role = roles.get(id);
  if (role === undefined) return `### ${code(id)}\n\nNo role of ${code(source)}: it has ${listed([...roles.keys()].map(code))}.`;
  return [
    `### ${plain(role.title)}`,
    `${code(id)}, a role of ${code(source)}`,
    ...(role.grants.length === 0 ? [] : [`May\n${rows(role.grants.map(grantText))}`]),
    ...(role.includes.length === 0 ? [] : [`Includes ${listed(role.includes.map(code))}`]),
    ...(role.includedBy.length === 0 ? [] : [`Included by ${listed(role.includedBy.map(code))}`]),
    role.holders.length === 0 ? "Nobody holds it" : `Held by ${counted(role.holders)}\n${rows(role.holders.map(holderText))}`,
  ].join("\n\n");
}

function grantsMarkdown({ roles }: KnownRoles, { kind, text }: NamedUse, source: string): string {
  const isMeant = (grant: Grant): boolean =>
    kind === "action" ? grant.action === text || grant.action === "*" : covers(grant.resource, text);
  const found = [...roles.values()].flatMap((role) =>
    role.grants.filter(isMeant).map((grant) => `${code(role.id)}: ${grantText(grant)}${including(role)}`),
  );
  const what = kind === "action" ? "An action" : "A resource";
  if (found.length === 0) return `### ${code(text)}\n\n${what} that no role of ${code(source)} grants`;
  return `### ${code(text)}\n\n${what} granted by roles of ${code(source)}\n${rows(found)}`;
}

function including({ includedBy }: KnownRole): string {
  return includedBy.length === 0 ? "" : `, and ${listed(includedBy.map(code))} by including it`;
}

function subjectMarkdown({ roles, subjects, suspended }: KnownRoles, subject: string, source: string): string {
  const held = subjects.get(subject) ?? [];
  if (held.length === 0) return `### ${code(subject)}\n\nHolds no role of ${code(source)}`;
  const names = held.map((id) => {
    const { includes = [], title = id } = roles.get(id) ?? {};
    return `${code(id)} (${plain(title)})${includes.length === 0 ? "" : `, which includes ${listed(includes.map(code))}`}`;
  });
  const off = suspended.has(subject) ? "\n\nSuspended: the roles count for nothing" : "";
  return `### ${code(subject)}\n\nHolds, by ${code(source)}\n${rows(names)}${off}`;
}

/** As the library matches them: itself, a prefix of it with `/*`, or everything. */
function covers(pattern: string, resource: string): boolean {
  if (pattern === "*" || pattern === resource) return true;
  return pattern.endsWith("/*") && resource.startsWith(pattern.slice(0, -1));
}

function grantText({ action, resource, constraints }: Grant): string {
  const limits = Object.entries((constraints ?? {}) as Readonly<Record<string, unknown>>).flatMap(([kind, byAttribute]) =>
    Object.entries((byAttribute ?? {}) as Readonly<Record<string, unknown>>).map(
      ([attribute, limit]) => `${code(attribute)} ${limitWord(kind)} ${code(JSON.stringify(limit))}`,
    ),
  );
  return `${code(action)} on ${code(resource)}${limits.length === 0 ? "" : `, ${limits.join(", ")}`}`;
}

function limitWord(kind: string): string {
  return kind === "max" ? "at most" : kind === "min" ? "at least" : "one of";
}

function holderText({ subject, through, from, until, suspended }: Holder): string {
  return [
    code(subject),
    ...(through === undefined ? [] : [`by ${code(through)}`]),
    ...(from === undefined ? [] : [`from ${dayOf(from)}`]),
    ...(until === undefined ? [] : [`until ${dayOf(until)}`]),
    ...(suspended ? ["suspended"] : []),
  ].join(", ");
}

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

function counted(holders: readonly Holder[]): string {
  const people = new Set(holders.map(({ subject }) => subject)).size;
  return people === 0 ? "nobody" : people === 1 ? "1 person" : `${people} people`;
}

function listed(names: readonly string[]): string {
  return names.length > shown ? `${names.slice(0, shown).join(", ")} and ${names.length - shown} more` : names.join(", ");
}

function rows(lines: readonly string[]): string {
  const more = lines.length > shown ? [`and ${lines.length - shown} more`] : [];
  return [...lines.slice(0, shown), ...more].map((line) => `- ${line}`).join("\n");
}

/** What others wrote stays text: no link, no markup. */
const code = (text: string): string => `\`${text.replaceAll("`", "'").replaceAll(/\s+/gu, " ").slice(0, 200)}\``;
const plain = (text: string): string =>
  text
    .slice(0, 200)
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/[\\`*_{}[\]()#+!<>|&~$]/gu, "\\$&");

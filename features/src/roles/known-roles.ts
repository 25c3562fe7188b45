// The roles that a project knows, with who holds them: what stands in `data.rms.data`, from the roles file or from a data file.
import { oncePer } from "#grammars/once-per.ts";
import { relative, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";

export interface Grant {
  readonly action: string;
  readonly resource: string;
  /** `max`, `min` and `in` by attribute, as the data has them. */
  readonly constraints: unknown;
}

export interface Holder {
  readonly subject: string;
  /** The role by which somebody holds another one that it includes. */
  readonly through: string | undefined;
  /** Seconds since 1970; undefined without a beginning, or an end. */
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly suspended: boolean;
}

export interface KnownRole {
  readonly id: string;
  readonly title: string;
  /** All that it includes, over any number of steps. */
  readonly includes: readonly string[];
  /** Those that include it. */
  readonly includedBy: readonly string[];
  /** Its own, without those of what it includes. */
  readonly grants: readonly Grant[];
  readonly holders: readonly Holder[];
}

export interface KnownRoles {
  readonly roles: ReadonlyMap<string, KnownRole>;
  /** Who holds something, and by which roles. */
  readonly subjects: ReadonlyMap<string, readonly string[]>;
  readonly suspended: ReadonlySet<string>;
}

/** Undefined where the data of the project has no roles. */
export function knownRoles(project: Project): KnownRoles | undefined {
  const data = recordOf(recordOf(recordOf(project.data.tree)["rms"])["data"]);
  return Object.keys(recordOf(data["roles"])).length === 0 ? undefined : rolesOf(data);
}

/** Where the roles are written, for their reader. */
export function roleSource(project: Project): string {
  const { roles } = project.config;
  return roles === undefined ? "the data" : relative(project.root, resolve(project.configFolder, roles));
}

const rolesOf = oncePer((data: Readonly<Record<string, unknown>>): KnownRoles => {
  const suspended = new Set(Object.keys(recordOf(data["suspended"])));
  const direct = new Map<string, Holder[]>();
  const subjects = new Map<string, string[]>();
  const hold = (subject: string, role: string, span: Readonly<Record<string, unknown>> = nothing): void => {
    const time = { from: secondsOf(span["from_s"]), until: secondsOf(span["until_s"]) };
    listIn(direct, role).push({ subject, through: undefined, ...time, suspended: suspended.has(subject) });
    listIn(subjects, subject).push(role);
  };
  for (const [subject, held] of Object.entries(recordOf(data["users"]))) for (const role of textsOf(held)) hold(subject, role);
  for (const [subject, spans] of Object.entries(recordOf(data["timed"])))
    for (const [role, span] of Object.entries(recordOf(spans))) hold(subject, role, recordOf(span));
  const written = Object.entries(recordOf(data["roles"]));
  const includes = new Map(written.map(([id, role]) => [id, textsOf(recordOf(role)["includes"])]));
  const includedBy = new Map<string, string[]>();
  for (const [id, below] of includes) for (const one of below) listIn(includedBy, one).push(id);
  const roles = written.map(([id, value]): readonly [string, KnownRole] => {
    const { title, responsibilities } = recordOf(value) as { title?: unknown; responsibilities?: unknown };
    const above = includedBy.get(id) ?? [];
    const through = above.flatMap((other) => (direct.get(other) ?? []).map((one) => ({ ...one, through: other })));
    return [
      id,
      {
        id,
        title: typeof title === "string" ? title : id,
        includes: includes.get(id) ?? [],
        includedBy: above,
        grants: grantsOf(responsibilities),
        holders: [...(direct.get(id) ?? []), ...through],
      },
    ];
  });
  return { roles: new Map(roles), subjects, suspended };
});

function grantsOf(responsibilities: unknown): readonly Grant[] {
  return (Array.isArray(responsibilities) ? responsibilities : []).flatMap((one: unknown) => {
    const { action, resource, constraints } = recordOf(one) as { action?: unknown; resource?: unknown; constraints?: unknown };
    return typeof action === "string" && typeof resource === "string" ? [{ action, resource, constraints }] : [];
  });
}

const nothing: Readonly<Record<string, unknown>> = {};

/** The data of a project may be anything. */
function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : nothing;
}

/** Of a time that a date can have. */
const secondsOf = (value: unknown): number | undefined =>
  typeof value === "number" && Math.abs(value) <= 8.64e12 ? value : undefined;

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

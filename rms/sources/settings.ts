// What makes no sense in the settings of a source, beyond their shape, and what the operator does not allow.
import type { SourceSettings } from "../store/sources.ts";
import { nextTime, readCron } from "./cron.ts";
import { SourceFault } from "./fault.ts";
import { type Grant, grantedFolders, grantedHost } from "./grants.ts";
import { hostOf } from "./https-address.ts";
import { isPointer } from "./json-pointer.ts";
import { ldapAddress } from "./read-ldap.ts";

export interface SettingsFault {
  /** JSON Pointer into the settings. */
  readonly pointer: string;
  /** The end of a sentence that begins with what is there. */
  readonly message: string;
}

/** Undefined for settings that can be used. */
export function settingsFault(settings: SourceSettings, grants: readonly Grant[], domain: string): SettingsFault | undefined {
  return (
    placeFault(settings) ??
    scheduleFault(settings) ??
    mappingFault(settings) ??
    rulesFault(settings) ??
    grantFault(settings, grants, domain)
  );
}

const fault = (pointer: string, message: string): SettingsFault => ({ pointer, message });

/** What only some kinds have. */
const only = [
  [["csv"], ["file", "separator"]],
  [["rest"], ["rows", "paging", "total"]],
  [["ldap"], ["base"]],
  [["csv", "rest", "scim"], ["oauth"]],
  [
    ["ldap", "scim"],
    ["filter", "groupSearch"],
  ],
] as const;

function placeFault(settings: SourceSettings): SettingsFault | undefined {
  const { kind, file, url, secret, user, oauth, rows, total, paging, groupSearch } = settings;
  const own = kind === "ad" ? "ldap" : kind;
  for (const [kinds, names] of only)
    for (const name of kinds.some((one) => one === own) ? [] : names)
      if (settings[name] !== undefined) return fault(`/${name}`, `is nothing that a source of kind ${kind} has`);
  if (own === "ldap") return directoryFault(settings);
  if (kind === "csv" && (file === undefined) === (url === undefined)) return fault("/file", "or url must be there, and not both");
  if ((kind === "rest" || kind === "scim") && url === undefined) return fault("/url", "is missing");
  if (kind === "scim" && (groupSearch?.base !== undefined || groupSearch?.by !== undefined))
    return fault("/groupSearch", "has only filter and name for a source of kind scim");
  if (file !== undefined && (file.startsWith("/") || file.split(/[/\\]/).includes("..") || file.includes("\0")))
    return fault("/file", "must be a path below the folder that the operator allows");
  if (url !== undefined && !isPlainHttps(url))
    return fault("/url", "must be an https: address without a user, as in https://hr.example/people");
  if (oauth !== undefined && !isPlainHttps(oauth.url))
    return fault("/oauth/url", "must be an https: address without a user, as in https://login.example/token");
  if (oauth !== undefined && (url === undefined || user === undefined || secret === undefined))
    return fault("/oauth", "needs url, user and secret, which are exchanged for a token");
  if (secret !== undefined && url === undefined) return fault("/secret", "is for an address alone");
  if (user !== undefined && secret === undefined) return fault("/user", "needs a secret, which is the password");
  if (oauth === undefined && user?.includes(":") === true) return fault("/user", "must have no colon");
  const pointers = [
    ["/rows", rows],
    ["/total", total],
    ["/paging/next", paging !== undefined && "next" in paging ? paging.next : undefined],
    ["/paging/cursor", paging !== undefined && "cursor" in paging ? paging.cursor : undefined],
  ] as const;
  const wrong = pointers.find(([, text]) => text !== undefined && !isPointer(text));
  return wrong === undefined ? undefined : fault(wrong[0], "must be a JSON Pointer such as /items");
}

function isPlainHttps(url: string): boolean {
  const address = URL.parse(url);
  return address !== null && address.protocol === "https:" && `${address.username}${address.password}${address.hash}` === "";
}

function scheduleFault({ every, cron }: SourceSettings): SettingsFault | undefined {
  if (cron === undefined) return undefined;
  if (every !== undefined) return fault("/cron", "and every must not both be there");
  const read = readCron(cron);
  if ("fault" in read) return fault("/cron", read.fault);
  return Number.isFinite(nextTime(read, 0)) ? undefined : fault("/cron", "names a day that never comes");
}

function directoryFault({ url, base, secret, user }: SourceSettings): SettingsFault | undefined {
  const address = URL.parse(url ?? "");
  const plain =
    address !== null &&
    `${address.username}${address.password}` === "" &&
    /^\/?$/.test(address.pathname) &&
    address.search === "";
  if (!plain || !["ldaps:", "ldap:"].includes(address.protocol))
    return fault("/url", "must be ldaps://HOST, or ldap://HOST for StartTLS, without more");
  if (base === undefined) return fault("/base", "is missing: where the people are, as in dc=example,dc=org");
  return (user === undefined) === (secret === undefined)
    ? undefined
    : fault("/user", "and secret must both be there, or none of them");
}

function mappingFault({ kind, map, groupSearch }: SourceSettings): SettingsFault | undefined {
  const { subject, status, manager, attributes = {}, groups } = map;
  if (Object.hasOwn(attributes, "manager")) return fault("/map/attributes/manager", "has its own place: map.manager");
  if (groups?.name !== undefined && !isPointer(groups.name))
    return fault("/map/groups/name", "must be a JSON Pointer such as /name");
  if (kind === "ldap" || kind === "ad")
    return groups === undefined ? undefined : fault("/map/groups", "is for tables and rows: groupSearch says where groups are");
  if (kind === "scim" && groups !== undefined && groupSearch !== undefined)
    return fault("/map/groups", "and groupSearch both say where groups are");
  if (kind !== "rest" && kind !== "scim") return undefined;
  const fields: readonly (readonly [string, string | undefined])[] = [
    ["/map/subject", subject],
    ["/map/status/from", status?.from],
    ["/map/manager", manager],
    ["/map/groups/from", groups?.from],
    ...Object.entries(attributes).map(([name, field]) => [`/map/attributes/${name}`, field] as const),
  ];
  const wrong = fields.find(([, field]) => field !== undefined && !isPointer(field));
  return wrong === undefined ? undefined : fault(wrong[0], "must be a JSON Pointer such as /mail");
}

function rulesFault({ rules = [], map, groupSearch }: SourceSettings): SettingsFault | undefined {
  for (const [index, { group, attribute, is }] of rules.entries()) {
    const at = `/rules/${index}`;
    if (group !== undefined && attribute !== undefined) return fault(at, "must name a group or an attribute, not both");
    if ((attribute === undefined) !== (is === undefined)) return fault(at, "must name an attribute and what it is");
    if (group !== undefined && map.groups === undefined && groupSearch === undefined)
      return fault(at, "names a group, but map.groups or groupSearch says not where they are");
    if (
      attribute === "manager"
        ? map.manager === undefined
        : attribute !== undefined && !Object.hasOwn(map.attributes ?? {}, attribute)
    )
      return fault(at, `names the attribute ${attribute}, which map.attributes does not have`);
  }
  return undefined;
}

function grantFault(settings: SourceSettings, grants: readonly Grant[], domain: string): SettingsFault | undefined {
  const { file, url, secret, oauth } = settings;
  if (file !== undefined && grantedFolders(grants, domain).length === 0)
    return fault("/file", `is in no folder: the operator lets ${domain} read none (rms serve --sources FILE)`);
  const asked = [
    ...(url === undefined ? [] : [["/url", url, oauth === undefined ? secret : undefined] as const]),
    ...(oauth === undefined ? [] : [["/oauth/url", oauth.url, secret] as const]),
  ];
  for (const [pointer, text, sent] of asked)
    try {
      const address = new URL(text);
      grantedHost(grants, domain, address.protocol === "https:" ? hostOf(address) : ldapAddress(address), sent);
    } catch (error) {
      if (error instanceof SourceFault) return fault(pointer, `cannot be asked: ${error.message}`);
      throw error;
    }
  return undefined;
}

// Whether a path below `data` leads to something that no policy has to define: a base document, or what RMS gives.
import type { BaseData } from "./base-data.ts";

/** A key that is missing leads nowhere; what is below a value that is no object may be in a list. */
export function isInBaseData(data: BaseData, path: readonly string[]): boolean {
  let at = data.tree;
  for (const name of path) {
    if (typeof at !== "object" || at === null || Array.isArray(at)) return true;
    if (!Object.hasOwn(at, name)) return false;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return true;
}

/** True for what is below `data.rms`: the library, roles and members, the stamp. */
export function isOfRms(path: readonly string[]): boolean {
  return path[0] === "rms";
}

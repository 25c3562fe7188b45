// The files below a folder, in the order of their names, and links to folders that lead back up.
import { type Io, systemFault } from "./io.ts";
import { ignores, join } from "./load-parts.ts";

/** `files`: links to files too, but none to folders; `all`: whatever links lead to. */
export type Links = "none" | "files" | "all";

/** Paths relative to the folder; names that a pattern of `ignore` names are passed over, folders with all that is in them. */
export function filesBelow(io: Io, root: string, links: Links, ignore: readonly string[] = [], inner = ""): readonly string[] {
  return io.list(inner === "" ? root : join(root, inner)).flatMap((name): readonly string[] => {
    if (ignores(ignore, name)) return [];
    const path = inner === "" ? name : `${inner}/${name}`;
    const full = join(root, path);
    const linked = links !== "all" && io.isLink(full);
    if (linked && links === "none") return [];
    if (io.kind(full) !== "folder") return [path];
    if (linked || leadsUp(io, full)) return [];
    return filesBelow(io, root, links, ignore, path);
  });
}

/** The names in a folder; one that may not be read is told, and has none. */
export function namesIn(io: Io, folder: string, tell: (fault: string) => void): readonly string[] {
  try {
    return io.list(folder);
  } catch (error) {
    tell(systemFault(error, folder) ?? String(error));
    return [];
  }
}

/** The bytes of a file; one that may not be read is told, and has none. */
export function bytesIn(io: Io, path: string, tell: (fault: string) => void): Uint8Array | undefined {
  try {
    return io.readFile(path);
  } catch (error) {
    tell(systemFault(error, path) ?? String(error));
    return undefined;
  }
}

/** What is said to an address of the network: only `file://` names something here. */
export function foreignUrl(argument: string): string | undefined {
  return /^(?!file:)[a-z][a-z\d+.-]*:\/\//iu.test(argument) ? `unsupported URL scheme: ${argument}` : undefined;
}

/** What a path leads to: with a slash at its end nothing but a folder. */
export function kindAt(io: Io, path: string): "file" | "folder" | undefined {
  const kind = io.kind(path);
  return kind === "file" && path.endsWith("/") ? undefined : kind;
}

/** Why nothing is at a path, as the system says it. */
export function whyMissing(io: Io, path: string): string {
  const above = path.split("/").map((_, at, parts) => parts.slice(0, at).join("/"));
  return above.some((part) => part !== "" && io.kind(part) === "file") ? "not a directory" : "no such file or directory";
}

/** True for a link to a folder that it lies in: to follow it would have no end. */
export function leadsUp(io: Io, folder: string): boolean {
  return io.isLink(folder) && `${io.realPath(join(folder, ".."))}/`.startsWith(`${io.realPath(folder)}/`);
}

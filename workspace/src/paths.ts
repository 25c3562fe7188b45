// Arithmetic on `/` separated paths, the same on every host.

/** The folder that holds a path, without a trailing slash (`/` itself stays). */
export function dirname(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The part after the last dot of the file name, in lower case; empty when there is none. */
export function extension(path: string): string {
  const name = basename(path);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/** True for the folder itself and everything below it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** The nearest of the folders around a file; undefined where it is in none. */
export function nearestFolder(path: string, folders: readonly string[]): string | undefined {
  return folders.filter((folder) => isBelow(path, folder)).sort((a, b) => b.length - a.length)[0];
}

/** `path` seen from `folder`, when it lies below it; the path itself otherwise. */
export function relative(folder: string, path: string): string {
  if (path === folder) return "";
  const prefix = folder === "/" ? "/" : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** Joins and removes `.` and `..`; an absolute second part wins. */
export function resolve(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

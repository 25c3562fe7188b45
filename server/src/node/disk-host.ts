// The disk of this computer as the host of projects.
import type { Stats } from "node:fs";
import { opendir, readFile, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, sep } from "node:path";
import type { Host } from "#workspace/host.ts";
import { maxFileBytes } from "#workspace/source-file.ts";
import { isProjectFile } from "#workspace/workspace.ts";
import { isSkippedFolder, isTooMuch, tooMuchIn } from "../folder-limits.ts";

/** The disk; `report` hears of folders that were not read. */
export function diskHost(report: (text: string) => void): Host {
  return {
    async readFile(path) {
      try {
        // A link may lead to a pipe or a device, which would never end.
        const { size } = await regularFile(toSystem(path));
        return size > maxFileBytes ? new Uint8Array(maxFileBytes + 1) : await readFile(toSystem(path));
      } catch {
        return undefined;
      }
    },
    list: (root) => listFiles(root, report),
    now: () => BigInt(Date.now()) * 1_000_000n,
    home: fromSystem(homedir()),
  };
}

async function regularFile(path: string): Promise<Stats> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error(`${path} is no file`);
  return found;
}

async function listFiles(root: string, report: (text: string) => void): Promise<readonly string[]> {
  const found: string[] = [];
  const visited = new Set<string>();
  const waiting = [root];
  let folders = 0;
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    folders += 1;
    if (isTooMuch(found.length, folders)) {
      report(tooMuchIn(root));
      return [];
    }
    try {
      const real = await realpath(toSystem(folder));
      if (visited.has(real)) continue;
      visited.add(real);
      for await (const entry of await opendir(toSystem(folder))) {
        const path = folder.endsWith("/") ? `${folder}${entry.name}` : `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
          if (!isSkippedFolder(entry.name) && !isSystemFolder(path)) waiting.push(path);
        } else if (entry.isSymbolicLink()) {
          if (isProjectFile(path)) found.push(path);
          else if (!entry.name.includes(".")) waiting.push(path);
        } else if (entry.isFile() && isProjectFile(path)) found.push(path);
      }
    } catch {
      // A folder that cannot be read holds nothing for us.
    }
  }
  return found;
}

function isSystemFolder(path: string): boolean {
  return path === "/proc" || path === "/sys" || path === "/dev" || path === "/run";
}

/** `/c:/a` → `c:\a` on Windows. */
function toSystem(path: string): string {
  return sep === "\\" ? join(path.replace(/^\/([a-z]:)/u, "$1")) : path;
}

/** `c:\a` → `/c:/a` on Windows. */
function fromSystem(path: string): string {
  return sep === "\\" ? `/${path.replaceAll("\\", "/")}` : path;
}

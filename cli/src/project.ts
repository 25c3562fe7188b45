// Opens a project folder for a command: files from the disk, settings from rw.conf.
import { readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Host } from "#workspace/host.ts";
import type { Project } from "#workspace/project.ts";
import { faultLine } from "#workspace/stopping-faults.ts";
import { isProjectFile, openProject as open } from "#workspace/workspace.ts";
import { nearestConfig } from "./input.ts";
import type { Io } from "./io.ts";
import { mayVary } from "./kept-run/variation.ts";
import { systemTime } from "./system-time.ts";

const skipped = new Set([".git", "node_modules", "dist", "build"]);

function host(io: Io): Host {
  return {
    readFile: async (path) => (io.kind(path) === "file" ? io.readFile(path) : undefined),
    list: async (root) => filesBelow(root),
    now: systemTime,
  };
}

/** All of them at once: asking for the kind of each takes longer than the rest. */
function filesBelow(root: string): readonly string[] {
  mayVary();
  const found: string[] = [];
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !skipped.has(entry.name)) waiting.push(path);
      else if (entry.isFile() && isProjectFile(path)) found.push(path);
    }
  }
  return found;
}

/** A folder and those below it that are projects of their own, as they are named: `billing`, `shipping`. */
export function projectFolders(folder: string, io: Io): readonly string[] {
  const root = resolve(io.cwd, folder).replaceAll("\\", "/");
  if (io.kind(root) !== "folder") return [folder];
  const inner = filesBelow(root).flatMap((path) =>
    path.endsWith("/rw.conf") ? [path.slice(root.length + 1, -"/rw.conf".length)] : [],
  );
  const lead = folder.replace(/\/+$/u, "");
  const named = inner.filter((path) => path !== "").map((path) => (lead === "." ? path : `${lead}/${path}`));
  return [folder, ...named.sort()];
}

/** The project around a folder that neither is one nor has any below it. */
function projectAround(root: string, io: Io): string | undefined {
  const config = nearestConfig(root, io);
  if (config === undefined || dirname(config) === root) return undefined;
  return projectFolders(root, io).length > 1 ? undefined : dirname(config);
}

/** What is wrong in the settings, which would else be others; undefined where nothing is. */
export function configFault(project: Project): string | undefined {
  const found = project.configuration.diagnostics.find(({ severity }) => severity === "error");
  return found === undefined ? undefined : faultLine(project, found);
}

/** The project of a folder, or that around it, which is told then; a fault is one sentence. */
export async function openProject(folder: string, io: Io): Promise<{ readonly project: Project } | { readonly fault: string }> {
  const root = resolve(io.cwd, folder).replaceAll("\\", "/");
  if (io.kind(root) !== "folder") return { fault: `${folder} is no folder` };
  const around = projectAround(root, io);
  if (around !== undefined) io.err(`note: ${folder} is a part of the project ${around} (its rw.conf)\n`);
  return { project: await open(host(io), around ?? root) };
}

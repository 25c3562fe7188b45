// The world that the policies of a command see: the mocks of a project among its paths, or what is granted where none names any.
import type { HostPorts } from "#evaluation/builtins/builtin.ts";
import type { EvaluateOptions } from "#evaluation/instance.ts";
import { mockedWorld } from "#evaluation/mocks.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { unknownProfile } from "#workspace/expected.ts";
import { mockProblems, mocksOf } from "#workspace/mocks.ts";
import { isBelow, relative, resolve } from "#workspace/paths.ts";
import { diskFile, type SourceFile } from "#workspace/source-file.ts";
import type { Invocation } from "./command.ts";
import { grantedPorts } from "./granted.ts";
import { readConfigFile } from "./input.ts";
import type { Io } from "./io.ts";

export interface World {
  readonly ports: HostPorts;
  /** Nanoseconds since 1970; undefined where nothing is said. */
  readonly clock: bigint | undefined;
  readonly seed: Pick<EvaluateOptions, "seed">;
  /** Says which calls a mock would have had to answer, each once. */
  tell(): void;
}

/** `paths`: those that the command reads policies from; the first with an `rw.conf` that names mocks counts. */
export function worldOf(call: Invocation, paths: readonly string[]): World | { readonly fault: string } {
  const { io } = call;
  for (const path of paths) {
    const folder = resolve(io.cwd, path);
    if (io.kind(resolve(folder, "rw.conf")) !== "file") continue;
    const found = mocksIn(folder, call.has("input-profile") ? call.flag("input-profile") : undefined, io);
    if (found === undefined) continue;
    if ("fault" in found) return found;
    const { ports, unmocked } = mockedWorld(found);
    const tell = (): void => {
      for (const { builtin, wanted, place } of unmocked.splice(0)) {
        const at = place === undefined || place.file === "" ? "" : `${place.file}:${place.row}: `;
        io.err(`note: ${at}${builtin}: ${wanted} needs a mock: \`mocks\` of rw.conf has none\n`);
      }
    };
    return { ports, clock: found.clock, seed: found.seed === undefined ? {} : { seed: found.seed }, tell };
  }
  return { ports: grantedPorts(io), clock: undefined, seed: {}, tell: () => undefined };
}

function mocksIn(folder: string, profile: string | undefined, io: Io): ReturnType<typeof mocksOf> | { readonly fault: string } {
  const path = resolve(folder, "rw.conf");
  const text = new TextDecoder().decode(io.readFile(path));
  // Most projects mock nothing: then what their settings say, and whether it can be read, does not matter here.
  const names = /\bmocks\b/u.test(text);
  if (!names && !/\binclude\b/u.test(text)) return undefined;
  const { config, faults } = readConfigFile(path, io);
  const [broken] = faults;
  if (broken !== undefined && !names) return undefined;
  if (broken !== undefined) return { fault: `${broken.file}:${broken.row}: ${broken.message}` };
  const profiles = config.profiles.map(({ name }) => name);
  if (profile !== undefined && !profiles.includes(profile)) return { fault: unknownProfile(profile, profiles) };
  const find = (path: string): SourceFile | undefined =>
    io.kind(path) === "file" && isBelow(io.realPath(path), io.realPath(folder)) ? diskFile(path, io.readFile(path)) : undefined;
  const [problem] = mockProblems(config, folder, find);
  if (problem === undefined) return mocksOf(config, folder, profile, find);
  const { row } = new LineIndex(find(problem.file)?.text ?? "").rowCol(problem.range.start);
  return { fault: `${relative(folder, problem.file)}:${row}: ${problem.message}` };
}

// `rw why` and `rw eval --why`: why a rule is what it is for an input, as the editor's view tells it, and what would make it true.

import { backstopFuel } from "#evaluation/fuel.ts";
import { type HeardMark, listenTo } from "#evaluation/heard-marks.ts";
import { createInstance, type EvaluateOptions } from "#evaluation/instance.ts";
import { shortText } from "#features/live.ts";
import { changeText, pathText, valueAt } from "#features/what-if/change.ts";
import type { Proposal } from "#features/what-if/search.ts";
import { makesTrue, searchFor } from "#features/what-if/what-if.ts";
import { type HeardModule, tracedRule } from "#features/why.ts";
import { whyLines } from "#features/why-text.ts";
import type { WhyNode } from "#features/why-tree.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { finish } from "#grammars/text/steps.ts";
import { isDataFile } from "#workspace/base-data.ts";
import { entrypointName } from "#workspace/config.ts";
import { dirname, isBelow, resolve } from "#workspace/paths.ts";
import { Project } from "#workspace/project.ts";
import { bufferFile, diskFile, type SourceFile } from "#workspace/source-file.ts";
import { faultLine, stoppingFaults } from "#workspace/stopping-faults.ts";
import { isProjectFile } from "#workspace/workspace.ts";
import type { Invocation } from "./command.ts";
import { errorText } from "./errors.ts";
import type { Io } from "./io.ts";
import { faultItems, loadNamed, loadOptions, type Sources } from "./load-flags.ts";
import { openProject } from "./project.ts";
import { systemTime } from "./system-time.ts";
import { type World, worldOf } from "./world.ts";

/** Milliseconds that are looked for what would make it true. */
const patience = 3000;

/** What is asked about: where the world of its policies is read, and how they are, once that is known. */
export interface AskedAbout {
  readonly paths: readonly string[];
  project(world: World): Promise<Project | { readonly fault: string }>;
}

/** The policies and data that flags name. */
export function loadedByFlags(call: Invocation): AskedAbout {
  const paths = [...call.all("data"), ...call.all("bundle")];
  return { paths, project: async (world) => loadedProject(call, paths, world) };
}

/** The project of a folder, as its `rw.conf` says. */
export function projectOfFolder(folder: string, io: Io): AskedAbout {
  const project = async (): Promise<Project | { readonly fault: string }> => {
    const opened = await openProject(folder, io);
    return "fault" in opened ? opened : opened.project;
  };
  return { paths: [folder], project };
}

/** Prints the answer; gives the exit code. */
export async function tellWhy(call: Invocation, query: string, input: string | undefined, about: AskedAbout): Promise<number> {
  const { io } = call;
  const fail = (message: string): number => {
    io.err(`${message}\n`);
    return 2;
  };
  const path = query.trim();
  if (!/^data(?:\.[A-Za-z_]\w*)+$/u.test(path)) return fail("a rule is named by its path, as data.authz.allow");
  const world = worldOf(call, about.paths);
  if ("fault" in world) return fail(world.fault);
  const project = await about.project(world);
  if ("fault" in project) return fail(project.fault);
  const [fault] = stoppingFaults(project);
  if (fault !== undefined) return fail(faultLine(project, fault));
  const traced = finish(tracedRule(project, path));
  if ("problem" in traced) return fail(traced.problem);
  const options = (): EvaluateOptions => ({ now: world.clock ?? systemTime(), ...world.seed, fuel: backstopFuel });
  const heard = ({ module, lookedAt }: HeardModule): readonly HeardMark[] | undefined => {
    const { instance, take } = listenTo(module, lookedAt, { now: systemTime, ports: world.ports });
    instance.setData(project.data.json);
    instance.evaluate(entrypointName(path), input, options());
    return take();
  };
  const asked = asking(project, path, world, options);
  if ("problem" in asked) return fail(asked.problem);
  const [all, fewer] = [heard(traced.all), heard(traced.indexed)];
  if (all === undefined || fewer === undefined) return fail("the evaluation is too long to be told");
  const value = asked.value(input);
  const shown = value === undefined ? "undefined" : shortText(value);
  const tree = traced.why(all, fewer, shown);
  const proposals = value !== undefined && makesTrue(value, undefined) ? [] : proposed(project, path, input, asked.holds);
  world.tell();
  if (call.flag("format") === "pretty") io.out(prettyWhy(path, shown, tree, input, proposals));
  else io.out(`${JSON.stringify(jsonWhy(project, { path, value, tree, input, proposals }), undefined, 2)}\n`);
  return 0;
}

function loadedProject(call: Invocation, paths: readonly string[], world: World): Project | { readonly fault: string } {
  const sources = loadNamed(call, { ...loadOptions(call), rolesAt: () => world.clock ?? systemTime() });
  if (sources.faults.length > 0) return { fault: errorText(faultItems(sources.faults)).trimEnd() };
  if (sources.bundleFault !== undefined) return { fault: sources.bundleFault.message };
  return projectOf(sources, paths, call.io);
}

/** What was loaded as a project: its policies, its data as one document, and of folders what samples and settings there are. */
function projectOf({ modules, library, data }: Sources, paths: readonly string[], io: Io): Project {
  const files = new Map<string, SourceFile>();
  const roots = paths.map((path) => {
    const at = resolve(io.cwd, path).replaceAll("\\", "/");
    if (io.kind(at) !== "folder") return dirname(at);
    for (const one of filesBelow(at, io)) if (!isLoaded(one)) files.set(one, diskFile(one, io.readFile(one)));
    return at;
  });
  const root = commonFolder(roots, io.cwd);
  const libraries = new Set(library.map(({ file }) => file));
  for (const { file, text } of modules)
    if (!libraries.has(file)) {
      const path = resolve(io.cwd, file).replaceAll("\\", "/");
      files.set(path, bufferFile(path, text, 0, "rego"));
    }
  files.set(`${root}/data.json`, bufferFile(`${root}/data.json`, data.json, 0, "json"));
  const find = (path: string): SourceFile | undefined => files.get(path);
  const elsewhere = { find, isOutside: () => false, holds: () => true, userLinterConfig: () => undefined };
  const regoVersion = modules[0]?.module.version;
  const settings = { anySize: true, ...(regoVersion === undefined ? {} : { regoVersion }) };
  return new Project(root, files, settings, systemTime, elsewhere);
}

/** True for what policies and data are loaded from. */
const isLoaded = (path: string): boolean => path.endsWith(".rego") || isDataFile(path) || path.endsWith("/.manifest");

function filesBelow(folder: string, io: Io): readonly string[] {
  return io.list(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (io.kind(path) === "folder") return name === "node_modules" || name.startsWith(".") ? [] : filesBelow(path, io);
    return isProjectFile(path) ? [path] : [];
  });
}

/** The innermost folder that holds all of them. */
function commonFolder([first, ...others]: readonly string[], otherwise: string): string {
  let common = first ?? otherwise;
  while (common !== "/" && !others.every((one) => one === common || isBelow(one, common))) common = dirname(common);
  return common;
}

interface Asked {
  /** The rule for an input, as JSON; undefined where it is undefined, or an error. */
  value(input: string | undefined): string | undefined;
  holds(input: string): boolean;
}

function asking(
  project: Project,
  path: string,
  world: World,
  options: () => EvaluateOptions,
): Asked | { readonly problem: string } {
  const name = entrypointName(path);
  const compiled = project.compilation.module([name]);
  if ("problem" in compiled) return compiled;
  const instance = createInstance(compiled.module, { now: systemTime, ports: world.ports });
  instance.setData(project.data.json);
  const value = (input: string | undefined): string | undefined => {
    const outcome = instance.evaluate(name, input, options());
    return outcome.kind === "error" ? undefined : /^\[\{"result":([\s\S]*)\}\]\s*$/u.exec(outcome.text)?.[1];
  };
  const holds = (input: string): boolean => {
    const found = value(input);
    return found !== undefined && makesTrue(found, undefined);
  };
  return { value, holds };
}

function proposed(
  project: Project,
  path: string,
  input: string | undefined,
  holds: (input: string) => boolean,
): readonly Proposal[] {
  const checked = finish(project.compilation.checkedSteps([entrypointName(path)]));
  const search = "problem" in checked ? undefined : searchFor(project, checked, path, input);
  if (search === undefined) return [];
  const end = performance.now() + patience;
  const tries = search.tries();
  for (let step = tries.next(); step.done !== true && performance.now() < end; ) step = tries.next(step.value.map(holds));
  return search.proposals;
}

function prettyWhy(
  path: string,
  value: string,
  tree: readonly WhyNode[],
  input: string | undefined,
  proposals: readonly Proposal[],
): string {
  const before: unknown = input === undefined ? undefined : JSON.parse(input);
  const head = `${path.replace(/^data\./u, "")} = ${value}`;
  const lines = [head, "", ...whyLines(tree.map((node) => ({ ...node, detail: "" })))];
  if (proposals.length > 0) {
    lines.push("", "What would make it true:");
    for (const { changes } of proposals) lines.push(`  ${changes.map((change) => changeText(before, change)).join("; ")}`);
  }
  return `${lines.join("\n")}\n`;
}

interface Told {
  readonly path: string;
  readonly value: string | undefined;
  readonly tree: readonly WhyNode[];
  readonly input: string | undefined;
  readonly proposals: readonly Proposal[];
}

function jsonWhy(project: Project, { path, value, tree, input, proposals }: Told): object {
  const before: unknown = input === undefined ? undefined : JSON.parse(input);
  const rowOf = ({ place, children, isFirstFailure, kind, mark, label, detail }: WhyNode): object => {
    const text = place === undefined ? undefined : project.find(place.file)?.text;
    const at =
      place === undefined || text === undefined ? {} : { file: place.file, ...new LineIndex(text).rowCol(place.range.start) };
    return {
      ...{ kind, mark, label, detail },
      ...(isFirstFailure ? { first_failure: true } : {}),
      ...(place === undefined ? {} : { location: at }),
      children: children.map(rowOf),
    };
  };
  return {
    query: path,
    ...(value === undefined ? {} : { value: JSON.parse(value) as unknown }),
    why: tree.map(rowOf),
    would_make_it_true: proposals.map(({ changes }) =>
      changes.map((change) => {
        const held = valueAt(before, change.path);
        return { ...change, name: pathText(change.path), ...(held === undefined ? {} : { before: held }) };
      }),
    ),
  };
}

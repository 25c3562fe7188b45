// Checks a set of modules again and again: what a change cannot have touched is kept. Each check gives what a first check of the same modules gives.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { finish, type Steps } from "#grammars/text/steps.ts";
import { AnnotationClaims, AnnotationSet, readAnnotations } from "./annotations.ts";
import { compilationOf, moduleUnit } from "./begin.ts";
import type { Builtin } from "./builtins/builtin.ts";
import { builtinsByName } from "./builtins/index.ts";
import { resultOf } from "./check-result.ts";
import { awaits, type Found, firstStage, type State, stoppedBefore } from "./check-state.ts";
import type { Checked, CheckOptions } from "./checked.ts";
import { type Compilation, fail } from "./compilation.ts";
import {
  ChangeLog,
  changedPlaces,
  Paths,
  placeKey,
  Readers,
  type Reads,
  readsAny,
  readsOf,
  type Shape,
  shapeOf,
} from "./module-interface.ts";
import type { Problem } from "./problem.ts";
import { RuleGraph } from "./rule-graph.ts";
import { RuleMemory, unsettle } from "./rule-memory.ts";
import { packageKeys, RuleTree } from "./rule-tree.ts";
import { branches, LocalNames, type ModuleUnit, openRules, rulesOf } from "./rule-units.ts";
import { RunningCheck } from "./running-check.ts";
import { packageKey } from "./stages/01-resolve-refs.ts";
import { hasPlainValue } from "./stages/11-template-strings.ts";
import { callsMetadata } from "./stages/17-metadata-calls.ts";
import { checkRuleConflicts, type NodeConflicts, type Touched } from "./stages/22-rule-conflicts.ts";
import { checkRecursion } from "./stages/29-recursion.ts";
import { checkInputSchema, checkTypes, type RuleTypes, type TypeChange } from "./stages/30-types.ts";
import { groupByRules, type ModuleStage, moduleStages, stageOf } from "./stages/order.ts";
import { headName } from "./tree/refs.ts";
import { dependOnOrder } from "./types/order.ts";

const nothing: Shape = new Map();
/** As many rules as have trees that a processor's cache holds. */
const rulesAtOnce = 64;
/** The group of stages that collects the refs of a module. */
const refsGroup = 1;

type CheckSetting = Pick<CheckOptions, "hasData"> & { readonly once?: boolean };

export class IncrementalCheck {
  readonly #options: CheckOptions;
  readonly #builtins: ReadonlyMap<string, Builtin>;
  readonly #states = new Map<ParsedModule, State>();
  readonly #packages = new Map<string, Set<State>>();
  readonly #ruleNames = new Map<string, ReadonlySet<string>>();
  readonly #readers = new Readers<State>();
  readonly #changes = new ChangeLog();
  #check = 0;
  /** The check that was begun and is not finished. */
  #running: RunningCheck | undefined;
  /** No other check follows this one. */
  #once = false;
  #tree = RuleTree.empty;
  readonly #claims = new AnnotationClaims();
  #conflicts: NodeConflicts | undefined;
  /** The last graph, and the last one without cycles. */
  #graph: RuleGraph | undefined;
  #acyclic: RuleGraph | undefined;
  /** The last types, with the graph that they were found by and the modules whose annotations have schemas. */
  #types: { readonly rules: RuleTypes; readonly graph: RuleGraph; readonly schemas: readonly ModuleUnit[] } | undefined;

  /** One source of names for all modules, as OPA has it; otherwise each module has its own. */
  readonly #names: LocalNames | undefined;

  constructor(options: CheckOptions = {}, names?: LocalNames) {
    this.#options = options;
    this.#names = names;
    const builtins = new Map(options.builtins ?? builtinsByName());
    for (const extra of options.extraBuiltins ?? []) builtins.set(extra.name, extra);
    this.#builtins = builtins;
  }

  /** Checks modules together. `hasData` stands for the option of that name where data may change; `once` leaves out what only a later check would use. */
  check(modules: readonly ParsedModule[], options: CheckSetting = {}): Checked {
    return finish(this.begin(modules, options).steps());
  }

  /** `check` in steps. It begins with the first of them; a check that was left in the middle is finished before another one begins. */
  begin(modules: readonly ParsedModule[], options: CheckSetting = {}): RunningCheck {
    return new RunningCheck((running) => this.#inTurn(running, modules, options));
  }

  /** True for a module that the last check is about, or the one that was begun. */
  holds(module: ParsedModule): boolean {
    return this.#states.has(module);
  }

  *#inTurn(running: RunningCheck, modules: readonly ParsedModule[], options: CheckSetting): Steps<Checked> {
    while (this.#running !== undefined) yield* this.#running.steps();
    this.#running = running;
    try {
      return yield* this.#steps(modules, options);
    } finally {
      this.#running = undefined;
    }
  }

  *#steps(modules: readonly ParsedModule[], { hasData = this.#options.hasData, once = false }: CheckSetting): Steps<Checked> {
    const sorted = modulesInFileOrder(modules.filter(({ module }) => module.package !== undefined));
    this.#check++;
    this.#once = once;
    /** Units that are not part of the set any more, and what they offered. */
    const old = new Map<ModuleUnit, Shape>();
    const fresh = new Set<State>();
    this.#exchange(sorted, old, fresh);
    const states = [...new Set(sorted)].flatMap((parsed) => this.#states.get(parsed) ?? []);
    const shared: Compilation = {
      ...compilationOf(
        states.map(({ unit }) => unit),
        { ...this.#options, ...(hasData === undefined ? {} : { hasData }) },
        this.#builtins,
      ),
      ruleNames: new Map(this.#ruleNames),
    };
    const found: Found[] = [];
    const globally = function* (at: number, run: (compilation: Compilation) => Steps<void> | void): Steps<void> {
      const own: Compilation = { ...shared, modules: states.map(({ unit }) => unit), diagnostics: [], stopped: false };
      const steps = run(own);
      if (steps !== undefined) yield* steps;
      for (const diagnostic of own.diagnostics) found.push({ at, diagnostic });
      if (own.stopped) shared.stopped = true;
    };
    const isStopped = (): boolean => shared.stopped || states.some(({ stoppedAt }) => stoppedAt !== undefined);
    const goesOn = (at: number): boolean => !once || !(shared.stopped || states.some((state) => stoppedBefore(state, at)));

    yield* globally(stageOf.inputSchema, checkInputSchema);
    yield;
    yield* this.#run(shared, fresh, 0);
    yield* this.#file(states, old, fresh, shared);
    yield;
    const redeclared = yield* this.#readAnnotations(shared, states, old);
    shared.tree = this.#tree;
    if (goesOn(firstStage(refsGroup))) yield* this.#run(shared, states, refsGroup);
    yield* globally(stageOf.annotationSet, (own) => {
      for (const problem of redeclared) fail(own, problem);
    });
    if (goesOn(stageOf.conflicts)) {
      yield* globally(stageOf.conflicts, (own) => {
        const before = this.#conflicts;
        this.#conflicts = checkRuleConflicts(
          own,
          before && { before, ...placesOf([...old.keys(), ...[...fresh].map(({ unit }) => unit)]) },
        );
      });
    } else this.#conflicts = undefined;
    yield;
    if (goesOn(firstStage(groupByRules))) yield* this.#run(shared, states, groupByRules);
    if (!once) for (const state of fresh) this.#remember(state);
    yield;
    if (!isStopped()) yield* globally(stageOf.recursion, (own) => this.#recursion(shared, own));
    yield;
    if (!isStopped()) yield* globally(stageOf.types, (own) => this.#checkTypes(shared, own, states));
    yield;
    if (!isStopped()) yield* this.#run(shared, states, 3);
    const result = resultOf(shared, states, found, this.#options, this.#builtins);
    const { maxErrors = 0 } = this.#options;
    // OPA tells some findings in the order of generated names: what a limit lets through shows them, too.
    const showsNames = result.diagnostics.some(showsGenerated) || (maxErrors > 0 && result.diagnostics.length > maxErrors);
    if (this.#names !== undefined || !showsNames) return result;
    if (states.length === 1 && states[0]?.continued === false) return result;
    // Where generated names are seen, they count from the beginning and over all modules, stage by stage.
    const names = LocalNames.over(states.map(({ unit }) => unit));
    const counted = new IncrementalCheck({ ...this.#options, ...(hasData === undefined ? {} : { hasData }) }, names);
    return { ...result, diagnostics: (yield* counted.#steps(modules, { once: true })).diagnostics };
  }

  /** Forgets modules that are gone and begins with those that are new, or that depend on more than is followed. */
  #exchange(parsed: readonly ParsedModule[], old: Map<ModuleUnit, Shape>, fresh: Set<State>): void {
    const wanted = new Set(parsed);
    const touched = new Set<string>();
    const memories = new Map<string, RuleMemory>();
    for (const [known, state] of this.#states) {
      if (wanted.has(known)) continue;
      this.#states.delete(known);
      this.#setReads(state, undefined);
      if (state.memory !== undefined) memories.set(known.file, state.memory);
      this.#packages.get(state.package)?.delete(state);
      old.set(state.unit, state.shape);
      touched.add(state.package);
    }
    for (const one of wanted) {
      const known = this.#states.get(one);
      if (known !== undefined) {
        if (known.callsMetadata || known.reads === undefined) this.#renew(known, old, fresh);
        continue;
      }
      const memory = RuleMemory.fitting(memories.get(one.file), one.text);
      const unit = moduleUnit(one, memory?.names ?? this.#names);
      const state: State = {
        parsed: one,
        package: packageKey(unit.package),
        ruleNames: new Set(unit.rules.map(({ form }) => headName(form))),
        callsMetadata: callsMetadata(unit),
        unit,
        groups: 0,
        stoppedAt: undefined,
        found: [],
        hints: [],
        shape: nothing,
        reads: undefined,
        annotations: undefined,
        restored: undefined,
        memory,
        continued: memory !== undefined,
      };
      this.#states.set(one, state);
      fresh.add(state);
      touched.add(state.package);
      const same = this.#packages.get(state.package);
      if (same === undefined) this.#packages.set(state.package, new Set([state]));
      else same.add(state);
    }
    for (const name of touched) {
      const same = this.#packages.get(name) ?? new Set();
      const names = new Set([...same].flatMap(({ ruleNames }) => [...ruleNames]));
      const before = this.#ruleNames.get(name);
      if (same.size === 0) {
        this.#packages.delete(name);
        this.#ruleNames.delete(name);
        continue;
      }
      if (before !== undefined && before.size === names.size && [...names].every((one) => before.has(one))) continue;
      this.#ruleNames.set(name, names);
      // Names without a path mean something else in all modules of the package.
      for (const state of same) this.#renew(state, old, fresh);
    }
    for (const state of fresh) this.#settle(state);
  }

  #setReads(state: State, reads: Reads | undefined): void {
    if (state.reads !== undefined) this.#readers.remove(state, state.reads);
    if (reads !== undefined) this.#readers.add(state, reads);
    state.reads = reads;
  }

  #settle({ memory, unit, package: name }: State): void {
    memory?.settle(unit, this.#ruleNames.get(name) ?? new Set());
  }

  /** Takes settled rules back that read what changed since they were checked. */
  #unsettle({ memory, unit }: State): void {
    if (memory === undefined) return;
    const changed = this.#changes.since(memory.check);
    if (changed.length === 0) return;
    const paths = new Paths();
    for (const place of changed) paths.add(place);
    for (const top of unit.rules) if (top.settled && branches(top).some((branch) => readsAny(branch, paths))) unsettle(top);
  }

  #remember(state: State): void {
    if (state.callsMetadata || state.stoppedAt !== undefined || state.groups < 3 || state.unit.sharedHeads.size > 0) return;
    const found = [...state.found, ...state.hints].map(({ diagnostic }) => diagnostic);
    state.memory = new RuleMemory(state.unit, this.#ruleNames.get(state.package) ?? new Set(), found, this.#check);
  }

  /** Begins again with a module. */
  #renew(state: State, old: Map<ModuleUnit, Shape>, fresh: Set<State>): void {
    if (fresh.has(state)) return;
    fresh.add(state);
    old.set(state.unit, state.shape);
    state.memory = RuleMemory.fitting(state.memory, state.parsed.text);
    state.continued = state.memory !== undefined;
    state.unit = moduleUnit(state.parsed, state.memory?.names);
    state.groups = 0;
    state.stoppedAt = undefined;
    state.found = [];
    state.hints = [];
    state.shape = nothing;
    this.#setReads(state, undefined);
    state.annotations = undefined;
    state.restored = undefined;
  }

  /** Files the rules of fresh modules in the rule tree, and begins again with all modules that can see a difference. */
  *#file(states: readonly State[], old: Map<ModuleUnit, Shape>, fresh: Set<State>, shared: Compilation): Steps<void> {
    this.#tree = this.#tree.with(
      [...old.keys()],
      [...fresh].map(({ unit }) => unit),
    );
    if (this.#once) return;
    yield;
    for (const state of fresh) state.shape = shapeOf(state.unit);
    if (this.#check === 1) return;
    const before = joined(old.values());
    const after = joined([...fresh].map(({ shape }) => shape));
    const places = changedPlaces(before, after);
    for (const place of places) this.#changes.add(place, this.#check);
    if (places.length === 0 || fresh.size === states.length) return;
    const seeing = new Set<State>();
    const left = new Map<ModuleUnit, Shape>();
    for (const state of inFileOrder(this.#readers.meeting(places))) if (!fresh.has(state)) this.#renew(state, left, seeing);
    for (const state of seeing) {
      this.#settle(state);
    }
    yield* this.#run(shared, seeing, 0);
    // Heads as the stages have left them say where a rule is filed.
    this.#tree = this.#tree.with(
      [...left.keys()],
      [...seeing].map(({ unit }) => unit),
    );
    for (const state of seeing) {
      state.shape = shapeOf(state.unit);
      fresh.add(state);
    }
    for (const [unit, shape] of left) old.set(unit, shape);
  }

  /** Runs a group of stages on the modules that have come so far: one module after the other, or one stage after the other where they share their names. */
  *#run(shared: Compilation, states: Iterable<State>, group: number): Steps<void> {
    const stages = moduleStages[group] ?? [];
    const waiting = [...states].filter((state) => awaits(state, group));
    for (const some of this.#names === undefined ? [] : stages)
      for (const state of waiting) yield* this.#runStages(shared, state, group, [some]);
    for (const state of waiting) {
      if (this.#names === undefined) {
        if (!this.#once && group === refsGroup) this.#unsettle(state);
        yield* this.#runStages(shared, state, group, stages);
      }
      state.groups = group + 1;
      state.restored = undefined;
      // Others ask for plain values when stages may have moved parts of them already.
      if (group === 0)
        for (const branch of openRules(state.unit))
          if (!this.#once || hasPlainValue(branch))
            branch.resolved = { head: branch.head, body: branch.body, start: branch.source.start };
      if (this.#once) continue;
      if (group === refsGroup && state.stoppedAt === undefined && state.unit.sharedHeads.size === 0)
        this.#setReads(state, readsOf(state.unit));
    }
  }

  *#runStages(shared: Compilation, state: State, group: number, stages: readonly ModuleStage[]): Steps<void> {
    const { unit } = state;
    const own: Compilation = { ...shared, names: unit.names, diagnostics: [], hints: [], stopped: false };
    const rules = openRules(unit);
    const portion = group === groupByRules ? rulesAtOnce : Math.max(rules.length, 1);
    for (let from = 0; from === 0 || from < rules.length; from += portion) {
      const some = portion < rules.length ? rules.slice(from, from + portion) : rules;
      for (const { at, run } of stages) {
        // What a later stage finds is not told where an earlier one failed.
        if (state.stoppedAt !== undefined && at > state.stoppedAt) break;
        run(own, unit, some);
        if (own.diagnostics.length > 0) for (const diagnostic of own.diagnostics.splice(0)) state.found.push({ at, diagnostic });
        if (own.hints.length > 0) for (const diagnostic of own.hints.splice(0)) state.hints.push({ at, diagnostic });
        if (own.stopped) state.stoppedAt = at;
        own.stopped = false;
      }
      yield;
    }
  }

  /** Reads what was not read yet; gives what is declared twice. */
  *#readAnnotations(
    shared: Compilation,
    states: readonly State[],
    old: ReadonlyMap<ModuleUnit, Shape>,
  ): Steps<readonly Problem[]> {
    for (const unit of old.keys()) this.#claims.remove(unit);
    if (!shared.readsAnnotations && !states.some(({ callsMetadata }) => callsMetadata)) return [];
    const at = shared.readsAnnotations ? stageOf.annotations : stageOf.metadataBlocks;
    for (const state of states) {
      if (state.annotations !== undefined) continue;
      state.annotations = readAnnotations(state.unit, shared.readsAnnotations ? "parser" : "compiler");
      this.#claims.add(state.unit, state.annotations);
      const own: Compilation = { ...shared, diagnostics: [] };
      for (const problem of state.annotations.problems) fail(own, problem);
      if (own.diagnostics.length > 0) {
        state.stoppedAt = Math.min(state.stoppedAt ?? at, at);
        // Another time annotations may not be read.
        this.#setReads(state, undefined);
      }
      for (const diagnostic of own.diagnostics) state.found.push({ at, diagnostic });
      yield;
    }
    shared.annotations = new AnnotationSet(states.flatMap(({ annotations }) => annotations ?? []));
    return this.#claims.problems;
  }

  #recursion(shared: Compilation, own: Compilation): void {
    const graph = new RuleGraph(shared.tree, own.modules, this.#graph);
    this.#graph = graph;
    shared.graph = graph;
    own.graph = graph;
    checkRecursion(own, this.#acyclic === undefined ? own.modules.flatMap(rulesOf) : graph.since(this.#acyclic));
    if (!own.stopped) this.#acyclic = graph;
  }

  *#checkTypes(shared: Compilation, own: Compilation, states: readonly State[]): Steps<void> {
    const { graph } = own;
    if (graph === undefined) return;
    const schemas = states.flatMap(({ unit, annotations }) => (annotations?.hasSchemas === true ? [unit] : []));
    const change = dependOnOrder(own, graph) ? undefined : this.#typeChange(own.modules, states, graph, schemas);
    const rules = yield* checkTypes(own, change);
    this.#types = rules === undefined ? undefined : { rules, graph, schemas };
    shared.types = own.types;
  }

  /** What happened since the last types; undefined where they cannot be gone on with. */
  #typeChange(
    modules: readonly ModuleUnit[],
    states: readonly State[],
    graph: RuleGraph,
    schemas: readonly ModuleUnit[],
  ): TypeChange | undefined {
    const last = this.#types;
    // Schemas hold for whole packages and documents.
    if (last === undefined || schemas.length !== last.schemas.length || schemas.some((one, i) => one !== last.schemas[i])) return;
    const before = last.rules.modules;
    const present = new Set(modules);
    const removed = [...before.keys()].filter((module) => !present.has(module));
    const fresh = modules.filter((module) => !before.has(module));
    const unsure = new Set<ModuleUnit>();
    const replacing = states.filter(({ reads }) => reads?.replacesData === true);
    if (replacing.length > 0) {
      const then = removed.map((module) => edgesText(last.graph, module)).sort();
      const now = fresh.map((module) => edgesText(graph, module)).sort();
      // What depends on a replaced document may be of any type.
      if (then.join("\n\n") !== now.join("\n\n")) for (const { unit } of replacing) unsure.add(unit);
    }
    return {
      before: last.rules,
      removed,
      fresh,
      unsure,
      readersOf: (place) => {
        const paths = new Paths();
        paths.add(place);
        const readers = inFileOrder(this.#readers.meeting([place])).flatMap(({ unit }) => rulesOf(unit));
        return readers.filter((unit) => readsAny(unit, paths));
      },
    };
  }
}

/** They mostly come in order, and looking whether they do costs a tenth of sorting them. */
function modulesInFileOrder(modules: readonly ParsedModule[]): readonly ParsedModule[] {
  for (let i = 1; i < modules.length; i++)
    if (modules[i - 1]!.file > modules[i]!.file)
      return [...modules].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  return modules;
}

function inFileOrder(states: Iterable<State>): readonly State[] {
  return [...states].sort((a, b) => (a.parsed.file < b.parsed.file ? -1 : 1));
}

/** Where the rules of some modules stand, and their packages. */
function placesOf(units: readonly ModuleUnit[]): Omit<Touched, "before"> {
  const places = new Set(units.flatMap(({ rules }) => rules.map(({ place }) => place)));
  return { places: [...places], packages: units.map(packageKeys) };
}

/** True when OPA's words for a finding have a name that rewriting made. */
function showsGenerated({ message, lines = [], related = [] }: Diagnostic): boolean {
  return [message, ...lines, ...related.map((one) => one.message)].some((text) => text.includes("__local"));
}

function joined(shapes: Iterable<Shape>): Shape {
  const all = new Map<string, { place: readonly string[]; text: string }>();
  for (const shape of shapes) {
    for (const [key, { place, text }] of shape) {
      const before = all.get(key);
      if (before === undefined) all.set(key, { place, text });
      else before.text += `; ${text}`;
    }
  }
  return all;
}

/** The edges of a module by the places of the rules. */
function edgesText(graph: RuleGraph, module: ModuleUnit): string {
  const rows = rulesOf(module).map((unit) => {
    const targets = [...graph.dependencies(unit)].map(({ place }) => placeKey(place));
    return `${placeKey(unit.place)} -> ${[...new Set(targets)].sort().join()}`;
  });
  return [...new Set(rows)].sort().join("\n");
}

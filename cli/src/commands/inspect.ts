// `rw inspect`: what is in a bundle or a policy file, as `opa inspect` shows it.

import { annotationJson } from "#analysis/rego/annotation-json.ts";
import type { Annotations } from "#analysis/rego/annotations.ts";
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import { builtinsByName, isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { checkModules } from "#analysis/rego/check.ts";
import type { CheckedModule } from "#analysis/rego/checked.ts";
import { rulePath } from "#analysis/rego/rule-tree.ts";
import type { RuleUnit } from "#analysis/rego/rule-units.ts";
import { headParts, isScalar } from "#analysis/rego/tree/refs.ts";
import { operatorName } from "#analysis/rego/tree/vars.ts";
import { forEachChild, isComprehension, type Node } from "#analysis/rego/tree/walk.ts";
import { termToJson } from "#analysis/rego/types/term-json.ts";
import { canonicalJson, readJson } from "#bundles/canonical-json.ts";
import { branchesOf } from "#compiler/plan/rule-index.ts";
import type { Import, Rule, Term } from "#grammars/rego/ast.ts";
import { compareTermLists } from "#grammars/rego/compare-terms.ts";
import { isGround } from "#grammars/rego/nodes.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import { type LoadedBundle, readBundle } from "../bundle-load.ts";
import { signaturesFile } from "../bundle-verify.ts";
import { builtinsJson } from "../capabilities-json.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { foreignUrl, kindAt, whyMissing } from "../disk-files.ts";
import { errorItems, errorText, goJson, parserText, unwritableNumber } from "../errors.ts";
import { type InspectedNote, inspectText } from "../inspect-text.ts";
import { bundleSentence, v0Flag, v1Flag } from "../load-flags.ts";
import { join, normalize, splitPrefix } from "../load-parts.ts";
import { redeclaredIn, withMetadata } from "../metadata-faults.ts";

export const inspect: Command = {
  name: "inspect",
  usage: "inspect <path> [flags]",
  summary: "Inspect OPA bundle(s).",
  details: `
Shows the manifest of a bundle archive or folder, the packages of its policies and the paths of its data, its Wasm modules
and, with -a, the annotations of packages and rules. A single Rego file can be shown too.

    $ rw inspect bundle.tar.gz
    $ rw inspect -a policy.rego
`,
  flags: [
    { name: "annotations", short: "a", kind: "boolean", help: "list annotations" },
    { name: "format", short: "f", kind: "string", choices: ["pretty", "json"], default: "pretty", help: "set output format" },
    v0Flag,
    v1Flag,
  ],
  run: async (call) => {
    const { io } = call;
    const [path, ...others] = call.positionals;
    if (path === undefined || others.length > 0) {
      io.err(usageError(inspect, "specify exactly one OPA bundle or path"));
      return 1;
    }
    const content = contentAt(call, path);
    if ("fault" in content) {
      io.err(`error: ${content.fault.trimEnd()}\n`);
      return 1;
    }
    const asJson = call.flag("format") === "json";
    const unwritable = asJson ? unwritableNumber(content.notes.map(({ annotations }) => annotations)) : undefined;
    if (unwritable !== undefined) {
      const types = ["*ast.AnnotationsRef", "*ast.Annotations"].map(
        (type) => `error calling MarshalJSON for type ${type}: json: `,
      );
      io.err(`error: json: ${types.join("")}unsupported value: ${unwritable}\n`);
      return 1;
    }
    io.out(asJson ? json(content) : inspectText(content));
    return 0;
  },
};

interface Content {
  readonly manifest: Manifest | undefined;
  /** What `.signatures.json` holds; empty without one. */
  readonly signatures: object;
  /** Files by namespace, in order. */
  readonly namespaces: ReadonlyMap<string, readonly string[]>;
  readonly wasmModules: readonly object[];
  readonly notes: readonly InspectedNote[];
  readonly capabilities: object;
}

type Manifest = Readonly<Record<string, unknown>>;
type Outcome = Content | { readonly fault: string };

const data: Term = { kind: "var", name: "data", start: 0, end: 0 };

function contentAt(call: Invocation, argument: string): Outcome {
  const foreign = foreignUrl(argument);
  const isPolicy = argument.endsWith(".rego");
  const path = isPolicy ? splitPrefix(argument, call.io).path : argument;
  const kind = kindAt(call.io, path);
  if (isPolicy && (foreign !== undefined || kind === undefined))
    return { fault: `1 error occurred during loading: ${foreign ?? `stat ${path}: ${whyMissing(call.io, path)}`}` };
  if (foreign !== undefined) return { fault: foreign };
  return isPolicy && kind === "file" ? fileContent(call, path) : bundleContent(call, path);
}

function fileContent(call: Invocation, path: string): Outcome {
  const version = call.on("v0-compatible") ? "v0" : "v1";
  const module = parseModule(decodePolicy(call.io.readFile(path)), { file: path, version, isBuiltin: isBuiltinName });
  const { diagnostics } = withMetadata(module);
  if (diagnostics.length > 0) return { fault: errorText(errorItems(diagnostics, [module]), true) };
  return contentOf(call, [module], undefined, []);
}

function bundleContent(call: Invocation, path: string): Outcome {
  const bundle = readBundle(path, { ignore: [], version: call.on("v0-compatible") ? "v0" : "v1", withoutData: true }, call.io);
  if (bundle.fault !== undefined) return { fault: bundleSentence(bundle.name, bundle.fault) };
  const documents = bundle.files.flatMap(({ path: inner }): readonly (readonly [string, string])[] => {
    const parts = inner.split("/");
    return /^data\.(?:json|ya?ml)$/u.test(parts.pop() ?? "") ? [[["data", ...parts].join("."), bundle.show(inner)]] : [];
  });
  const resolvers = resolversOf(bundle).map(({ entrypoint, module }) => [printed(pathOfEntrypoint(entrypoint)), module] as const);
  return contentOf(call, bundle.modules, bundle, [...documents, ...resolvers]);
}

function contentOf(
  call: Invocation,
  modules: readonly ParsedModule[],
  bundle: LoadedBundle | undefined,
  others: readonly (readonly [string, string])[],
): Outcome {
  const checked = checkModules(modules, { annotations: "untyped", openFunctions: true, maxErrors: 10 });
  const isUnreadable = checked.diagnostics.some(({ code }) => code === "rego_parse_error");
  const redeclared = call.on("annotations") && !isUnreadable ? redeclaredIn(modules) : [];
  const diagnostics = redeclared.length > 0 ? redeclared : checked.diagnostics;
  if (diagnostics.length > 0) {
    const isUnread = diagnostics.some(({ code }) => code === "rego_parse_error");
    const items = errorItems(diagnostics, modules);
    const fault = bundle === undefined ? errorText(items, isUnread) : parserText(items);
    return { fault: isUnread && bundle !== undefined ? `bundle ${bundle.name}: ${fault}` : fault };
  }
  const named = call.on("v0-compatible") ? "v0" : "v1";
  const packages = modules.map(
    ({ module, file }) => [printRef([data, ...(module.package?.path ?? [])]), normalize(file)] as const,
  );
  const namespaces = new Map<string, string[]>();
  for (const [name, file] of [...packages, ...others].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
    namespaces.set(name, [...(namespaces.get(name) ?? []), file]);
  const notes = call.on("annotations")
    ? [...checked.compilation.annotations.all.map(noteOf), ...(bundle === undefined ? [] : wasmNotes(bundle))].sort(compareNotes)
    : [];
  return {
    signatures: signaturesOf(bundle),
    manifest: bundle && { revision: "", roots: bundle.roots, ...bundle.manifest },
    namespaces,
    wasmModules: bundle === undefined ? [] : wasmModules(bundle),
    notes,
    capabilities: required(checked.modules, (file) => (bundle?.dialects.get(file) ?? named) === "v0"),
  };
}

/** The signatures as they are written; that they cannot be read is for those to say who verify them. */
function signaturesOf(bundle: LoadedBundle | undefined): object {
  const file = bundle?.files.find(({ path }) => path === signaturesFile);
  const read = file === undefined ? undefined : readJson(new TextDecoder().decode(file.bytes));
  if (read === undefined || !("value" in read)) return {};
  const { signatures, plugin } = JSON.parse(canonicalJson(read.value)) as Record<string, unknown>;
  return { signatures, plugin };
}

function noteOf(one: Annotations): InspectedNote {
  const { module, target, range } = one;
  return {
    annotations: annotationJson(one),
    path: target === undefined ? [] : pathOf(target),
    // An import has no package of its own.
    package: target === undefined ? undefined : [data, ...module.package],
    rule: target?.kind === "rule" ? headParts(target.unit.source.head) : [],
    location: { file: module.file, ...module.lines.rowCol(target?.start ?? range.start) },
  };
}

function pathOf(target: NonNullable<Annotations["target"]>): readonly Term[] {
  switch (target.kind) {
    case "rule":
      return writtenPath(target.unit);
    case "package":
      return [data, ...target.package.path];
    case "import":
      return [data];
  }
}

/** The path of a rule as it was written, up to the first key that is to be found. */
function writtenPath(unit: RuleUnit): readonly Term[] {
  const keys = headParts(unit.source.head).slice(1);
  const open = keys.findIndex((key) => !isGround(key));
  const name = rulePath(unit).parts.slice(0, unit.module.package.length + 2);
  return [...name, ...(open < 0 ? keys : keys.slice(0, open))];
}

/** By what they stand above, then by place. */
function compareNotes(a: InspectedNote, b: InspectedNote): number {
  const [left, right] = [a.location, b.location];
  const byFile = left.file < right.file ? -1 : left.file > right.file ? 1 : 0;
  return compareTermLists(a.path, b.path) || byFile || left.row - right.row || left.col - right.col;
}

interface Resolver {
  readonly entrypoint: string;
  readonly module: string;
  readonly annotations: readonly Readonly<Record<string, unknown>>[];
}

/** The entrypoints that the manifest finds in Wasm modules. */
function resolversOf({ manifest }: LoadedBundle): readonly Resolver[] {
  const wasm = manifest?.["wasm"];
  if (!Array.isArray(wasm)) return [];
  return (wasm as readonly Partial<Resolver>[]).map(({ entrypoint = "", module = "", annotations = [] }) => ({
    entrypoint,
    module,
    annotations,
  }));
}

function pathOfEntrypoint(entrypoint: string): readonly Term[] {
  const parts = entrypoint.replace(/^\//u, "").split("/");
  return [data, ...parts.map((value): Term => ({ kind: "string", value, start: 0, end: 0 }))];
}

function printed(path: readonly Term[]): string {
  return path.map((part) => (part.kind === "string" ? part.value : "data")).join(".");
}

function wasmNotes(bundle: LoadedBundle): readonly InspectedNote[] {
  return resolversOf(bundle).flatMap(({ entrypoint, module, annotations }) =>
    annotations.map((one) => ({
      annotations: one,
      path: pathOfEntrypoint(entrypoint),
      package: undefined,
      rule: [],
      location: { file: module, row: 0, col: 0 },
    })),
  );
}

function wasmModules(bundle: LoadedBundle): readonly object[] {
  const resolvers = resolversOf(bundle);
  return bundle.files.flatMap(({ path }) => {
    if (!path.endsWith(".wasm")) return [];
    const named = `/${path.replace(/^\//u, "")}`;
    const own = resolvers.filter(({ module }) => `/${module.replace(/^\//u, "")}` === named);
    return [
      {
        entrypoints: own.length === 0 ? null : own.map(({ entrypoint }) => printRef(pathOfEntrypoint(entrypoint))),
        path: named,
        url: join(bundle.name.replace(/^\.\//u, ""), named.slice(1)),
      },
    ];
  });
}

function json({ manifest, signatures, namespaces, wasmModules: wasm, notes, capabilities }: Content): string {
  const document = {
    ...(manifest === undefined ? {} : { manifest: manifestJson(manifest) }),
    signatures_config: signatures,
    ...(wasm.length === 0 ? {} : { wasm_modules: wasm }),
    ...(namespaces.size === 0 ? {} : { namespaces: Object.fromEntries(namespaces) }),
    ...(notes.length === 0
      ? {}
      : {
          annotations: notes.map(({ annotations, location, path }) => ({
            annotations,
            location,
            path: path.map((part) => termToJson(part)),
          })),
        }),
    capabilities,
  };
  return `${goJson(document)}\n`;
}

function manifestJson(manifest: Manifest): object {
  const names = ["revision", "roots", "wasm", "rego_version", "file_rego_versions", "metadata"];
  return Object.fromEntries(names.flatMap((name) => (manifest[name] === undefined ? [] : [[name, manifest[name]]])));
}

/** What an OPA must be able to do to run the policies. */
function required(modules: readonly CheckedModule[], isV0: (file: string) => boolean): object {
  const used = usedBuiltins(modules);
  const keywords = new Set<string>();
  const features = new Set<string>();
  for (const { source, file } of modules) {
    const v0 = isV0(file);
    if (!v0) features.add("rego_v1");
    for (const one of source.imports) {
      const [root, name, ...more] = namesOf(one);
      if (v0 && root === "rego" && name === "v1") features.add("rego_v1_import");
      if (root === "rego" && name === "v2") features.add("rego_v2_import");
      if (root !== "future" || name !== "keywords") continue;
      const [keyword] = more;
      const words = v0 ? [...newIn1, ...newIn2] : newIn2;
      for (const word of words) if (keyword === undefined || keyword === word) keywords.add(word);
    }
    if (v0) for (const { head } of source.rules) addHeadFeature(head.reference, features);
  }
  if (used.some(({ name }) => name === "internal.template_string")) features.add("template_strings");
  return {
    ...(used.length === 0 ? {} : { builtins: builtinsJson(used, false) }),
    ...(keywords.size === 0 ? {} : { future_keywords: [...keywords].sort() }),
    ...(features.size === 0 ? {} : { features: [...features].sort() }),
  };
}

const newIn1 = ["contains", "every", "if", "in"];
const newIn2 = ["and", "not", "or"];

function namesOf({ path }: Import): readonly string[] {
  const parts = path.kind === "ref" ? path.parts : [path];
  return parts.map((part) => (part.kind === "var" ? part.name : part.kind === "string" ? part.value : ""));
}

function addHeadFeature(reference: Term, features: Set<string>): void {
  if (reference.kind !== "ref" || reference.parts.length < 3) return;
  // Other parts than scalars are to be found: compilation moves them into the body.
  const isConstant = reference.parts.every((part, at) => at === 0 || isScalar(part));
  features.add(isConstant ? "rule_head_ref_string_prefixes" : "rule_head_refs");
}

/** Builtins that compilation replaces by others. */
const replaced: ReadonlySet<string> = new Set(["assign", "equal", "print", "internal.template_string"]);

/** The builtins that the policies call after compilation, and those that it replaces. */
function usedBuiltins(modules: readonly CheckedModule[]): readonly Builtin[] {
  const all = builtinsByName();
  const found = new Map<string, Builtin>();
  const note = (name: string): void => {
    const builtin = all.get(name);
    if (builtin !== undefined) found.set(builtin.name, builtin);
  };
  const visitRules = (rules: readonly Rule[], visit: (node: Node, inHead: boolean) => void): void => {
    for (const rule of rules.flatMap(branchesOf)) {
      const { args, key, value, reference } = rule.head;
      const heads = [...(args ?? []), ...(key === undefined ? [] : [key]), ...(value === undefined ? [] : [value]), reference];
      for (const node of heads) visit(node, true);
      for (const node of rule.body ?? []) visit(node, false);
    }
  };
  // OPA counts what it checks the types of, which is of these bodies only what comprehensions have.
  const visitClosures = (node: Node): void => forEachChild(node, isComprehension(node) ? visitCompiled : visitClosures);
  const visitCompiled = (node: Node): void => {
    if (node.kind === "every" || node.kind === "notBody" || node.kind === "logical") return visitClosures(node);
    if (node.kind !== "call") return forEachChild(node, visitCompiled);
    note(operatorName(node.operator.parts));
    // What is called on the result of a call stays in the name of the function, which OPA does not look into.
    node.args.forEach(visitCompiled);
  };
  const visitSource = (node: Node, inHead: boolean, inPrint = false): void => {
    const name = node.kind === "call" ? operatorName(node.operator.parts) : undefined;
    // OPA replaces `:=` in the comprehensions of heads before it begins to count, and gives up what is printed before it comes to `==`.
    const isCounted = name !== undefined && replaced.has(name) && !(name === "assign" ? inHead : inPrint);
    if (isCounted) note(name);
    if (node.kind === "templateString") note("internal.template_string");
    forEachChild(node, (child) => visitSource(child, inHead, inPrint || name === "print"));
  };
  for (const { module, source } of modules) {
    visitRules(module.rules, visitCompiled);
    visitRules(source.rules, visitSource);
  }
  return [...found.values()];
}

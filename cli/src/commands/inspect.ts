// `rw inspect`: what is in a bundle or a policy file, as `opa inspect` shows it.
import type { Annotations } from "#analysis/rego/annotations.ts";
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import { builtinsByName, isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { checkModules } from "#analysis/rego/check.ts";
import { rulePath } from "#analysis/rego/rule-tree.ts";
import { operatorName } from "#analysis/rego/tree/vars.ts";
import { forEachChild, type Node } from "#analysis/rego/tree/walk.ts";
import { termToJson } from "#analysis/rego/types/term-json.ts";
import { toJson } from "#bundles/canonical-json.ts";
import type { Rule, Term } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { annotationJson } from "../annotation-json.ts";
import { boxTable } from "../box-table.ts";
import { type LoadedBundle, readBundle } from "../bundle-load.ts";
import { builtinsJson } from "../capabilities-json.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { kindAt } from "../disk-files.ts";
import { errorItems, errorText, goJson } from "../errors.ts";
import { compactJson } from "../json-text.ts";
import { bundleSentence, v0Flag } from "../load-flags.ts";
import { textOf } from "../load-parts.ts";

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
  ],
  run: async (call) => {
    const { io } = call;
    const [path, ...others] = call.positionals;
    if (path === undefined || others.length > 0) {
      io.err(usageError(inspect, "specify exactly one OPA bundle or path"));
      return 1;
    }
    const content = path.endsWith(".rego") && kindAt(io, path) === "file" ? fileContent(call, path) : bundleContent(call, path);
    if ("fault" in content) {
      io.err(`error: ${content.fault.trimEnd()}\n`);
      return 1;
    }
    io.out(call.flag("format") === "json" ? json(call, content) : pretty(call, content));
    return 0;
  },
};

interface Content {
  readonly modules: readonly ParsedModule[];
  readonly bundle: LoadedBundle | undefined;
  /** Files by namespace, in order. */
  readonly namespaces: ReadonlyMap<string, readonly string[]>;
  readonly annotations: readonly Annotations[];
}

type Outcome = Content | { readonly fault: string };

function fileContent(call: Invocation, path: string): Outcome {
  const version = call.on("v0-compatible") ? "v0" : "v1";
  const module = parseModule(textOf(path, call.io), { file: path, version, isBuiltin: isBuiltinName });
  if (module.diagnostics.length > 0) return { fault: errorText(errorItems(module.diagnostics, [module]), true) };
  return contentOf([module], undefined, []);
}

function bundleContent(call: Invocation, path: string): Outcome {
  const bundle = readBundle(path, { ignore: [], version: call.on("v0-compatible") ? "v0" : "v1" }, call.io);
  if (bundle.fault !== undefined) return { fault: bundleSentence(bundle.name, bundle.fault) };
  const documents = bundle.files.flatMap(({ path: inner }): readonly (readonly [string, string])[] => {
    const parts = inner.split("/");
    return /^data\.(?:json|ya?ml)$/u.test(parts.pop() ?? "") ? [[["data", ...parts].join("."), bundle.show(inner)]] : [];
  });
  return contentOf(bundle.modules, bundle, documents);
}

function contentOf(
  modules: readonly ParsedModule[],
  bundle: LoadedBundle | undefined,
  documents: readonly (readonly [string, string])[],
): Outcome {
  const checked = checkModules(modules, { annotations: true, printing: true });
  const faults = checked.diagnostics.filter((one) => one.code === "rego_parse_error");
  if (faults.length > 0) return { fault: errorText(errorItems(faults, modules), bundle === undefined) };
  const data: Term = { kind: "var", name: "data", start: 0, end: 0 };
  const packages = modules.map(({ module, file }) => [printRef([data, ...(module.package?.path ?? [])]), file] as const);
  const namespaces = new Map<string, string[]>();
  for (const [name, file] of [...packages, ...documents].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
    namespaces.set(name, [...(namespaces.get(name) ?? []), file]);
  return { modules, bundle, namespaces, annotations: ordered(checked.compilation.annotations.all) };
}

function ordered(all: readonly Annotations[]): readonly Annotations[] {
  const weight = ({ target }: Annotations): string => {
    const path = target === undefined ? [] : pathOf(target);
    return path.map((part) => (part.kind === "string" ? part.value : "")).join("\n");
  };
  return [...all].sort((a, b) => {
    const [left, right] = [weight(a), weight(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

function pathOf(target: NonNullable<Annotations["target"]>): readonly Term[] {
  const data: Term = { kind: "var", name: "data", start: 0, end: 0 };
  switch (target.kind) {
    case "rule":
      return rulePath(target.unit).parts;
    case "package":
      return [data, ...target.package.path];
    case "import":
      return [data];
  }
}

/** The place of what the block stands above. */
function placeOf(one: Annotations): { readonly file: string; readonly row: number; readonly col: number } {
  const { module, target, range } = one;
  return { file: module.file, ...module.lines.rowCol(target?.start ?? range.start) };
}

function json(call: Invocation, { modules, bundle, namespaces, annotations }: Content): string {
  const manifest = bundle?.manifest;
  const used = usedBuiltins(modules);
  const document = {
    ...(manifest === undefined ? {} : { manifest: manifestJson(manifest) }),
    signatures_config: {},
    namespaces: Object.fromEntries(namespaces),
    ...(call.on("annotations") && annotations.length > 0
      ? {
          annotations: annotations.map((one) => ({
            annotations: annotationJson(one),
            location: placeOf(one),
            path: one.target === undefined ? [] : pathOf(one.target).map((part) => termToJson(part)),
          })),
        }
      : {}),
    capabilities: {
      ...(used.length === 0 ? {} : { builtins: builtinsJson(used, false) }),
      features: ["rego_v1"],
    },
  };
  return `${goJson(document)}\n`;
}

function manifestJson(manifest: Readonly<Record<string, unknown>>): object {
  const names = ["revision", "roots", "wasm", "rego_version", "file_rego_versions", "metadata"];
  return Object.fromEntries(names.flatMap((name) => (manifest[name] === undefined ? [] : [[name, manifest[name]]])));
}

/** The builtins that the policies call, after compilation. */
function usedBuiltins(modules: readonly ParsedModule[]): readonly Builtin[] {
  const all = builtinsByName();
  const found = new Map<string, Builtin>();
  const note = (name: string): void => {
    const builtin = all.get(name);
    if (builtin !== undefined) found.set(builtin.name, builtin);
  };
  const visitNode = (node: Node): void => {
    if (node.kind === "call") note(operatorName(node.operator.parts));
    // `some x in xs` is no call of the builtin behind `in`.
    if (node.kind === "some") for (const symbol of node.symbols) forEachChild(symbol, visitNode);
    else forEachChild(node, visitNode);
  };
  const visitRule = (rule: Rule): void => {
    const { args, key, value } = rule.head;
    const heads = [...(args ?? []), ...(key === undefined ? [] : [key]), ...(value === undefined ? [] : [value])];
    for (const node of [...heads, ...(rule.body ?? [])]) visitNode(node);
    if (rule.else !== undefined) visitRule(rule.else);
  };
  for (const { module } of checkModules(modules, { printing: true }).modules) for (const rule of module.rules) visitRule(rule);
  for (const { module } of modules) for (const rule of module.rules) visitRule(rule);
  return [...found.values()];
}

function pretty(call: Invocation, { bundle, namespaces, annotations }: Content): string {
  const sections: string[] = [];
  const manifest = bundle?.manifest;
  if (manifest !== undefined) {
    const rows = manifestRows(manifest);
    if (rows.length > 0) sections.push(`MANIFEST:\n${boxTable(["FIELD", "VALUE"], rows)}`);
    const wasm = Array.isArray(manifest["wasm"]) ? (manifest["wasm"] as readonly Record<string, unknown>[]) : [];
    if (namespaces.size > 0) sections.push(namespaceTable(namespaces));
    if (wasm.length > 0) {
      const modules = wasm.map(({ entrypoint, module }) => [String(module), String(entrypoint)]);
      sections.push(`WASM RESOLVERS:\n${boxTable(["MODULE", "ENTRYPOINT"], modules)}`);
    }
  } else if (namespaces.size > 0) sections.push(namespaceTable(namespaces));
  if (call.on("annotations") && annotations.length > 0)
    sections.push(`ANNOTATIONS:\n${annotations.map((one) => annotationText(one)).join("")}`);
  return sections.join("");
}

function namespaceTable(namespaces: ReadonlyMap<string, readonly string[]>): string {
  const rows = [...namespaces].flatMap(([name, files]) => files.map((file, at) => [at === 0 ? name : "", shortened(file)]));
  return `NAMESPACES:\n${boxTable(["NAMESPACE", "FILE"], rows)}`;
}

/** Of a long path OPA leaves out folders in the middle, as many letters of them as make it 50 long. */
function shortened(file: string): string {
  if (file.length < 50) return file;
  const folder = file.slice(0, Math.max(file.lastIndexOf("/"), 0)).replace(/^\//u, "");
  const first = folder.indexOf("/");
  const middle = first > 0 ? folder.slice(first + 1) : folder;
  const spare = 50 - (file.length - middle.length + 3);
  const cut = spare <= 0 ? middle : middle.slice(0, Math.max(middle.length - spare, 0));
  return cut.length > 3 ? file.replace(cut, () => "...") : file;
}

function manifestRows(manifest: Readonly<Record<string, unknown>>): readonly (readonly string[])[] {
  const { rego_version: version, revision, roots, metadata } = manifest;
  const paths = Array.isArray(roots) ? [...roots].map(String).sort() : [];
  return [
    ...(version === undefined ? [] : [["Rego Version", String(version)]]),
    ...(typeof revision === "string" && revision !== "" ? [["Revision", revision]] : []),
    ...(paths.length === 0 || (paths.length === 1 && paths[0] === "")
      ? []
      : paths.map((root, at) => [at === 0 ? "Roots" : "", root])),
    ...(metadata === undefined ? [] : [["Metadata", compactJson(toJson(metadata))]]),
  ];
}

function annotationText(one: Annotations): string {
  const { file, row } = placeOf(one);
  const path = one.target === undefined ? [] : pathOf(one.target).slice(1);
  const rule = one.target?.kind === "rule" ? path.slice(one.module.package.length) : [];
  const dotted = (parts: readonly Term[]): string => printRef(parts.map(asHead));
  const lines = [
    ...(one.title === "" ? [] : [one.title, "=".repeat([...one.title].length), ""]),
    ...(one.description === "" ? [] : [one.description, ""]),
    `Package:  ${dotted(path.slice(0, one.module.package.length))}`,
    ...(rule.length === 0 ? [] : [`Rule:     ${dotted(rule)}`]),
    `Location: ${file}:${row}`,
    `Scope: ${one.scope}`,
    ...(one.entrypoint ? ["Entrypoint: true"] : []),
    "",
    ...list("Organizations", one.organizations),
    ...list(
      "Authors",
      one.authors.map(({ name, email }) => [name, email === "" ? "" : `<${email}>`].filter((part) => part !== "").join(" ")),
    ),
    ...list(
      "Schemas",
      one.schemas.map(({ path: at, schema }) => `${printRef(at)}: ${schema === undefined ? "(inlined)" : printRef(schema)}`),
    ),
    ...list(
      "Related Resources",
      one.relatedResources.map(({ ref, description }) => (description === "" ? ref : `${ref} ${description}`)),
    ),
    ...list(
      "Custom",
      Object.entries(one.custom).map(([name, value]) => `${name}: ${compactJson(toJson(value))}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** The first part of a printed path is bare. */
function asHead(part: Term, at: number): Term {
  return at === 0 && part.kind === "string" ? { kind: "var", start: part.start, end: part.end, name: part.value } : part;
}

function list(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`${title}:`, ...items.map((item) => ` ${item}`), ""];
}

// `rw build`: a bundle of policies and data; with `--target wasm` the compiled module too, with `--target plan` its plan.
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Annotations } from "#analysis/rego/annotations.ts";
import { checkModules, checkQuery } from "#analysis/rego/check.ts";
import type { Checked } from "#analysis/rego/checked.ts";
import { type Fmt, formatParsed, formatPolicy } from "#analysis/rego/fmt.ts";
import { rulePath } from "#analysis/rego/rule-tree.ts";
import { groundPrefix } from "#analysis/rego/tree/refs.ts";
import { functionType } from "#analysis/rego/types/details.ts";
import { typeToJson } from "#analysis/rego/types/print.ts";
import { type Json, toJson } from "#bundles/canonical-json.ts";
import { type ArchiveFile, fitsArchive, writeTar } from "#bundles/tar.ts";
import { compile } from "#compiler/compile.ts";
import { dataRef } from "#compiler/plan/plan.ts";
import { planToJson } from "#compiler/plan/plan-json.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseQuery } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { annotationJson } from "../annotation-json.ts";
import { signatureFile } from "../bundle-sign.ts";
import { type VerificationOptions, verificationFault } from "../bundle-verify.ts";
import { sortedKeys } from "../capabilities-json.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { configuredDialects } from "../configured-dialect.ts";
import { errorItems, errorText, unreadMetadata } from "../errors.ts";
import { systemFault } from "../io.ts";
import { compactJson } from "../json-text.ts";
import {
  bundleFlag,
  type CheckFlags,
  capabilitiesFlag,
  checkFlags,
  faultItems,
  ignoreFlag,
  loadOptions,
  loadPositionals,
  type Sources,
  v0Flag,
  v1Flag,
} from "../load-flags.ts";
import { type ArchivedFiles, join, type LoadFault } from "../load-parts.ts";
import {
  algorithmFlag,
  claimsFlag,
  givenKey,
  keyFlag,
  keyMissing,
  keyText,
  pluginFlag,
  signingFault,
  signingOptions,
} from "../signing-flags.ts";

const encoder = new TextEncoder();

export const build: Command = {
  name: "build",
  usage: "build <path> [<path> [...]] [flags]",
  summary: "Build an OPA bundle.",
  details: `
A bundle is a gzipped tar archive of policies and data, which real OPA loads. Folders are read with all below them;
with -b they are read as bundles, with their manifest.

    $ rw build -b policies/ -o bundle.tar.gz
    $ rw build -b policies/ --target wasm --entrypoint authz/allow

Targets:

    rego    policies and data as they are
    wasm    the same, and a WebAssembly module that decides the entrypoints
    plan    the same, and the intermediate representation of the entrypoints

Entrypoints are named by -e, or by 'entrypoint: true' in the METADATA of rules and packages. Modules and plans are always compiled
with every optimisation. Where OPA evaluates the entrypoints beforehand and adds what is left of them as further policies
(-O 1, -O 2), the policies stay as they are written here: every decision is the same.

A signed bundle is verified with --verification-key before it is built anew, and signed again with --signing-key:

    $ rw build -b signed.tar.gz --verification-key public.pem --signing-key private.pem
`,
  flags: [
    bundleFlag,
    capabilitiesFlag,
    ignoreFlag,
    v0Flag,
    v1Flag,
    claimsFlag,
    { name: "debug", kind: "boolean", help: "accepted for scripts written for OPA" },
    { name: "exclude-files-verify", kind: "list", help: "set file names to exclude during bundle verification" },
    {
      name: "format",
      kind: "string",
      choices: ["json", "proto"],
      default: "json",
      help: "set the plan output format (only applies when --target=plan); proto is not supported",
    },
    {
      name: "partial-namespace",
      kind: "string",
      default: "partial",
      help: "accepted for scripts written for OPA: rules are not evaluated beforehand",
    },
    { name: "plan-addons", kind: "strings", help: "not supported: include optional extra data in the plan" },
    pluginFlag,
    {
      name: "verification-key",
      kind: "string",
      help: "set the secret (HMAC) or path of the PEM file containing the public key (RSA and ECDSA)",
    },
    {
      name: "verification-key-id",
      kind: "string",
      default: "default",
      help: "name assigned to the verification key used for bundle verification",
    },
    { name: "follow-symlinks", kind: "boolean", help: "accepted for scripts written for OPA: links are followed" },
    { name: "wasm-include-print", kind: "boolean", help: "enable print statements inside of WebAssembly modules" },
    { name: "entrypoint", short: "e", kind: "strings", help: "set slash separated entrypoint path" },
    {
      name: "optimize",
      short: "O",
      kind: "number",
      help: "accepted for scripts written for OPA: decisions are the same at each level, policies stay as they are written",
    },
    { name: "output", short: "o", kind: "string", default: "bundle.tar.gz", help: "set the output filename" },
    { name: "prune-unused", kind: "boolean", help: "exclude dependents of entrypoints" },
    { name: "revision", short: "r", kind: "string", help: "set output bundle revision" },
    { name: "scope", kind: "string", help: "scope to use for bundle signature verification" },
    algorithmFlag,
    keyFlag,
    {
      name: "target",
      short: "t",
      kind: "string",
      choices: ["rego", "wasm", "plan"],
      default: "rego",
      help: "set the output bundle target type",
    },
  ],
  run: async (call) => {
    if (call.positionals.length === 0) {
      call.io.err(usageError(build, "expected at least one path"));
      return 1;
    }
    const flags = checkFlags(call);
    if ("usage" in flags) {
      call.io.err(usageError(build, flags.usage));
      return 1;
    }
    const fault = "fault" in flags ? flags.fault : buildBundle(call, flags);
    // Faults come on standard output, as OPA has it.
    if (fault !== undefined) call.io.out(`error: ${fault.trimEnd()}\n`);
    return fault === undefined ? 0 : 1;
  },
};

/** Writes the bundle; the fault otherwise. */
function buildBundle(call: Invocation, flags: CheckFlags): string | undefined {
  const { io } = call;
  const signingKey = givenKey(call);
  const refused = flagsFault(call);
  if (refused !== undefined) return refused;
  for (const path of call.on("bundle") ? [] : call.positionals) {
    if (io.kind(join(path, ".manifest")) === undefined) continue;
    const name = JSON.stringify(path);
    io.err(`Warning: .manifest file found in ${name} but -b flag not specified. Manifest will be ignored.\n`);
  }
  // Built anew, a signed archive would lose its signature unchecked.
  const archiveFault = (archive: ArchivedFiles): string | undefined => verificationFault(archive, undefined);
  const sources = loadPositionals(call, { ...loadOptions(call), archiveFault });
  // What is wrong with an archive stands alone.
  const ofArchive = sources.faults.find(isOfArchive);
  if (ofArchive !== undefined) return `load error: ${ofArchive}`;
  if (sources.faults.length > 0) return `load error: ${errorText(faultItems(sources.faults), true)}`;
  if (sources.bundleFault !== undefined) {
    const { message } = sources.bundleFault;
    return message.startsWith("bundle activation") ? mergeFault(sources) : `load error: ${message}`;
  }
  const verification = verificationOf(call);
  for (const bundle of sources.bundles) {
    const unverified = verificationFault(bundle, verification);
    if (unverified !== undefined) return `load error: bundle ${bundle.name}: ${unverified}`;
  }
  const { modules } = sources;
  const target = call.flag("target");
  const printing = target !== "wasm" || call.on("wasm-include-print");
  const checked = checkModules(modules, { printing, annotations: "untyped", maxErrors: 10, builtins: flags.builtins });
  const wrong = errorItems(checked.diagnostics, modules);
  const unread = unreadMetadata(checked.diagnostics);
  if (unread.length > 0) return `load error: ${errorText(errorItems(unread, modules), true)}`;
  if (wrong.length > 0) return errorText(wrong);
  const annotations = checked.compilation.annotations.all;
  const marked = annotations.filter((one) => one.entrypoint).flatMap((one) => entrypointOf(one) ?? []);
  const named = [...new Set([...call.all("entrypoint").map((one) => one.replace(/^\//u, "")), ...marked])];
  const isOptimized = (call.number("optimize") ?? 0) > 0;
  if (isOptimized && named.length === 0) return "bundle optimizations require at least one entrypoint";
  const undecided = isOptimized ? named.find((one) => !exists(checked, one)) : undefined;
  if (undecided !== undefined) return `undefined entrypoint data.${undecided.replaceAll("/", ".")}`;
  const files: ArchiveFile[] = [file("/data.json", `${sources.data.sorted}\n`)];
  for (const module of sources.modules) {
    const written = formatted(module, call.given("capabilities"));
    if ("refused" in written) return errorText(errorItems(written.diagnostics, [written.refused]));
    files.push(file(bundlePath(module), written.text));
  }
  const manifest = manifestOf(call, sources);
  if (target !== "rego") {
    if (named.length === 0) return `${target} compilation requires at least one entrypoint`;
    const unknown = named.find((one) => !exists(checked, one));
    if (unknown !== undefined) return `entrypoint ${JSON.stringify(unknown)} does not refer to a rule or policy decision`;
    const fault = entrypointFault(checked, named);
    if (fault !== undefined) return fault;
    const entrypoints = [...named, ...dependentsOf(checked, named)];
    const compiled = compile(checked, { entrypoints, build: "portable" });
    if (compiled.module === undefined) return errorText(errorItems(compiled.diagnostics, modules));
    if (target === "wasm") {
      files.push({ name: "/policy.wasm", bytes: compiled.module.bytes });
      manifest.set("wasm", toJson(entrypoints.map((one) => wasmEntry(one, annotations))));
    } else files.push(file("/plan.json", `${JSON.stringify(planToJson(compiled.plan, (name) => declOf(checked, name)))}\n`));
  }
  const written = file("/.manifest", `${compactJson(ordered(manifest))}\n`);
  const long = [...files, written].find(({ name }) => !fitsArchive(name));
  if (long !== undefined) return `the name ${long.name} is too long for an archive`;
  if (signingKey !== undefined) {
    const signature = signed(call, signingKey, [...files, written]);
    if ("fault" in signature) return signature.fault;
    files.push(signature.file);
  }
  files.push(written);
  // The level that most take by default needs twice the time for 1 % less, the best one ten times for 4 %.
  const bytes = gzipSync(writeTar(files), { level: 5 });
  const output = call.flag("output")!;
  try {
    io.writeFile(output, bytes);
  } catch (error) {
    return systemFault(error, output) ?? `open ${output}: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (io.terminal) {
    const digest = createHash("sha256").update(bytes).digest("hex");
    io.out(`${output}: ${files.length} files, ${bytes.length} bytes, sha256 ${digest}\n`);
  }
  return undefined;
}

/** What the flags ask for that cannot be had. */
function flagsFault(call: Invocation): string | undefined {
  const [signingKey, target] = [givenKey(call), call.flag("target")];
  if (signingKey === undefined && (call.given("claims-file") || call.given("signing-plugin"))) return keyMissing;
  if ((signingKey !== undefined || call.given("verification-key")) && !call.on("bundle"))
    return "enable bundle mode (ie. --bundle) to verify or sign bundle files or directories";
  const unsigned = signingFault(call);
  if (unsigned !== undefined) return unsigned;
  const addon = call.all("plan-addons").find((name) => name !== unplannedRules);
  if (addon !== undefined) return `unsupported plan addon ${JSON.stringify(addon)} (want one of [${unplannedRules}])`;
  if (call.flag("format") === "proto" && target !== "plan") return `plan format "proto" is only valid with target "plan"`;
  if (target !== "plan") return undefined;
  if (call.flag("format") === "proto")
    return "plans in protobuf are not supported: leave --format away for JSON, or build with opa";
  if (call.given("plan-addons")) return `the plan addon ${unplannedRules} is not supported: leave it away, or build with opa`;
  return undefined;
}

/** The one addon that OPA knows. */
const unplannedRules = "unplanned_rules";

function isOfArchive(fault: LoadFault): boolean {
  return typeof fault === "string" && /^bundle .+\.tar\.gz: /u.test(fault);
}

function verificationOf(call: Invocation): VerificationOptions | undefined {
  const given = call.flag("verification-key");
  if (given === undefined) return undefined;
  return {
    key: keyText(call, given),
    algorithm: call.flag("signing-alg")!,
    scope: call.flag("scope") ?? "",
    exclude: call.all("exclude-files-verify"),
  };
}

/** OPA formats the policies of a bundle; those that import `rego.v1` stay valid in v0 and in v1. */
function formatted(source: ParsedModule, isLanguageNamed: boolean): Fmt {
  const { file: path, text, module } = source;
  const { version, imports } = module;
  const dialects = imports.flatMap(({ path: target }) => (target.kind === "ref" ? printRef(target.parts) : []));
  // Only an import raises a dialect: without one, the policy was read as v1 from its start.
  if (version === "v1" && !isLanguageNamed && !dialects.some((name) => name.startsWith("rego.")))
    return formatParsed(source, { from: version });
  const isBoth = version === "v0" && dialects.includes("rego.v1");
  return formatPolicy(text, { file: path, from: version, version, ...(isBoth ? { upTo: "v1" } : {}) });
}

function bundlePath(module: ParsedModule): string {
  return `/${module.file.replace(/^(?:\.{0,2}\/)+/u, "")}`;
}

function file(name: string, text: string): ArchiveFile {
  return { name, bytes: encoder.encode(text) };
}

/** The type of a builtin as capabilities have it. */
function declOf(checked: Checked, name: string): unknown {
  const row = checked.builtins.get(name);
  return row === undefined ? undefined : sortedKeys(typeToJson(functionType(row)));
}

function mergeFault({ bundles }: Sources): string {
  const [a, b] = bundles;
  return `bundle merge failed: manifest has overlapped roots: '${a?.roots[0] ?? ""}' and '${b?.roots[0] ?? ""}'`;
}

/** The manifests of the bundles in one; flags count for more. */
function manifestOf(call: Invocation, { bundles, modules }: Sources): Map<string, Json> {
  const found = bundles.flatMap(({ manifest }) => (manifest === undefined ? [] : [manifest]));
  const [first] = found;
  const roots = bundles.flatMap((bundle) => bundle.roots);
  const manifest = new Map<string, Json>([
    ["revision", call.flag("revision") ?? (found.length === 1 ? toJson(first?.["revision"] ?? "") : "")],
    ["roots", roots.length === 0 ? [""] : [...roots]],
    ["rego_version", toJson(call.on("v0-compatible") ? 0 : 1)],
  ]);
  const configured = call.on("bundle") ? [] : configuredVersions(call, modules);
  if (configured.length > 0) manifest.set("file_rego_versions", new Map(configured));
  for (const one of found)
    for (const name of ["rego_version", "file_rego_versions", "metadata"])
      if (one[name] !== undefined) manifest.set(name, toJson(one[name]));
  return manifest;
}

/** The policies that `rw.conf` gives another dialect than the bundle has. */
function configuredVersions(call: Invocation, modules: readonly ParsedModule[]): readonly (readonly [string, Json])[] {
  const dialectOf = configuredDialects(call.io);
  const whole = call.on("v0-compatible") ? "v0" : "v1";
  return modules.flatMap((module) => {
    const own = dialectOf(module.file);
    return own === undefined || own === whole ? [] : [[bundlePath(module), toJson(own === "v0" ? 0 : 1)] as const];
  });
}

/** In the order in which OPA writes the members. */
function ordered(manifest: ReadonlyMap<string, Json>): Json {
  const names = ["revision", "roots", "wasm", "rego_version", "file_rego_versions", "metadata"];
  return new Map(names.flatMap((name) => (manifest.has(name) ? [[name, manifest.get(name)!] as const] : [])));
}

/** The rules that need an entrypoint, or one that does: OPA decides them in the module too. */
function dependentsOf({ graph, rules }: Checked, entrypoints: readonly string[]): readonly string[] {
  const place = { start: 0, end: 0 };
  const refs = entrypoints.map((one): readonly Term[] => [
    { kind: "var", ...place, name: "data" },
    ...one.split("/").map((value): Term => ({ kind: "string", ...place, value })),
  ]);
  const seen = new Set(refs.flatMap((parts) => [...rules.rulesFor(parts)]));
  const found = new Set<string>();
  for (const unit of seen) {
    for (const user of graph?.dependents(unit) ?? []) {
      seen.add(user);
      const path = pathOf(groundPrefix(rulePath(user).parts).slice(1));
      if (path !== undefined && user.head.args === undefined && !entrypoints.includes(path)) found.add(path);
    }
  }
  return [...found].sort();
}

function wasmEntry(entrypoint: string, all: readonly Annotations[]): object {
  const own = all
    .filter((one) => one.target?.kind === "rule" && entrypointOf(one) === entrypoint)
    .map((one) => annotationJson(one));
  return { entrypoint, module: "/policy.wasm", ...(own.length === 0 ? {} : { annotations: own }) };
}

/** `a/b` for the rule or package that an annotation stands above. */
function entrypointOf({ target }: Annotations): string | undefined {
  if (target === undefined || target.kind === "import") return undefined;
  return pathOf(target.kind === "package" ? target.package.path : rulePath(target.unit).parts.slice(1));
}

function pathOf(parts: readonly Term[]): string | undefined {
  const names = parts.map((part) => (part.kind === "string" ? part.value : undefined));
  return names.every((name) => name !== undefined) ? names.join("/") : undefined;
}

/** What is wrong with what the entrypoints ask for: OPA reads them as queries that stand in no text. */
function entrypointFault(checked: Checked, entrypoints: readonly string[]): string | undefined {
  for (const one of entrypoints) {
    const text = printRef(dataRef(one.split("/")).parts);
    const { diagnostics } = checkQuery(checked, parseQuery(text, { file: "" }));
    const items = errorItems(diagnostics, [{ file: "", text }]);
    if (items.length > 0) return errorText(items.map(({ location: _, ...item }) => item));
  }
  return undefined;
}

/** True for paths of rules and of packages, and for what lies below a rule. */
function exists(checked: Checked, entrypoint: string): boolean {
  const wanted = entrypoint.split("/");
  return checked.modules.some(({ source }) => {
    const path = (source.package?.path ?? []).map(({ value }) => value);
    const fits = (parts: readonly (string | undefined)[]): boolean =>
      wanted.every((name, at) => at >= parts.length || parts[at] === undefined || parts[at] === name);
    if (wanted.length <= path.length) return fits(path);
    return source.rules.some(({ head: { reference } }) => {
      const parts = reference.kind === "var" ? [reference] : reference.parts;
      const names = parts.map((part, at) =>
        part.kind === "string" ? part.value : at === 0 && part.kind === "var" ? part.name : undefined,
      );
      return fits([...path, ...names]);
    });
  });
}

/** The signatures file, over policies, data and the rest in OPA's order. */
function signed(call: Invocation, signingKey: string, files: readonly ArchiveFile[]): ReturnType<typeof signatureFile> {
  const options = signingOptions(call, signingKey, new Map([["keyid", call.flag("verification-key-id")!]]));
  if ("fault" in options) return options;
  const policies = files.filter(({ name }) => name.endsWith(".rego"));
  return signatureFile([...policies, ...files.filter((one) => !policies.includes(one))], {
    ...options,
    plugin: "_default",
  });
}

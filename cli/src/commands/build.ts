// `rw build`: a bundle of policies and data; with `--target wasm` the compiled module too, with `--target plan` its plan.

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { checkModules } from "#analysis/rego/check.ts";
import type { Checked } from "#analysis/rego/checked.ts";
import { type Fmt, formatParsed, formatPolicy } from "#analysis/rego/fmt.ts";
import { functionType } from "#analysis/rego/types/details.ts";
import { typeToJson } from "#analysis/rego/types/print.ts";
import { byUtf8, type Json, toJson } from "#bundles/canonical-json.ts";
import { type ArchiveFile, fitsArchive, writeTar } from "#bundles/tar.ts";
import { compile } from "#compiler/compile.ts";
import { planToJson } from "#compiler/plan/plan-json.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import {
  dependentsOf,
  entrypointsOf,
  optimizationFault,
  targetFault,
  undefinedEntrypoint,
  wasmEntry,
} from "../bundle-build/entrypoints.ts";
import { bundlePath, manifestOf, ordered } from "../bundle-build/manifest.ts";
import { optimisedPolicies } from "../bundle-build/optimised.ts";
import { loadForBuild } from "../bundle-build/sources.ts";
import { signatureFile } from "../bundle-sign.ts";
import { sortedKeys } from "../capabilities-json.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { errorItems, errorText, unreadMetadata } from "../errors.ts";
import { systemFault } from "../io.ts";
import { compactJson } from "../json-text.ts";
import {
  bundleFlag,
  type CheckFlags,
  capabilitiesFlag,
  checkFlags,
  ignoreFlag,
  type Sources,
  v0Flag,
  v1Flag,
} from "../load-flags.ts";
import { redeclaredIn } from "../metadata-faults.ts";
import {
  algorithmFlag,
  claimsFlag,
  givenKey,
  keyFlag,
  keyMissing,
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
with every optimisation.

With -O 1 or -O 2 the rules that entrypoints lead to are written anew below /optimized, as in OPA: rules that depend on no input have
their value, small values stand in the place of refs, conditions that always hold and rules that never do are gone. Base documents
below the roots of the bundle are taken as they are. Every decision of an entrypoint stays the same.

    $ rw build -b policies/ -O 1 -e authz/allow

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
      help: "a root that the manifest of an optimized bundle has, as in OPA",
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
      help: "set optimization level: 1 and more evaluate beforehand what needs no input",
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
    const fault = "fault" in flags ? flags.fault : buildBundle(call, flags);
    // Faults come on standard output, as OPA has it.
    if (fault !== undefined) call.io.out(`error: ${fault.trimEnd()}\n`);
    return fault === undefined ? 0 : 1;
  },
};

/** Writes the bundle; the fault otherwise. */
function buildBundle(call: Invocation, flags: CheckFlags): string | undefined {
  const refused = flagsFault(call);
  if (refused !== undefined) return refused;
  const sources = loadForBuild(call);
  if ("fault" in sources) return sources.fault;
  const checked = checkForBuild(call, flags, sources);
  if ("fault" in checked) return checked.fault;
  const entrypoints = entrypointsOf(call, checked);
  const optimised = optimisedOf(call, flags, { checked, entrypoints, sources });
  if ("fault" in optimised) return optimised.fault;
  const policies = policyFiles(call, optimised.modules);
  if ("fault" in policies) return policies.fault;
  const compiled = compiledFiles(call, checked, entrypoints);
  if ("fault" in compiled) return compiled.fault;
  const data = file("/data.json", `${sources.data.sorted}\n`);
  const manifest = new Map([...manifestOf(call, sources), ...compiled.manifest]);
  const packed = pack(call, [data, ...policies.files, ...compiled.files], manifest);
  return "fault" in packed ? packed.fault : write(call, packed.files);
}

interface Fault {
  readonly fault: string;
}

function checkForBuild(call: Invocation, { builtins }: CheckFlags, { modules }: Sources): Checked | Fault {
  const printing = call.flag("target") !== "wasm" || call.on("wasm-include-print");
  const checked = checkModules(modules, { printing, annotations: "untyped", maxErrors: 10, builtins });
  const unread = unreadMetadata(checked.diagnostics);
  if (unread.length > 0) return { fault: `load error: ${errorText(errorItems(unread, modules), true)}` };
  // The annotations of a bundle are gathered before anything is compiled.
  const redeclared = checked.complete ? [] : redeclaredIn(modules);
  const wrong = errorItems(redeclared.length > 0 ? redeclared : checked.diagnostics, modules);
  return wrong.length > 0 ? { fault: errorText(wrong) } : checked;
}

/** The policies in their order, optimised where that was asked for. */
function optimisedOf(
  call: Invocation,
  { builtins }: CheckFlags,
  {
    checked,
    entrypoints,
    sources,
  }: { readonly checked: Checked; readonly entrypoints: readonly string[]; readonly sources: Sources },
): { readonly modules: readonly ParsedModule[] } | Fault {
  const modules = inOrder(call, sources);
  if ((call.number("optimize") ?? 0) <= 0) return { modules };
  const fault = optimizationFault(checked, entrypoints);
  if (fault !== undefined) return { fault };
  const roots = sources.bundles.flatMap((bundle) => bundle.roots);
  const optimised = optimisedPolicies(checked, {
    modules,
    entrypoints,
    roots: roots.length === 0 ? [""] : roots,
    data: sources.data.json,
    options: { printing: true, builtins },
  });
  const [undecided] = optimised.undecided;
  if (undecided !== undefined) return { fault: undefinedEntrypoint(undecided) };
  return { modules: optimised.modules.toSorted((a, b) => byUtf8(bundlePath(a), bundlePath(b))) };
}

function policyFiles(call: Invocation, modules: readonly ParsedModule[]): { readonly files: readonly ArchiveFile[] } | Fault {
  const files: ArchiveFile[] = [];
  for (const module of modules) {
    const written = formatted(module, call.given("capabilities"));
    if ("refused" in written) return { fault: errorText(errorItems(written.diagnostics, [written.refused])) };
    files.push(file(bundlePath(module), written.text));
  }
  return { files };
}

/** By their paths, as OPA's loader has them; those of bundles by the bundles' names. */
function inOrder(call: Invocation, { modules, bundles }: Sources): readonly ParsedModule[] {
  return call.on("bundle")
    ? [...bundles].sort((a, b) => byUtf8(a.name, b.name)).flatMap((bundle) => bundle.modules)
    : [...modules].sort((a, b) => byUtf8(bundlePath(a), bundlePath(b)));
}

interface CompiledFiles {
  readonly files: readonly ArchiveFile[];
  /** What the manifest says of them. */
  readonly manifest: ReadonlyMap<string, Json>;
}

/** The compiled policies of the target that was asked for. */
function compiledFiles(call: Invocation, checked: Checked, named: readonly string[]): CompiledFiles | Fault {
  const target = call.flag("target")!;
  if (target === "rego") return { files: [], manifest: new Map() };
  const fault = targetFault(checked, named, target);
  if (fault !== undefined) return { fault };
  const entrypoints = [...named, ...dependentsOf(checked, named)];
  const { plan, module, diagnostics } = compile(checked, { entrypoints, build: "portable" });
  if (module === undefined)
    return {
      fault: errorText(
        errorItems(
          diagnostics,
          checked.modules.map(({ file, text }) => ({ file, text })),
        ),
      ),
    };
  if (target === "plan") {
    const json = planToJson(plan, (name) => declOf(checked, name));
    return { files: [file("/plan.json", `${JSON.stringify(json)}\n`)], manifest: new Map() };
  }
  const annotations = checked.compilation.annotations.all;
  return {
    files: [{ name: "/policy.wasm", bytes: module.bytes }],
    manifest: new Map([["wasm", toJson(entrypoints.map((one) => wasmEntry(one, annotations)))]]),
  };
}

/** All files of the bundle, with its signature and manifest. */
function pack(
  call: Invocation,
  files: readonly ArchiveFile[],
  manifest: ReadonlyMap<string, Json>,
): { readonly files: readonly ArchiveFile[] } | Fault {
  const written = file("/.manifest", `${compactJson(ordered(manifest))}\n`);
  const all = [...files, written];
  const long = all.find(({ name }) => !fitsArchive(name));
  if (long !== undefined) return { fault: `the name ${long.name} is too long for an archive` };
  const signingKey = givenKey(call);
  if (signingKey === undefined) return { files: all };
  const signature = signed(call, signingKey, all);
  return "fault" in signature ? signature : { files: [...files, signature.file, written] };
}

/** Writes the archive; the fault otherwise. */
function write({ io, ...call }: Invocation, files: readonly ArchiveFile[]): string | undefined {
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

function file(name: string, text: string): ArchiveFile {
  return { name, bytes: encoder.encode(text) };
}

/** The type of a builtin as capabilities have it. */
function declOf(checked: Checked, name: string): unknown {
  const row = checked.builtins.get(name);
  return row === undefined ? undefined : sortedKeys(typeToJson(functionType(row)));
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

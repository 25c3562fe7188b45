// `rw build`: a bundle of policies and data; with `--target wasm` the compiled module too, with `--target plan` its plan.
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { checkModules } from "#analysis/rego/check.ts";
import { canonicalJson, type Json, readJson, toJson } from "#bundles/canonical-json.ts";
import { type ArchiveFile, writeTar } from "#bundles/tar.ts";
import { compile } from "#compiler/compile.ts";
import { relative, resolve } from "#workspace/paths.ts";
import type { Command } from "../command.ts";
import { errorItems, errorText, isLoading } from "../errors.ts";
import { ignoreFlag, loadPositionals, v0Flag } from "../load-flags.ts";

const encoder = new TextEncoder();

export const build: Command = {
  name: "build",
  usage: "build <path> [path...] [flags]",
  summary: "Build a bundle",
  flags: [
    { name: "bundle", short: "b", kind: "boolean", help: "read paths as bundles: only .rego, data.json, data.yaml" },
    {
      name: "output",
      short: "o",
      kind: "string",
      placeholder: "path",
      default: "bundle.tar.gz",
      help: "the file that is written",
    },
    {
      name: "entrypoint",
      short: "e",
      kind: "strings",
      placeholder: "pkg/rule",
      help: "entrypoint; needed for the targets wasm and plan",
    },
    {
      name: "target",
      short: "t",
      kind: "string",
      choices: ["rego", "wasm", "plan"],
      default: "rego",
      help: "what the bundle holds",
    },
    { name: "revision", short: "r", kind: "string", default: "", help: "revision in the manifest" },
    ignoreFlag,
    v0Flag,
  ],
  run: async (call) => {
    const { io } = call;
    const fail = (message: string): number => {
      io.err(`error: ${message}\n`);
      return 1;
    };
    if (call.positionals.length === 0) return fail("at least one path is needed: rw build <path>");
    const loaded = loadPositionals(call, call.positionals);
    if (loaded.faults[0] !== undefined) return fail(loaded.faults[0]);
    const syntax = loaded.modules.flatMap((module) => module.diagnostics);
    const checked = checkModules(loaded.modules, { printing: true });
    const faults = syntax.length > 0 ? syntax : checked.diagnostics.filter((one) => one.severity === "error");
    if (faults.length > 0) {
      io.err(errorText(errorItems(faults, loaded.modules, 10), isLoading(faults)));
      return 1;
    }
    const target = call.flag("target");
    const entrypoints = call.all("entrypoint");
    if (target !== "rego" && entrypoints.length === 0) return fail(`the target ${target} needs an entrypoint: -e pkg/rule`);
    const data = readJson(loaded.data);
    const manifest = new Map<string, Json>([
      ["revision", call.flag("revision") ?? ""],
      ["roots", [""]],
      ["rego_version", toJson(call.on("v0-compatible") ? 0 : 1)],
    ]);
    const root = resolve(io.cwd.replaceAll("\\", "/"), call.positionals[0]!);
    const files: ArchiveFile[] = [
      { name: "/data.json", bytes: encoder.encode("value" in data ? canonicalJson(data.value) : "{}") },
    ];
    for (const { file, text } of loaded.modules)
      files.push({ name: `/${nameBelow(root, resolve(io.cwd.replaceAll("\\", "/"), file))}`, bytes: encoder.encode(text) });
    if (target !== "rego") {
      const compiled = compile(checked, { entrypoints, build: "portable" });
      if (compiled.module === undefined) {
        io.err(errorText(errorItems(compiled.diagnostics, loaded.modules)));
        return 1;
      }
      if (target === "wasm") {
        files.push({ name: "/policy.wasm", bytes: compiled.module.bytes });
        manifest.set(
          "wasm",
          entrypoints.map((entrypoint) => toJson({ entrypoint, module: "/policy.wasm" })),
        );
      } else
        files.push({
          name: "/plan.json",
          bytes: encoder.encode(
            JSON.stringify(compiled.plan, (_key, value: unknown) => (typeof value === "bigint" ? Number(value) : value)),
          ),
        });
    }
    files.push({ name: "/.manifest", bytes: encoder.encode(canonicalJson(manifest)) });
    const bytes = gzipSync(writeTar(files), { level: 9 });
    const output = call.flag("output") ?? "bundle.tar.gz";
    try {
      io.writeFile(output, bytes);
    } catch (error) {
      return fail(`${output} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (io.terminal)
      io.out(
        `${output}: ${files.length} files, ${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex")}\n`,
      );
    return 0;
  },
};

function nameBelow(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? relative(root, path) : path.replace(/^.*\//, "");
}

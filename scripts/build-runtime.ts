// Compiles compiler/runtime (AssemblyScript) to the Wasm module that policies are linked with, as a TypeScript file.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const sources = join(root, "compiler/runtime");
const target = join(root, "compiler/src/wasm/runtime.generated.ts");

/** Flags: raw memory only, nothing that would start a second heap or import more than OPA's hosts give. */
const FLAGS = [
  "--runtime",
  "stub",
  "--importMemory",
  "--noExportMemory",
  "--initialMemory",
  "2",
  "--zeroFilledMemory",
  // Addresses of static data that no ordinary constant looks like: the linker finds what is used by them.
  "--memoryBase",
  "66048",
  "--noAssert",
  "--debug",
  "--use",
  "abort=",
];

function listSources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((e) =>
      e.isDirectory()
        ? listSources(join(folder, e.name))
        : e.name.endsWith(".ts") && !e.name.endsWith(".test.ts")
          ? [join(folder, e.name)]
          : [],
    )
    .sort();
}

/** Builds the runtime unless the generated file was made from the same sources by the same compiler. */
export async function buildRuntime(): Promise<void> {
  const files = listSources(sources);
  const hash = createHash("sha256")
    .update(asc.version)
    .update(FLAGS.join(" "))
    .update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of files) hash.update(relative(sources, file)).update("\0").update(readFileSync(file));
  const stamp = `// Built by scripts/build-runtime.ts; sources ${hash.digest("hex").slice(0, 32)}.\n`;
  if (existsSync(target) && readFileSync(target, "utf8").startsWith(stamp)) return;

  // Builtin families are entries of their own: what they export is exported by the module, without a list.
  const families = files.filter((f) => relative(sources, f).startsWith("builtins/"));
  const entries = [join(sources, "index.ts"), ...families].map((f) => relative(root, f));
  const built = await compile(entries, ["-O2"]);
  verify(built);
  const base64 = Buffer.from(built).toString("base64");
  const lines = base64.match(/.{1,160}/g) ?? [];
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${stamp}export const RUNTIME_BASE64 =\n${lines.map((l) => `  "${l}"`).join(" +\n")};\n`);
}

async function compile(entries: readonly string[], flags: readonly string[]): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const result = await asc.main([...entries, "--outFile", "runtime.wasm", "--baseDir", root, ...FLAGS, ...flags], {
    writeFile(name: string, contents: string | Uint8Array) {
      if (name.endsWith(".wasm") && typeof contents !== "string") binary = contents;
    },
  });
  if (result.error !== null || binary === undefined) {
    throw new Error(`compiler/runtime does not compile:\n${result.stderr.toString()}${result.error?.message ?? ""}`);
  }
  return binary;
}

/** A runtime that allocates by AssemblyScript's own heap would write over the policy's constants. */
function verify(binary: Uint8Array): void {
  const module = new WebAssembly.Module(binary as Uint8Array<ArrayBuffer>);
  const text = new TextDecoder("latin1").decode(binary);
  for (const forbidden of ["~lib/rt/", "~lib/string/", "~lib/array/", "~start"]) {
    if (text.includes(forbidden))
      throw new Error(`compiler/runtime brings in ${forbidden}: keep it on raw memory (see compiler/runtime/value.ts)`);
  }
  const allowed = new Set([
    "memory",
    "opa_abort",
    "opa_builtin0",
    "opa_builtin1",
    "opa_builtin2",
    "opa_builtin3",
    "opa_builtin4",
    "rw_mark",
  ]);
  for (const i of WebAssembly.Module.imports(module)) {
    if (i.module !== "env" || !allowed.has(i.name))
      throw new Error(`compiler/runtime imports ${i.module}.${i.name}, which no OPA host gives`);
  }
}

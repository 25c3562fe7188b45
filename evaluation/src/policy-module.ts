// Bytes as a WebAssembly module that our compiler may have made, or why they are none.
import { EXPORTED_RUNTIME_FUNCTIONS } from "#compiler/wasm/abi.ts";
import { crashText } from "./crash-text.ts";

/** Bytes that our compiler did not make. */
export class ForeignModule extends Error {}

const importNames: ReadonlySet<string> = new Set([
  "memory",
  "opa_abort",
  "rw_mark",
  ...[0, 1, 2, 3, 4].map((count) => `opa_builtin${count}`),
]);

/** Compiles synchronously; throws ForeignModule for bytes that are no policy module of ours. */
export function policyModule(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  let compiled: WebAssembly.Module;
  try {
    compiled = new WebAssembly.Module(bytes);
  } catch (error) {
    throw new ForeignModule(`this is no WebAssembly module: ${crashText(error)}`);
  }
  const names = new Set(WebAssembly.Module.exports(compiled).map(({ name }) => name));
  const missing = ["opa_eval", ...EXPORTED_RUNTIME_FUNCTIONS].find((name) => !names.has(name));
  if (missing !== undefined) throw new ForeignModule(`this WebAssembly module is no policy: it does not export ${missing}`);
  const asked = WebAssembly.Module.imports(compiled).find((one) => one.module !== "env" || !importNames.has(one.name));
  if (asked !== undefined)
    throw new ForeignModule(`this WebAssembly module is no policy: it imports ${asked.module}.${asked.name}`);
  return compiled;
}

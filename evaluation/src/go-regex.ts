// Go's regular expressions for host builtins: the engine of the Wasm runtime, loaded once through a policy of two lines.
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { FORMAT_JSON, type ModuleExports } from "#compiler/wasm/abi.ts";
import { parseModule } from "#grammars/rego/parse.ts";

const policy = `package regexes

match := regex.match(input[0], input[1])

valid := regex.is_valid(input)
`;

type Question = "match" | "valid";

let ask: ((question: Question, input: unknown) => boolean) | undefined;

/** Whether the pattern is found in the text; false for a pattern that Go refuses. */
export function matchesGoRegex(pattern: string, text: string): boolean {
  ask ??= load();
  return ask("match", [clean(pattern), clean(text)]);
}

export function isGoRegex(pattern: string): boolean {
  ask ??= load();
  return ask("valid", clean(pattern));
}

/** Bytes that are no text cannot travel as JSON. */
function clean(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

function load(): (question: Question, input: unknown) => boolean {
  const checked = checkModules([parseModule(policy, { file: "regexes.rego" })]);
  const { module } = compile(checked, { entrypoints: ["regexes/match", "regexes/valid"], build: "portable" });
  if (module === undefined) throw new Error("the policy about regular expressions does not compile");
  const memory = new WebAssembly.Memory({ initial: 2 });
  const stop = (): never => {
    throw new Error("a regular expression stopped the runtime");
  };
  const env = { memory, opa_abort: stop, opa_builtin0: stop, opa_builtin1: stop, opa_builtin2: stop, opa_builtin3: stop };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes), { env: { ...env, opa_builtin4: stop } });
  const exports = instance.exports as unknown as ModuleExports;
  const base = exports.opa_heap_ptr_get();
  return (question, input) => {
    const bytes = new TextEncoder().encode(JSON.stringify(input));
    const missing = base + bytes.length - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
    new Uint8Array(memory.buffer).set(bytes, base);
    const entrypoint = module.entrypoints[`regexes/${question}`]!;
    const address = exports.opa_eval(0, entrypoint, 0, base, bytes.length, base + bytes.length, FORMAT_JSON);
    const text = new TextDecoder().decode(new Uint8Array(memory.buffer, address, exports.rw_dump_length()));
    return text.includes("true");
  };
}

// Portable modules as hosts meet them: their size, and the way from fresh bytes to a first decision.
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { alternate } from "./measure.ts";
import { printRow, type Row } from "./report.ts";

export interface Portable {
  readonly name: string;
  readonly ours: Uint8Array;
  /** Undefined where OPA is not installed. */
  readonly theirs: Uint8Array | undefined;
  readonly entrypoint: string;
  readonly data: string;
  readonly input: string;
  /** The ratio of the sizes to reach. */
  readonly size: number;
  readonly rounds: number;
}

const bytesOf = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;

export async function portableRows({ name, ours, theirs, entrypoint, data, input, size, rounds }: Portable): Promise<void> {
  const beside = (value: number | undefined): Pick<Row, "reference"> =>
    value === undefined ? {} : { reference: { name: "OPA Wasm", value } };
  printRow({ operation: `${name} module size`, unit: "bytes", ours: ours.length, ...beside(theirs?.length), goal: size });
  const load = (bytes: Uint8Array) => async (): Promise<void> => {
    const policy = await loadPolicy(fresh(bytes).buffer);
    policy.setData(bytesOf(data));
    policy.evaluate(bytesOf(input), entrypoint);
  };
  const [mine, other] = await alternate([ours, ...(theirs === undefined ? [] : [theirs])].map(load), rounds);
  printRow({ operation: `${name} load module, first decision`, ours: mine!, ...beside(other), goal: 0.6 });
}

let number = 0;
/** The module with a custom section of its own, since V8 keeps compiled modules by their bytes. */
function fresh(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(`fresh ${number++}`);
  const section = Uint8Array.of(0, name.length + 1, name.length, ...name);
  const all = new Uint8Array(bytes.length + section.length);
  all.set(bytes);
  all.set(section, bytes.length);
  return all;
}

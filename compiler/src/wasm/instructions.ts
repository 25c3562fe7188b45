// The WebAssembly instructions that generated code uses, and the walk over a compiled body that finds its references.
import { ByteReader } from "./bytes.ts";

export const op = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Load: 0x28,
  i64Load: 0x29,
  i32Store: 0x36,
  i64Store: 0x37,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32Ne: 0x47,
  i32LtS: 0x48,
  i32LtU: 0x49,
  i32GtS: 0x4a,
  i32LeS: 0x4c,
  i32GeS: 0x4e,
  i64Eqz: 0x50,
  i64Eq: 0x51,
  i64Ne: 0x52,
  i64LtS: 0x53,
  i64GtS: 0x55,
  i64LeS: 0x57,
  i64GeS: 0x59,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32And: 0x71,
  i32Or: 0x72,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64And: 0x83,
  i64Or: 0x84,
  i64Xor: 0x85,
  i64Shl: 0x86,
  i64ShrU: 0x88,
  i32WrapI64: 0xa7,
  i64ExtendI32U: 0xad,
} as const;

export const I32 = 0x7f;
export const I64 = 0x7e;
/** Block type without parameters and results. */
export const EMPTY = 0x40;

/** A call in a body: where its index is written, in how many bytes, and whom it calls. */
export interface CallSite {
  readonly at: number;
  readonly width: number;
  readonly target: number;
}

export interface References {
  readonly calls: readonly CallSite[];
  /** Every i32 constant and memory offset: what may be the address of static data. */
  readonly addresses: readonly number[];
}

// What follows an instruction, beyond what `findReferences` reads of it.
const NONE = 0;
const INTEGER = 1;
const TWO_INTEGERS = 2;
const MEMORY = 3;
const ADDRESS = 4;
const CALL = 5;
const OTHER = 6;

/** By instruction. */
const immediates = new Uint8Array(256);
for (const code of [op.block, op.loop, op.if, op.br, op.brIf, op.localGet, op.localSet, op.localTee, op.globalGet, op.globalSet])
  immediates[code] = INTEGER;
// `table.get`, `table.set`, `ref.null` among them.
for (const code of [op.memorySize, op.memoryGrow, op.i64Const, 0x25, 0x26, 0xd0]) immediates[code] = INTEGER;
immediates[op.callIndirect] = TWO_INTEGERS;
immediates.fill(MEMORY, 0x28, 0x3f);
immediates[op.i32Const] = ADDRESS;
immediates[op.call] = CALL;
// Lists of labels and types, floats, `ref.func`, bulk memory, vectors.
for (const code of [op.brTable, 0x1c, 0x43, 0x44, 0xd2, 0xfc, 0xfd]) immediates[code] = OTHER;

/** Walks a function body (locals and code) and collects what it refers to; most bytes are read without a call. */
export function findReferences(body: Uint8Array): References {
  const calls: CallSite[] = [];
  const addresses: number[] = [];
  const r = new ByteReader(body);
  for (let groups = r.unsigned(); groups > 0; groups--) {
    r.unsigned();
    r.byte();
  }
  let at = r.offset;
  while (at < body.length) {
    const code = body[at++]!;
    const kind = immediates[code]!;
    if (kind === NONE) continue;
    if (kind === INTEGER) {
      while (body[at++]! >= 0x80);
      continue;
    }
    r.offset = at;
    if (kind === CALL) {
      const target = r.unsigned();
      calls.push({ at, width: r.offset - at, target });
    } else if (kind === ADDRESS) {
      addresses.push(r.signed32() >>> 0);
    } else if (kind === MEMORY) {
      r.skipInteger();
      addresses.push(r.unsigned());
    } else if (kind === TWO_INTEGERS) {
      r.skipInteger();
      r.skipInteger();
    } else {
      skipImmediates(r, code);
    }
    at = r.offset;
  }
  return { calls, addresses };
}

function skipImmediates(r: ByteReader, code: number): void {
  switch (code) {
    case op.brTable:
      for (let n = r.unsigned() + 1; n > 0; n--) r.skipInteger();
      return;
    case 0x1c: // select with types
      for (let n = r.unsigned(); n > 0; n--) r.byte();
      return;
    case 0x43: // f32.const
      r.slice(4);
      return;
    case 0x44: // f64.const
      r.slice(8);
      return;
    case 0xd2: // ref.func
      throw new Error("runtime code takes the address of a function");
    case 0xfc:
      skipBulk(r);
      return;
    case 0xfd:
      throw new Error("runtime code uses vector instructions");
    default:
      return;
  }
}

// Saturating truncations have no immediates; bulk memory and table instructions have one or two.
function skipBulk(r: ByteReader): void {
  const sub = r.unsigned();
  if (sub <= 7) return;
  r.skipInteger();
  if (sub === 8 || sub === 10 || sub === 12 || sub === 14) r.skipInteger();
}

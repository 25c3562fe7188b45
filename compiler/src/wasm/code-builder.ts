// One function in the making: instructions, typed locals, and calls that are resolved when everything is linked.
import { ByteWriter } from "./bytes.ts";
import { EMPTY, I64, op } from "./instructions.ts";
import type { FunctionType } from "./runtime-module.ts";

/** A function in the index space before linking: the runtime's functions first, then the generated ones. */
export type FunctionSymbol = number;

export interface UnlinkedCall {
  readonly at: number;
  readonly symbol: FunctionSymbol;
}

export interface GeneratedFunction {
  readonly name: string;
  readonly type: FunctionType;
  /** Types of the locals behind the parameters. */
  readonly locals: readonly number[];
  readonly code: Uint8Array;
  readonly calls: readonly UnlinkedCall[];
  /** True when the same arguments and data may give something else: it asks the clock, chance or the network, or calls by a table. */
  readonly varies: boolean;
}

interface Region {
  readonly free: Map<number, number[]>;
  readonly used: { readonly local: number; readonly type: number }[];
}

export class CodeBuilder {
  readonly #out = new ByteWriter();
  readonly #calls: UnlinkedCall[] = [];
  readonly #locals: number[] = [];
  readonly #type: FunctionType;
  /** Locals of regions that are over, by type. */
  readonly #free = new Map<number, number[]>();
  #region: Region | undefined;
  /** See `GeneratedFunction`. */
  varies = false;
  /** Labels that are open; branches are given by the depth at which their target was opened. */
  depth = 0;

  constructor(type: FunctionType) {
    this.#type = type;
  }

  /** A new local, that of a region before while one is open; gives its index. */
  local(type: number = I64): number {
    const free = this.#region?.free.get(type)?.pop();
    const local = free ?? this.lasting(type);
    this.#region?.used.push({ local, type });
    return local;
  }

  /** A new local that no region shares. */
  lasting(type: number = I64): number {
    this.#locals.push(type);
    return this.#type.params.length + this.#locals.length - 1;
  }

  /** Code whose own locals others may use behind it. */
  region(write: () => void): void {
    const outer = this.#region;
    const region: Region = { free: this.#free, used: [] };
    this.#region = region;
    write();
    this.#region = outer;
    for (let i = region.used.length - 1; i >= 0; i--) {
      const { local, type } = region.used[i]!;
      const free = this.#free.get(type);
      if (free === undefined) this.#free.set(type, [local]);
      else free.push(local);
    }
  }

  /** One instruction, or bytes of a few. */
  op(first: number, second?: number, third?: number): void {
    this.#out.byte(first);
    if (second !== undefined) this.#out.byte(second);
    if (third !== undefined) this.#out.byte(third);
  }

  get(local: number): void {
    this.#out.indexed(op.localGet, local);
  }

  set(local: number): void {
    this.#out.indexed(op.localSet, local);
  }

  tee(local: number): void {
    this.#out.indexed(op.localTee, local);
  }

  globalGet(index: number): void {
    this.#out.indexed(op.globalGet, index);
  }

  globalSet(index: number): void {
    this.#out.indexed(op.globalSet, index);
  }

  i32(value: number): void {
    this.#out.byte(op.i32Const);
    this.#out.signed32(value);
  }

  i64(value: bigint): void {
    this.#out.byte(op.i64Const);
    this.#out.signed64(value);
  }

  call(symbol: FunctionSymbol): void {
    this.#out.byte(op.call);
    this.#calls.push({ at: this.#out.length, symbol });
  }

  callIndirect(type: number): void {
    this.varies = true;
    this.#out.indexed(op.callIndirect, type);
    this.#out.byte(0);
  }

  /** A load or store with its offset; `align` is the exponent of two. */
  memory(code: number, offset: number, align: number): void {
    this.#out.indexed(code, align);
    this.#out.unsigned(offset);
  }

  /** Opens a block, loop or if without result; gives the label to branch to. */
  open(code: number): number {
    this.#out.indexed(code, EMPTY);
    return ++this.depth;
  }

  close(): void {
    this.#out.byte(op.end);
    this.depth--;
  }

  /** Branches (`br` or `br_if`) to a label that `open` gave. */
  branch(code: number, label: number): void {
    this.#out.indexed(code, this.depth - label);
  }

  branchTable(labels: readonly number[], otherwise: number): void {
    this.#out.indexed(op.brTable, labels.length);
    for (const label of labels) this.#out.unsigned(this.depth - label);
    this.#out.unsigned(this.depth - otherwise);
  }

  /** Sets bytes to zero. */
  memoryZero(address: number, bytes: number): void {
    this.i32(address);
    this.i32(0);
    this.i32(bytes);
    this.op(0xfc, 0x0b, 0x00);
  }

  memoryInit(segment: number): void {
    this.op(0xfc, 0x08);
    this.#out.unsigned(segment);
    this.op(0x00, 0xfc, 0x09);
    this.#out.unsigned(segment);
  }

  finish(name: string): GeneratedFunction {
    this.#out.byte(op.end);
    const { varies } = this;
    return { name, type: this.#type, locals: this.#locals, code: this.#out.finish(), calls: this.#calls, varies };
  }
}

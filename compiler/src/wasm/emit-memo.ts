// Answers that are known already: the results of rules, of functions by argument, and of partial rules by key.
import type { Keyed, Once, Stmt } from "../plan/ir.ts";
import { MEMO_UNDEFINED } from "./constants.ts";
import type { FunctionWriter } from "./function-writer.ts";
import { op } from "./instructions.ts";

export function answerFromMemo(w: FunctionWriter, slot: number): void {
  loadSlot(w, slot);
  answerIfKnown(w, () => answerOfDocument(w));
}

/** As `answerFromMemo`, by arguments. */
export function recallDocument(w: FunctionWriter, slot: number, key: number, args: number): void {
  equalKey(w, key, args);
  loadRemembered(w, slot, key);
  answerIfKnown(w, () => answerOfDocument(w));
}

function answerOfDocument({ b, result }: FunctionWriter): void {
  b.get(result);
  b.i64(0n);
  b.get(result);
  b.i64(MEMO_UNDEFINED);
  b.op(op.i64Ne, op.select);
}

/** What is remembered of a rule. */
export function resultOrUndefined(w: FunctionWriter): void {
  const b = w.b;
  b.get(w.result);
  w.plain();
  b.i64(MEMO_UNDEFINED);
  b.get(w.result);
  b.op(op.i64Eqz, op.i32Eqz, op.select);
}

/** A partial rule asked for keys whose extent is known already. */
export function answerFromExtent(w: FunctionWriter, keyed: Keyed, key: number, args: number): void {
  const { extent, mocks } = keyed;
  const slot = w.context.memoSlots.get(extent);
  if (slot === undefined || w.context.funcsByName.get(extent)?.params.length !== 2 + mocks) return;
  if (mocks === 0) loadSlot(w, slot);
  else {
    // Replaced functions travel as parameters: then the slot holds results by argument.
    if (w.context.remembering.get(extent) !== "exactly" || key < 0) return;
    equalKey(w, key, mocks);
    loadRemembered(w, slot, key);
  }
  answerIfKnown(w, () => answerOfKeys(w, keyed, args));
}

/** What the result, of the extent or of fewer keys, has at the keys. */
function answerOfKeys(w: FunctionWriter, { mocks, value }: Keyed, args: number): void {
  w.b.get(w.result);
  for (let i = mocks; value && i < args; i++) {
    w.b.get(2 + i);
    w.runtime("rt_lookup");
  }
}

/** A partial rule asked for keys, of which fewer were asked for before, where OPA's interpreter is seen to remember what they gave. */
export function answerFromFewer(w: FunctionWriter, keyed: Keyed, key: number, args: number): void {
  for (const [at, name] of keyed.fewer.entries()) {
    const slot = w.context.memoSlots.get(name);
    const known = keyed.mocks + at + 1;
    if (slot === undefined || !w.context.remembersFewer(name, known)) continue;
    equalKey(w, key, known);
    loadRemembered(w, slot, key);
    answerIfKnown(w, () => answerOfKeys(w, keyed, args));
  }
}

/** As `recall`, where equal numbers may be spelled differently and one is among the arguments. */
export function recallSpelled(w: FunctionWriter, slot: number, key: number, args: number): void {
  const b = w.b;
  b.globalGet(w.context.runtimeGlobal("unusual_spellings"));
  b.memory(op.i32Load, 0, 2);
  b.open(op.if);
  for (let i = 0; i < args; i++) b.get(2 + i);
  w.runtime(`rt_number_key${args}`);
  b.set(key);
  answerByKey(w, slot, key);
  b.close();
}

/** Keeps the result under the key; `also`: that there is none, too. */
export function remember(w: FunctionWriter, slot: number, key: number, also = false): void {
  const b = w.b;
  b.i32(slot);
  b.get(key);
  if (also) resultOrUndefined(w);
  else {
    b.get(w.result);
    w.plain();
  }
  w.runtime("rt_remember");
}

/** Keeps the result of a partial rule that has something at the keys asked for: what has nothing there is looked for again, as in OPA. */
export function rememberFound(w: FunctionWriter, slot: number, key: number, { value, leading }: Keyed): void {
  if (value) return remember(w, slot, key);
  w.b.get(w.result);
  for (const one of leading) {
    w.get(one);
    w.runtime("rt_lookup");
  }
  w.b.op(op.i64Eqz, op.i32Eqz);
  w.b.open(op.if);
  remember(w, slot, key);
  w.b.close();
}

export function rememberSpelled(w: FunctionWriter, slot: number, key: number): void {
  w.b.get(key);
  w.b.op(op.i64Eqz, op.i32Eqz);
  w.b.open(op.if);
  remember(w, slot, key);
  w.b.close();
}

/** Answers for arguments that are the same. */
export function recall(w: FunctionWriter, slot: number, key: number, args: number): void {
  const b = w.b;
  if (args <= 3) {
    for (let i = 0; i < args; i++) b.get(2 + i);
    w.runtime(`rt_key${args}`);
    b.set(key);
  } else {
    keyOfMany(w, key, args, (i) => {
      b.get(2 + i);
      w.runtime("rt_key1");
    });
  }
  answerByKey(w, slot, key);
}

/** Answers for arguments that are equal; `wanted`: the parameter with the value that is looked for. */
export function recallEqual(
  w: FunctionWriter,
  slot: number,
  key: number,
  { args, wanted }: { readonly args: number; readonly wanted?: number },
): void {
  equalKey(w, key, args);
  if (wanted === undefined) return answerByKey(w, slot, key);
  const b = w.b;
  loadRemembered(w, slot, key);
  answerIfKnown(w, () => {
    b.get(w.result);
    b.i64(0n);
    b.get(w.result);
    b.get(wanted);
    w.runtime("rt_equal");
    b.op(op.select);
  });
}

function equalKey(w: FunctionWriter, key: number, args: number): void {
  const b = w.b;
  if (args === 1) {
    b.get(2);
    b.set(key);
  } else {
    keyOfMany(w, key, args, (i) => b.get(2 + i));
  }
}

function keyOfMany(w: FunctionWriter, key: number, args: number, part: (argument: number) => void): void {
  const b = w.b;
  b.i32(args);
  w.runtime("rt_array");
  b.set(key);
  for (let i = 0; i < args; i++) {
    b.get(key);
    part(i);
    w.runtime("rt_array_append");
  }
}

function answerByKey(w: FunctionWriter, slot: number, key: number): void {
  loadRemembered(w, slot, key);
  answerIfKnown(w, () => w.b.get(w.result));
}

/** What is kept under a key. */
function loadRemembered(w: FunctionWriter, slot: number, key: number): void {
  w.b.i32(slot);
  w.b.get(key);
  w.runtime("rt_recall");
}

/** A block that runs once, as OPA's interpreter is seen to do with some comprehensions: where nothing tells, the block around is left. */
export function emitOnce(w: FunctionWriter, { blocks }: Extract<Stmt, { op: "Block" }>, { slot, target }: Once): void {
  const b = w.b;
  if (!w.context.tells) return w.undefined(op.br);
  const at = w.context.slotOfOnce(slot);
  loadSlot(w, at);
  b.tee(w.local(target));
  b.op(op.i64Eqz);
  b.open(op.if);
  for (const block of blocks) w.block(block);
  b.globalGet(w.context.runtimeGlobal("memo_base"));
  b.get(w.local(target));
  b.memory(op.i64Store, at * 8, 3);
  b.close();
}

function loadSlot(w: FunctionWriter, slot: number): void {
  w.b.globalGet(w.context.runtimeGlobal("memo_base"));
  w.b.memory(op.i64Load, slot * 8, 3);
}

/** Keeps the remembered value from the stack as the result, and returns what `answer` puts there, unless nothing is remembered. */
function answerIfKnown(w: FunctionWriter, answer: () => void): void {
  const b = w.b;
  b.tee(w.result);
  b.op(op.i64Eqz, op.i32Eqz);
  b.open(op.if);
  answer();
  b.op(op.return);
  b.close();
}

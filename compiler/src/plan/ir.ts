// OPA's plan IR (v1/ir in OPA, published as plan.schema.json): what the planner gives and the Wasm emitter takes.
// A block runs its statements until one is undefined; control then goes on after the block. Locals 0 and 1 are input and data.

import type { Mark } from "./marks.ts";

export type Local = number;

export type Operand =
  | { readonly kind: "local"; readonly local: Local }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "string"; readonly index: number };

/** Where a statement comes from; rows and columns from 1, columns in code points, `file` indexes `Plan.files`. */
export interface Location {
  readonly file: number;
  readonly row: number;
  readonly col: number;
  readonly endRow: number;
  readonly endCol: number;
}

export interface Plan {
  /** Interned texts: string constants, number texts, error texts. */
  readonly strings: readonly string[];
  /** Every builtin the plan calls, by name. */
  readonly builtins: readonly BuiltinDecl[];
  readonly files: readonly string[];
  readonly entrypoints: readonly Entrypoint[];
  readonly funcs: readonly Func[];
  /** What `Mark` statements tell, by number. */
  readonly marks: readonly Mark[];
  /** What stood where `with` replaces something is looked for (see AsWhole). */
  readonly replacesInside?: boolean;
}

export interface BuiltinDecl {
  readonly name: string;
  readonly arity: number;
  /** True for builtins that give a set of outputs (`walk`). */
  readonly relation: boolean;
  readonly void: boolean;
  readonly nondeterministic: boolean;
}

export interface Entrypoint {
  /** `pkg/rule`. */
  readonly name: string;
  readonly blocks: readonly Block[];
}

export interface Func {
  /** `g0.data.a.b`. */
  readonly name: string;
  /** The ref of its rules, as Rego text: `data.a.b`. */
  readonly document: string;
  /** Arguments of the source, not counting what is replaced by `with`. */
  readonly arity: number;
  /** Ground path of the rule, for dynamic calls. */
  readonly path: readonly string[];
  readonly params: readonly Local[];
  readonly result: Local;
  readonly blocks: readonly Block[];
  /** True when all definitions give one and the same constant: the first that holds settles it. */
  readonly agreed?: true;
  /** True for rules and functions of one value: the first one counts, others may only be equal. */
  readonly complete?: true;
  /** Set by first-values.ts: it goes on with what its caller gives before it looks for more. */
  readonly goesOn?: true;
  /** The function that gives all values, where this one only looks whether it gives that of its last parameter. */
  readonly of?: string;
  /** For a partial rule that is asked for single keys, its parameters behind input and data (see keyed-rules.ts). */
  readonly keyed?: Keyed;
}

export interface Keyed {
  /** The function that gives all keys: when its result is known already, that one answers. */
  readonly extent: string;
  /** Those that give the first key, the first two, and so on: as OPA remembers what fewer keys gave, these answer, too. */
  readonly fewer: readonly string[];
  /** How many parameters stand before the keys: values of replaced functions. */
  readonly mocks: number;
  /** True when the result is the value at the keys, not the objects around it. */
  readonly value: boolean;
  /** The asked keys that follow one another at the beginning. */
  readonly leading: readonly Local[];
}

export interface Once {
  readonly slot: number;
  readonly target: Local;
}

export interface Block {
  readonly stmts: readonly Stmt[];
}

interface Located {
  readonly location: Location;
}

export type Stmt = Located &
  (
    | { readonly op: "ArrayAppend"; readonly value: Operand; readonly array: Local }
    /** A set that who has it first goes through in this order, an array; others as any set (see written-members.ts). */
    | { readonly op: "AsWritten"; readonly source: Operand; readonly order: Local; readonly target: Local }
    /** A base document as it is read where something in it may be replaced. */
    | { readonly op: "AsWhole"; readonly source: Operand; readonly target: Local }
    | { readonly op: "AssignInt"; readonly value: bigint; readonly target: Local }
    | { readonly op: "AssignVar"; readonly source: Operand; readonly target: Local }
    | { readonly op: "AssignVarOnce"; readonly source: Operand; readonly target: Local }
    /** A document is to be replaced at a path with a key that is no string: ends the evaluation with OPA's "bad document path". */
    | { readonly op: "BadPath" }
    | {
        readonly op: "Block";
        readonly blocks: readonly Block[];
        /** What it gives is kept in a slot of this number, so that it runs once; leaves the block around where nothing tells (see comprehensions.ts). */
        readonly once?: Once;
      }
    /** Leaves `index` + 1 plan blocks; leaving the block of a Scan goes on with its next element, leaving more ends the loop. */
    | { readonly op: "Break"; readonly index: number }
    | {
        readonly op: "Call";
        readonly func: string;
        readonly args: readonly Operand[];
        readonly result: Local;
        /** What stood behind it in its block, where the function goes on with that at its first value (see first-values.ts); no level for `Break`. */
        readonly behind?: Block;
      }
    /** No function under the path: undefined in this block. The function's result is undefined: leaves four blocks. */
    | { readonly op: "CallDynamic"; readonly path: readonly Operand[]; readonly args: readonly Operand[]; readonly result: Local }
    | {
        readonly op: "Dot";
        readonly source: Operand;
        readonly key: Operand;
        readonly target: Local;
        /** In a base document also a number finds the key that is its text, and a text an index. */
        readonly base?: true;
      }
    | { readonly op: "Equal"; readonly a: Operand; readonly b: Operand }
    | { readonly op: "IsArray"; readonly source: Operand }
    | { readonly op: "IsDefined"; readonly source: Local }
    | { readonly op: "IsObject"; readonly source: Operand }
    | { readonly op: "IsSet"; readonly source: Operand }
    | { readonly op: "IsUndefined"; readonly source: Local }
    | { readonly op: "Len"; readonly source: Operand; readonly target: Local }
    /** Tells the host of a mark, with the values of its variables. */
    | { readonly op: "Mark"; readonly mark: number; readonly values: readonly Operand[] }
    | { readonly op: "MakeArray"; readonly capacity: number; readonly target: Local }
    | { readonly op: "MakeNull"; readonly target: Local }
    | { readonly op: "MakeNumberInt"; readonly value: bigint; readonly target: Local }
    | { readonly op: "MakeNumberRef"; readonly index: number; readonly target: Local }
    | { readonly op: "MakeObject"; readonly target: Local }
    | { readonly op: "MakeSet"; readonly target: Local }
    | { readonly op: "Nop" }
    | { readonly op: "Not"; readonly block: Block }
    | { readonly op: "NotEqual"; readonly a: Operand; readonly b: Operand }
    | { readonly op: "ObjectInsert"; readonly key: Operand; readonly value: Operand; readonly object: Local }
    | { readonly op: "ObjectInsertOnce"; readonly key: Operand; readonly value: Operand; readonly object: Local }
    | { readonly op: "ObjectMerge"; readonly a: Local; readonly b: Local; readonly target: Local }
    | { readonly op: "ResetLocal"; readonly target: Local }
    | { readonly op: "ResultSetAdd"; readonly value: Local }
    | { readonly op: "ReturnLocal"; readonly source: Local }
    | { readonly op: "Scan"; readonly source: Local; readonly key: Local; readonly value: Local; readonly block: Block }
    | { readonly op: "SetAdd"; readonly value: Operand; readonly set: Local }
    | {
        readonly op: "With";
        readonly local: Local;
        readonly path: readonly number[];
        readonly value: Operand;
        readonly block: Block;
        /** For one that puts back what stood before: how many of those around it do not count inside. What was known before them is known there. */
        readonly leaves?: number;
        /** For one that replaces no document: that results are forgotten there counts only where prints or marks tell. */
        readonly telling?: true;
      }
  );

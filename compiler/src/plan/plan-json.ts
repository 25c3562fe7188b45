// A plan in OPA's JSON form (v1/ir/plan.schema.json): what `--target plan` puts into a bundle for other evaluators.
import type { Block, Location, Operand, Plan, Stmt } from "./ir.ts";

/** `declOf` gives the type of a builtin, as capabilities have it. */
export function planToJson(plan: Plan, declOf: (builtin: string) => unknown): unknown {
  return {
    static: {
      strings: plan.strings.map((value) => ({ value })),
      builtin_funcs: plan.builtins.map(({ name }) => ({ name, decl: declOf(name) })),
      files: plan.files.map((value) => ({ value })),
    },
    plans: { plans: plan.entrypoints.map(({ name, blocks }) => ({ name, blocks: blocks.map(blockJson) })) },
    funcs: {
      funcs: plan.funcs.map(({ name, params, result, blocks, path }) => ({
        name,
        params,
        return: result,
        blocks: blocks.map(blockJson),
        path,
      })),
    },
  };
}

function blockJson({ stmts }: Block): unknown {
  return { stmts: stmts.map(stmtJson) };
}

function stmtJson(stmt: Stmt): unknown {
  return { type: `${stmt.op === "AsWhole" ? "AssignVar" : stmt.op}Stmt`, stmt: { ...members(stmt), ...place(stmt.location) } };
}

function place({ file, row, col, endRow, endCol }: Location): object {
  return { file, col, row, end_col: endCol, end_row: endRow };
}

function operand(value: Operand): unknown {
  switch (value.kind) {
    case "local":
      return { type: "local", value: value.local };
    case "bool":
      return { type: "bool", value: value.value };
    case "string":
      return { type: "string_index", value: value.index };
  }
}

function members(stmt: Stmt): object {
  switch (stmt.op) {
    case "ArrayAppend":
      return { value: operand(stmt.value), array: stmt.array };
    case "AssignInt":
      return { value: Number(stmt.value), target: stmt.target };
    case "AsWhole":
    case "AsWritten":
    case "AssignVar":
    case "AssignVarOnce":
      return { source: operand(stmt.source), target: stmt.target };
    case "Block":
      return { blocks: stmt.blocks.map(blockJson) };
    case "Break":
      return { index: stmt.index };
    case "Call":
      return { func: stmt.func, args: stmt.args.map(operand), result: stmt.result };
    case "CallDynamic":
      return { args: stmt.args.map(operand), result: stmt.result, path: stmt.path.map(operand) };
    case "Dot":
      return { source: operand(stmt.source), key: operand(stmt.key), target: stmt.target };
    case "Equal":
    case "NotEqual":
      return { a: operand(stmt.a), b: operand(stmt.b) };
    case "IsArray":
    case "IsObject":
    case "IsSet":
      return { source: operand(stmt.source) };
    case "IsDefined":
    case "IsUndefined":
    case "ReturnLocal":
      return { source: stmt.source };
    case "Len":
      return { source: operand(stmt.source), target: stmt.target };
    case "MakeArray":
      return { capacity: stmt.capacity, target: stmt.target };
    case "MakeNull":
    case "MakeObject":
    case "MakeSet":
    case "ResetLocal":
      return { target: stmt.target };
    case "MakeNumberInt":
      return { value: Number(stmt.value), target: stmt.target };
    case "MakeNumberRef":
      // OPA writes the index under both names.
      return { index: stmt.index, Index: stmt.index, target: stmt.target };
    case "Mark":
    case "BadPath":
    case "Nop":
      return {};
    case "Not":
      return { block: blockJson(stmt.block) };
    case "ObjectInsert":
    case "ObjectInsertOnce":
      return { key: operand(stmt.key), value: operand(stmt.value), object: stmt.object };
    case "ObjectMerge":
      return { a: stmt.a, b: stmt.b, target: stmt.target };
    case "ResultSetAdd":
      return { value: stmt.value };
    case "Scan":
      return { source: stmt.source, key: stmt.key, value: stmt.value, block: blockJson(stmt.block) };
    case "SetAdd":
      return { value: operand(stmt.value), set: stmt.set };
    case "With":
      return { local: stmt.local, path: stmt.path, value: operand(stmt.value), block: blockJson(stmt.block) };
  }
}

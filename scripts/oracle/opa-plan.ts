// Reads a plan that real OPA made (`opa build -t plan`) into our plan IR: tests the emitter without our own planner.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Block, Func, Local, Location, Operand, Plan, Stmt } from "#compiler/plan/ir.ts";

interface OpaOperand {
  readonly type: "local" | "bool" | "string_index";
  readonly value: number | boolean;
}
interface OpaStmt {
  readonly type: string;
  readonly stmt: Readonly<Record<string, unknown>> & {
    readonly file: number;
    readonly row: number;
    readonly col: number;
    readonly end_row: number;
    readonly end_col: number;
  };
}
interface OpaBlock {
  readonly stmts: readonly OpaStmt[] | null;
}
interface OpaPlan {
  readonly static: {
    readonly strings?: readonly { readonly value: string }[] | null;
    readonly builtin_funcs?:
      | readonly { readonly name: string; readonly decl: { readonly args?: readonly unknown[]; readonly result?: unknown } }[]
      | null;
    readonly files?: readonly { readonly value: string }[] | null;
  };
  readonly plans: { readonly plans: readonly { readonly name: string; readonly blocks: readonly OpaBlock[] }[] };
  readonly funcs: {
    readonly funcs:
      | readonly {
          readonly name: string;
          readonly path: readonly string[];
          readonly params: readonly number[];
          readonly return: number;
          readonly blocks: readonly OpaBlock[];
        }[]
      | null;
  };
}

/** Builds modules with the `opa` program and gives the plan; undefined when OPA refuses them. */
export function planByOpa(
  modules: Readonly<Record<string, string>>,
  entrypoints: readonly string[],
  v0 = false,
): Plan | undefined {
  const folder = mkdtempSync(join(tmpdir(), "opa-plan-"));
  try {
    const names = Object.keys(modules);
    for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
    const flags = [...entrypoints.flatMap((e) => ["-e", e]), ...(v0 ? ["--v0-compatible"] : [])];
    execFileSync("opa", ["build", "-t", "plan", ...flags, "-o", "b.tar.gz", ...names], { cwd: folder, stdio: "pipe" });
    const bundle = execFileSync("tar", ["xzOf", "b.tar.gz", "/plan.json"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1 << 28,
    });
    return planFromJson(bundle.toString("utf8"));
  } catch (e) {
    if (e instanceof Error && "stderr" in e) return undefined;
    throw e;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A bundle's `plan.json` as our plan. */
export function planFromJson(text: string): Plan {
  const p = JSON.parse(text) as OpaPlan;
  return {
    strings: (p.static.strings ?? []).map((s) => s.value),
    files: (p.static.files ?? []).map((f) => f.value),
    builtins: (p.static.builtin_funcs ?? []).map((b) => ({
      name: b.name,
      arity: b.decl.args?.length ?? 0,
      relation: b.name === "walk",
      void: b.decl.result === undefined,
      nondeterministic: false,
    })),
    marks: [],
    entrypoints: p.plans.plans.map((x) => ({ name: x.name, blocks: x.blocks.map(block) })),
    funcs: (p.funcs.funcs ?? []).map(
      (f): Func => ({
        name: f.name,
        document: f.name,
        arity: f.params.length - 2,
        path: f.path,
        params: f.params,
        result: f.return,
        blocks: f.blocks.map(block),
      }),
    ),
  };
}

function block(b: OpaBlock): Block {
  return { stmts: (b.stmts ?? []).map(statement) };
}

function statement({ type, stmt: s }: OpaStmt): Stmt {
  const location: Location = { file: s.file, row: s.row, col: s.col, endRow: s.end_row, endCol: s.end_col };
  const fields: Record<string, unknown> = { location, op: type.replace(/Stmt$/, "") };
  for (const [name, value] of Object.entries(s)) {
    if (["file", "row", "col", "end_row", "end_col", "Index"].includes(name)) continue;
    fields[name] = field(fields["op"] as string, name, value);
  }
  return fields as unknown as Stmt;
}

function field(op: string, name: string, value: unknown): unknown {
  if (name === "block") return block(value as OpaBlock);
  if (name === "blocks") return ((value as readonly OpaBlock[] | null) ?? []).map(block);
  if ((op === "AssignInt" || op === "MakeNumberInt") && name === "value") return BigInt(value as number);
  if (op === "CallDynamic" && name === "args") return (value as readonly Local[]).map((local) => ({ kind: "local", local }));
  if (name === "path" && op === "With") return value ?? [];
  if (name === "args" || name === "path") return ((value as readonly OpaOperand[] | null) ?? []).map(operand);
  return typeof value === "object" && value !== null ? operand(value as OpaOperand) : value;
}

function operand(o: OpaOperand): Operand {
  if (o.type === "local") return { kind: "local", local: o.value as number };
  if (o.type === "bool") return { kind: "bool", value: o.value as boolean };
  return { kind: "string", index: o.value as number };
}

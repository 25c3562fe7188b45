// A loop that goes on too often: by the counts of evaluations, and where one large collection is gone through inside of another turn of itself.
import type { Node } from "#analysis/rego/tree/walk.ts";
import type { Expr, Ref, Rule, Term } from "#grammars/rego/ast.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import type { Decisions } from "../../decisions.ts";
import type { LintFile } from "../../lint-file.ts";
import { importedPaths, textOfPart } from "../../names.ts";
import { decisionRule, type FoundInProject } from "../../rule.ts";
import { ruleVars } from "../../rule-vars.ts";
import { isVar } from "../../terms.ts";

export const hotLoop = decisionRule({
  name: "hot-loop",
  category: "decision",
  description: "Loop is evaluated too often",
  level: "ignore",
  evaluates: true,
  options: { "max-count": 10_000 },
  *decide(decisions, { "max-count": most }) {
    for (const file of decisions.files) {
      if (file.packageName.endsWith("_test")) continue;
      for (const body of bodiesOf(file)) {
        const found = counted(decisions, file, body, most) ?? repeated(decisions, file, body, most);
        if (found !== undefined) yield { file, ...found };
      }
    }
  },
});

type InFile = Omit<FoundInProject, "file">;

/** The expressions of each body, in the order of the text. */
function bodiesOf(file: LintFile): readonly (readonly Expr[])[] {
  const bodies = new Map<Node | Rule, Expr[]>();
  for (const expr of file.all("expr")) {
    const above = file.parent(expr);
    // The holes of a template are no body.
    if (above?.kind === "templateString") continue;
    const owner = above ?? file.branchOf(expr);
    const body = bodies.get(owner);
    if (body === undefined) bodies.set(owner, [expr]);
    else body.push(expr);
  }
  return [...bodies.values()];
}

/** The first expression that is reached too often, where the loop that leads to it is in this body and not around it. */
function counted({ evaluated }: Decisions, file: LintFile, body: readonly Expr[], most: number): InFile | undefined {
  const times = body.map((expr) => evaluated?.reached(file, expr));
  const at = times.findIndex((one) => one !== undefined && one.count > most);
  const one = times[at];
  return at > 0 && one !== undefined ? { range: body[at]!, message: `Evaluated ${one.count} times for ${one.by}` } : undefined;
}

/** The second loop over a collection that is too large to be gone through for each of its own members. */
function repeated(decisions: Decisions, file: LintFile, body: readonly Expr[], most: number): InFile | undefined {
  const seen = new Set<string>();
  for (const expr of body) {
    for (const { path, place } of loopsIn(file, expr)) {
      const name = path.join(".");
      const size = seen.has(name) ? decisions.sizeAt(path) : 0;
      if (size ** 2 > most) return { range: place, message: `Goes through ${name} for each of its own ${size} members` };
      seen.add(name);
    }
  }
  return undefined;
}

interface Loop {
  readonly path: readonly string[];
  readonly place: Term;
}

/** The collections that an expression goes through: those of `some … in`, and refs with a new variable in brackets. */
function loopsIn(file: LintFile, { body }: Expr): readonly Loop[] {
  if (body.kind === "some") {
    const [member] = body.symbols;
    return member?.kind === "call" ? loopOver(file, member.args.at(-1)!) : [];
  }
  const refs = body.kind === "call" ? body.args.filter((arg) => arg.kind === "ref") : body.kind === "ref" ? [body] : [];
  return refs.flatMap((ref) => {
    const at = ref.parts.findIndex((part, index) => index > 0 && isVar(part) && isNew(file, ref, part));
    return at < 0 ? [] : loopOver(file, { ...ref, parts: ref.parts.slice(0, at), end: ref.parts[at - 1]!.end });
  });
}

function isNew(file: LintFile, ref: Ref, part: Term): boolean {
  return isVar(part) && ruleVars(file, file.ruleOf(ref)).isOutput(part);
}

/** Of documents alone it is known how large they are. */
function loopOver(file: LintFile, place: Term): readonly Loop[] {
  if (place.kind !== "ref" && place.kind !== "var") return [];
  const [first, ...rest] = partsOf(place).map(textOfPart);
  const start = first === "input" || first === "data" ? [first] : importedPaths(file).get(first ?? "");
  if (start === undefined || rest.includes(undefined)) return [];
  return [{ path: [...start, ...rest.flatMap((part) => part ?? [])], place }];
}

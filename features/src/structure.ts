// Outline, folds, selection and workspace symbols of any file, by its language.
import type { Range } from "#grammars/rego/ast.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { hoconFolds, hoconSelection, hoconSymbols } from "./hocon/structure.ts";
import { type Fold, foldsOf } from "./rego/folding.ts";
import { hasOwnHead } from "./rego/names.ts";
import { namesOf } from "./rego/project-names.ts";
import { recoveredModule } from "./rego/recovered.ts";
import { selectionAt } from "./rego/selection.ts";
import { type DocumentSymbol, symbolsOf } from "./rego/symbols.ts";

export function symbolsIn(project: Project, file: SourceFile): readonly DocumentSymbol[] {
  if (file.kind === "hocon") return hoconSymbols(parsedHocon(file));
  return file.kind === "rego" ? symbolsOf(recoveredModule(project.parsed(file)), file.text) : [];
}

export function foldsIn(project: Project, file: SourceFile): readonly Fold[] {
  if (file.kind === "hocon") return hoconFolds(parsedHocon(file));
  return file.kind === "rego" ? foldsOf(recoveredModule(project.parsed(file)), file.text) : [];
}

export function selectionIn(project: Project, file: SourceFile, offset: number): readonly Range[] {
  if (file.kind === "hocon") return hoconSelection(parsedHocon(file), offset);
  return file.kind === "rego" ? selectionAt(recoveredModule(project.parsed(file)), file.text, offset) : [];
}

export interface WorkspaceSymbol {
  readonly name: string;
  readonly container: string;
  readonly kind: DocumentSymbol["kind"];
  readonly file: string;
  readonly range: Range;
}

const maxSymbols = 500;

/** Rules and packages of the project's own files whose name holds the letters of the query in order; the closest names first. */
export function workspaceSymbols(project: Project, query: string): readonly WorkspaceSymbol[] {
  const names = namesOf(project);
  const found: { symbol: WorkspaceSymbol; score: number }[] = [];
  for (const [path, clauses] of names.rules) {
    const last = path.slice(path.lastIndexOf(".") + 1);
    const score = Math.min(scoreOf(last, query), scoreOf(path, query) + 100);
    if (score === Infinity) continue;
    for (const { file, range, rule } of clauses.filter(
      (clause) => project.files.has(clause.file.path) && hasOwnHead(clause.rule),
    )) {
      const kind = rule.head.args !== undefined ? "function" : "variable";
      const own = names.packageOf(file);
      const container = own.slice(1).join(".");
      const name = path.slice(own.join(".").length + 1);
      found.push({ score, symbol: { name, container, kind, file: file.path, range } });
    }
  }
  for (const path of names.packages) {
    const name = path.slice("data.".length);
    const score = scoreOf(name, query) + 50;
    if (score === Infinity) continue;
    for (const file of names.filesOfPackage(path).filter((one) => project.files.has(one.path))) {
      const statement = project.parsed(file).module.package!;
      found.push({ score, symbol: { name, container: "package", kind: "package", file: file.path, range: statement } });
    }
  }
  return found
    .sort((a, b) => a.score - b.score)
    .slice(0, maxSymbols)
    .map((item) => item.symbol);
}

/** 0 for an exact match, more the further apart the letters stand, Infinity for none. */
function scoreOf(name: string, query: string): number {
  if (query === "") return 1;
  const text = name.toLowerCase();
  const wanted = query.toLowerCase();
  if (text === wanted) return 0;
  if (text.startsWith(wanted)) return 1;
  const inside = text.indexOf(wanted);
  if (inside >= 0) return 2 + inside / 100;
  let at = -1;
  let gaps = 10;
  for (const char of wanted) {
    const next = text.indexOf(char, at + 1);
    if (next < 0) return Infinity;
    gaps += next - at - 1;
    at = next;
  }
  return gaps;
}

// Colours: the scopes of the grammars under the names that semantic tokens have, and themes with a colour for each.
import type * as Monaco from "monaco-editor/editor";
import type { MonacoApi } from "./api.ts";
import { grammars } from "./grammars.ts";
import { type LineState, LineTokens, sameState } from "./text-mate.ts";

/** What a scope is shown as; a longer scope goes before what it begins with. */
const names: readonly (readonly [scope: string, name: string])[] = [
  ["constant.character.escape", "string.escape"],
  ["constant.language", "keyword"],
  ["constant.numeric", "number"],
  ["comment", "comment"],
  ["entity.name.function", "function"],
  ["entity.name.namespace", "namespace"],
  ["entity.name.tag", "property"],
  ["invalid", "invalid"],
  ["keyword.operator", "operator"],
  ["keyword.other.unit", "number"],
  ["keyword", "keyword"],
  ["punctuation.definition.comment", "comment"],
  ["punctuation.definition.string", "string"],
  ["punctuation.definition.template-expression", "keyword"],
  ["punctuation", "delimiter"],
  ["storage", "keyword"],
  ["string", "string"],
  ["support.constant", "variable.readonly"],
  ["support.function", "function"],
  ["support.type.property-name", "property"],
  ["variable.language", "variable.readonly"],
  ["variable.other.constant", "variable.readonly"],
  ["variable.other.property", "property"],
  ["variable", "variable"],
];

const known = new Map<string, string | undefined>();

function nameOf(scope: string): string | undefined {
  if (!known.has(scope)) known.set(scope, names.find(([one]) => scope === one || scope.startsWith(`${one}.`))?.[1]);
  return known.get(scope);
}

/** What the innermost scope with a colour is shown as. */
export function tokenName(scopes: readonly string[]): string {
  for (const scope of scopes.toReversed()) {
    const name = nameOf(scope);
    if (name !== undefined) return name;
  }
  return "";
}

/** Longer lines have no colours: expressions that look far ahead would keep the page from what is typed. */
export const longestLine = 2_000;

class State implements Monaco.languages.IState {
  readonly line: LineState;

  constructor(line: LineState) {
    this.line = line;
  }

  clone(): State {
    return this;
  }

  equals(other: Monaco.languages.IState): boolean {
    return other instanceof State && sameState(this.line, other.line);
  }
}

export function tokensProvider(language: "rego" | "hocon"): Monaco.languages.TokensProvider {
  const lines = new LineTokens(grammars[language]);
  return {
    getInitialState: () => new State(lines.start),
    tokenize: (text, state) => {
      if (!(state instanceof State) || text.length > longestLine)
        return { tokens: [{ startIndex: 0, scopes: "" }], endState: state };
      const { tokens, state: end } = lines.line(text, state.line);
      return {
        tokens: tokens.map(({ start, scopes }) => ({ startIndex: start, scopes: tokenName(scopes) })),
        endState: new State(end),
      };
    },
  };
}

/** The theme of this name is light, dark, or of high contrast: what Monaco has, with a colour for each kind of token. */
export type ThemeName = "rulewright-light" | "rulewright-dark" | "rulewright-contrast-dark" | "rulewright-contrast-light";

type Palette = Readonly<Record<string, string>>;
const dark: Palette = {
  namespace: "4ec9b0",
  function: "dcdcaa",
  "function.defaultLibrary": "dcdcaa",
  method: "dcdcaa",
  parameter: "9cdcfe",
  variable: "9cdcfe",
  "variable.readonly": "4fc1ff",
  property: "9cdcfe",
  enumMember: "4fc1ff",
  keyword: "569cd6",
  operator: "d4d4d4",
  delimiter: "d4d4d4",
  string: "ce9178",
  "string.escape": "d7ba7d",
  number: "b5cea8",
  regexp: "d16969",
  comment: "6a9955",
  decorator: "dcdcaa",
  macro: "569cd6",
  invalid: "f44747",
};
const light: Palette = {
  namespace: "1c6b7c",
  function: "795e26",
  "function.defaultLibrary": "795e26",
  method: "795e26",
  parameter: "001080",
  variable: "001080",
  "variable.readonly": "0058a3",
  property: "001080",
  enumMember: "0058a3",
  keyword: "0000ff",
  operator: "1f1f1f",
  delimiter: "1f1f1f",
  string: "a31515",
  "string.escape": "9a4c00",
  number: "07683f",
  regexp: "811f3f",
  comment: "007000",
  decorator: "795e26",
  macro: "0000ff",
  invalid: "cd3131",
};

const bases: Readonly<Record<ThemeName, readonly [Monaco.editor.BuiltinTheme, Palette]>> = {
  "rulewright-light": ["vs", light],
  "rulewright-dark": ["vs-dark", dark],
  "rulewright-contrast-dark": ["hc-black", dark],
  "rulewright-contrast-light": ["hc-light", light],
};

export function defineThemes({ editor }: MonacoApi): void {
  for (const [name, [base, palette]] of Object.entries(bases)) {
    const rules = Object.entries(palette).map(([token, foreground]) => ({ token, foreground }));
    editor.defineTheme(name, { base, inherit: true, rules, colors: {} });
  }
}

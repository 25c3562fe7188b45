// Runs a TextMate grammar as VS Code does and draws the scopes under the text.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const require = createRequire(import.meta.url);
const here = import.meta.dirname;
const files: Record<string, string> = { "source.rego": "rego.tmLanguage.json", "source.hocon": "hocon.tmLanguage.json" };

const onigLib = oniguruma
  .loadWASM(readFileSync(join(dirname(require.resolve("vscode-oniguruma")), "onig.wasm")).buffer as ArrayBuffer)
  .then(() => ({
    createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text: string) => new oniguruma.OnigString(text),
  }));

const registry = new textmate.Registry({
  onigLib,
  loadGrammar: async (scope) => {
    const file = files[scope];
    return file === undefined ? null : textmate.parseRawGrammar(readFileSync(join(here, file), "utf8"), file);
  },
});

export interface Token {
  readonly line: number;
  readonly text: string;
  /** Innermost scope last, without the language's own suffix. */
  readonly scopes: readonly string[];
}

/** The tokens of a text. */
export async function tokenize(language: "rego" | "hocon", text: string): Promise<readonly Token[]> {
  const grammar = await registry.loadGrammar(`source.${language}`);
  if (grammar === null) throw new Error(`no grammar for ${language}`);
  const tokens: Token[] = [];
  let state = textmate.INITIAL;
  for (const [number, line] of text.split(/\r?\n/u).entries()) {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    for (const token of result.tokens) {
      tokens.push({ line: number + 1, text: line.slice(token.startIndex, token.endIndex), scopes: token.scopes.slice(1) });
    }
  }
  return tokens;
}

/** One line per token that has a scope: `text → innermost scope`. */
export async function drawScopes(language: "rego" | "hocon", text: string): Promise<string> {
  const tokens = await tokenize(language, text);
  return tokens
    .filter((token) => token.text.trim() !== "" && token.scopes.length > 0)
    .map((token) => `${token.text.trim()} → ${token.scopes.at(-1)!.replaceAll(new RegExp(`\\.${language}\\b`, "g"), "")}`)
    .join("\n");
}

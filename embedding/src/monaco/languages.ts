// The two languages: their names, brackets and indentation as the extension has them, and their colours.
import type * as Monaco from "monaco-editor/editor";
import hocon from "../../../language-configuration.hocon.json" with { type: "json" };
import rego from "../../../language-configuration.rego.json" with { type: "json" };
import { tokensProvider } from "./colours.ts";
import type { Link } from "./link.ts";

export const ownLanguages = ["rego", "hocon"] as const;
type Language = (typeof ownLanguages)[number];

const registered: Readonly<Record<Language, Monaco.languages.ILanguageExtensionPoint>> = {
  rego: { id: "rego", aliases: ["Rego"], extensions: [".rego"] },
  hocon: { id: "hocon", aliases: ["HOCON"], extensions: [".hocon", ".conf"] },
};

export function bindLanguages(link: Link): void {
  const { languages } = link.monaco;
  for (const language of ownLanguages) {
    languages.register(registered[language]);
    link.keep(
      languages.setLanguageConfiguration(language, configurationOf({ rego, hocon }[language])),
      languages.setTokensProvider(language, tokensProvider(language)),
    );
  }
}

interface Written {
  readonly comments: { readonly lineComment: string };
  readonly brackets: readonly (readonly string[])[];
  readonly colorizedBracketPairs: readonly (readonly string[])[];
  readonly autoClosingPairs: readonly { readonly open: string; readonly close: string; readonly notIn: readonly string[] }[];
  readonly surroundingPairs: readonly (readonly string[])[];
  readonly autoCloseBefore?: string;
  readonly wordPattern: string;
  readonly folding: { readonly markers: { readonly start: string; readonly end: string } };
  readonly indentationRules: { readonly increaseIndentPattern: string; readonly decreaseIndentPattern: string };
  readonly onEnterRules: readonly {
    readonly beforeText: string;
    readonly afterText?: string;
    readonly previousLineText?: string;
    readonly action: { readonly indent: string; readonly appendText?: string };
  }[];
}

function configurationOf(written: Written): Monaco.languages.LanguageConfiguration {
  const pairs = (given: Written["brackets"]): Monaco.languages.CharacterPair[] =>
    given.map(([open = "", close = ""]) => [open, close]);
  const { markers } = written.folding;
  const { increaseIndentPattern, decreaseIndentPattern } = written.indentationRules;
  return {
    comments: written.comments,
    brackets: pairs(written.brackets),
    colorizedBracketPairs: pairs(written.colorizedBracketPairs),
    autoClosingPairs: written.autoClosingPairs.map(({ notIn, ...pair }) => ({ ...pair, notIn: [...notIn] })),
    surroundingPairs: pairs(written.surroundingPairs).map(([open, close]) => ({ open, close })),
    ...(written.autoCloseBefore === undefined ? {} : { autoCloseBefore: written.autoCloseBefore }),
    wordPattern: new RegExp(written.wordPattern, "g"),
    folding: { markers: { start: new RegExp(markers.start), end: new RegExp(markers.end) } },
    indentationRules: {
      increaseIndentPattern: new RegExp(increaseIndentPattern),
      decreaseIndentPattern: new RegExp(decreaseIndentPattern),
    },
    onEnterRules: written.onEnterRules.map(({ beforeText, afterText, previousLineText, action }) => ({
      beforeText: new RegExp(beforeText),
      ...(afterText === undefined ? {} : { afterText: new RegExp(afterText) }),
      ...(previousLineText === undefined ? {} : { previousLineText: new RegExp(previousLineText) }),
      action: { ...action, indentAction: action.indent === "indentOutdent" ? indentOutdent : noIndent },
    })),
  };
}

/** Monaco's `IndentAction`, whose values are at hand at run time only. */
const noIndent = 0 satisfies Monaco.languages.IndentAction.None;
const indentOutdent = 2 satisfies Monaco.languages.IndentAction.IndentOutdent;

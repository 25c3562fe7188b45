// The package that a text is part of, told without reading the text.
import { oncePer } from "#grammars/once-per.ts";
import type { SourceFile } from "./source-file.ts";

/** The package that a text begins with, as written. */
export function packageName(text: string): string | undefined {
  return /^package\s+([\w.]+)/mu.exec(text)?.[1];
}

/** `data.a.b`, where nothing but blanks and comments stands before a package line of plain names; undefined where only reading the text can tell. */
export const plainPackage = oncePer(({ text }: SourceFile): string | undefined => {
  const begin = /[ \t\r\n]*/uy;
  const comment = /#[^\n]*/uy;
  let at = 0;
  for (;;) {
    begin.lastIndex = at;
    at += begin.exec(text)?.[0].length ?? 0;
    comment.lastIndex = at;
    const found = comment.exec(text);
    if (found === null) break;
    at += found[0].length;
  }
  const line = /package[ \t]+([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)[ \t]*(?=[#\r\n]|$)/uy;
  line.lastIndex = at;
  const name = line.exec(text)?.[1];
  return name === undefined ? undefined : `data.${name}`;
});

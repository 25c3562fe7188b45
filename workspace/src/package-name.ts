// The package that a text is part of, told without reading the text.

/** The package that a text begins with, as written. */
export function packageName(text: string): string | undefined {
  return /^package\s+([\w.]+)/mu.exec(text)?.[1];
}

/** `a.b`, where nothing but blanks and comments stands before a package line of plain names; undefined where only reading the text can tell. */
export function plainPackage(text: string): string | undefined {
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
  return line.exec(text)?.[1];
}

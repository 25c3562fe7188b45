// Glob patterns of settings (`**`, `*`, `?`, `{a,b}`, `[abc]`) as one regular expression over `/` separated relative paths.

const compiled = new Map<string, RegExp>();

/** True when the whole relative path matches the pattern; `*` and `?` do not cross a `/`. */
export function matchesGlob(path: string, pattern: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(`^${source(pattern)}$`, "u");
    compiled.set(pattern, expression);
  }
  return expression.test(path);
}

function source(pattern: string): string {
  let out = "";
  let braces = 0;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (pattern.startsWith("**/", i)) {
      out += "(?:[^/]*/)*";
      i += 2;
    } else if (pattern.startsWith("**", i)) {
      out += ".*";
      i += 1;
    } else if (char === "*") out += "[^/]*";
    else if (char === "?") out += "[^/]";
    else if (char === "{" && pattern.includes("}", i)) {
      braces += 1;
      out += "(?:";
    } else if (char === "}" && braces > 0) {
      braces -= 1;
      out += ")";
    } else if (char === "," && braces > 0) out += "|";
    else if (char === "[" && pattern.indexOf("]", i + 2) > 0) {
      const end = pattern.indexOf("]", i + 2);
      const body = pattern.slice(i + 1, end).replace(/[\\[\]]/gu, "\\$&");
      out += `[${body.startsWith("!") ? `^${body.slice(1)}` : body}]`;
      i = end;
    } else out += char.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
  }
  return out + ")".repeat(braces);
}

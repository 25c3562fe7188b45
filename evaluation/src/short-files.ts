// What files are called in the first column of an explanation: where a place is too wide, all lose a part of the folders that they share.

/** Characters of a file and its row that the column should not exceed. */
const widest = 64;
const gap = "...";

/** By OPA's rule: the longest text that the folders of all files have in common is left out from its front, as far as the widest place needs it. */
export function shortFiles(places: readonly { readonly file: string; readonly row: number }[]): ReadonlyMap<string, string> {
  const files = [...new Set(places.map(({ file }) => file))];
  const excess = places.reduce((most, { file, row }) => Math.max(most, `${file}:${row}`.length), 0) - widest;
  const shared = excess > 0 ? longestShared(files.map(foldersOf)) : "";
  if (shared.length <= gap.length) return new Map(files.map((file) => [file, file]));
  const short = `${gap}${shared.slice(excess + gap.length)}`;
  return new Map(files.map((file) => [file, file.replace(shared, () => short)]));
}

/** The folders of a file below the first one, which stays. */
function foldersOf(file: string): string {
  const folder = file.slice(0, Math.max(file.lastIndexOf("/"), 0)).replace(/^(\.\/)+/u, "");
  return folder.slice(folder.indexOf("/", 1) + 1);
}

/** Of texts of one length the last. */
function longestShared([first = "", ...others]: readonly string[]): string {
  const sharedOf = (length: number): string | undefined => {
    for (let at = first.length - length; at >= 0; at--) {
      const part = first.slice(at, at + length);
      if (others.every((other) => other.includes(part))) return part;
    }
    return undefined;
  };
  let [known, most] = ["", first.length];
  while (known.length < most) {
    const length = Math.ceil((known.length + most) / 2);
    const part = sharedOf(length);
    if (part === undefined) most = length - 1;
    else known = part;
  }
  return known;
}

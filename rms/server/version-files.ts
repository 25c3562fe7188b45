// What the files of a version are, by their names.

/** A data file, in whatever folder: what it says counts from the root. */
export function isDataFile(path: string): boolean {
  return /(?:^|\/)data\.json$/.test(path);
}

// Which folders of a workspace are not read, wherever they are.

const skipped = new Set([".git", "node_modules", ".hg", ".svn", "__pycache__", ".cache", ".venv", "dist", "build", ".e2e"]);

export const isSkippedFolder = (name: string): boolean => skipped.has(name);

/** Enough for any policy repository. A folder with more, such as `/`, is not read: its files are looked at when they are opened. */
const maxFiles = 6000;
const maxFolders = 6000;

export const isTooMuch = (files: number, folders: number): boolean => files >= maxFiles || folders > maxFolders;

export const tooMuchIn = (root: string): string =>
  `${root} holds too many files to read them all: open the folder of the policies, or single files`;

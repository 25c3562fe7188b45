// An `Io` for tests: the caller says what lies on the disk, what is printed is kept.
import type { Io } from "./io.ts";

/** What tests say of a disk; the rest stands still. */
type Disk = Pick<Io, "cwd" | "kind" | "realPath" | "readFile" | "list"> &
  Partial<Pick<Io, "env" | "isLink" | "isRegular" | "readStdin" | "writeFile" | "makeFolder" | "moveFile">>;

/** `printed` gives what was written so far. */
export function heardIo(disk: Disk): { readonly io: Io; readonly printed: () => { out: string; err: string } } {
  let out = "";
  let err = "";
  const io: Io = {
    env: {},
    terminal: false,
    readStdin: async () => "",
    writeFile: () => undefined,
    makeFolder: () => undefined,
    moveFile: () => undefined,
    isLink: () => false,
    isRegular: () => true,
    ...disk,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  };
  return { io, printed: () => ({ out, err }) };
}

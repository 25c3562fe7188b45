// What `rw check` says of the `rw.conf` files that it meets: faults in the shape of OPA's errors, keys that nothing reads as warnings.
import { unknownConfigKeys } from "#features/config-keys.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { resolve } from "#workspace/paths.ts";
import type { ErrorItem } from "./errors.ts";
import { shownPath } from "./includes.ts";
import { readConfigFile } from "./input.ts";
import type { Io } from "./io.ts";

export interface ConfigFindings {
  readonly items: readonly ErrorItem[];
  /** `rw.conf:3: what is misspelt`. */
  readonly warnings: readonly string[];
}

/** Looks at the files; they are shown as they are named. */
export function checkConfigs(paths: readonly string[], io: Io): ConfigFindings {
  const cwd = io.cwd.replaceAll("\\", "/");
  const items: ErrorItem[] = [];
  const warnings: string[] = [];
  for (const path of paths) {
    const at = resolve(cwd, path);
    const { file, faults } = readConfigFile(at, io);
    for (const { file: where, row, col, code, message } of faults)
      items.push({ message, code, location: { file: where === at ? path : shownPath(where, cwd), row, col } });
    for (const { range, severity, message } of unknownConfigKeys(file))
      if (severity === "warning") warnings.push(`${path}:${new LineIndex(file.text).rowCol(range.start).row}: ${message}`);
  }
  return { items, warnings };
}

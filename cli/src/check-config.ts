// What `rw check` says of the `rw.conf` files that it meets: faults in the shape of OPA's errors, keys that nothing reads as warnings.
import { unknownConfigKeys } from "#features/config-keys.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { resolve } from "#workspace/paths.ts";
import type { ErrorItem } from "./errors.ts";
import { shownPath } from "./includes.ts";
import type { ReadConfig } from "./input.ts";
import type { Io } from "./io.ts";

export interface ConfigFindings {
  readonly items: readonly ErrorItem[];
  /** `rw.conf:3: what is misspelt`. */
  readonly warnings: readonly string[];
}

/** A `rw.conf` as it is named. */
export interface MetConfig {
  readonly path: string;
  readonly read: ReadConfig;
}

/** Looks at the files; they are shown as they are named. */
export function checkConfigs(configs: readonly MetConfig[], io: Io): ConfigFindings {
  const { cwd } = io;
  const items: ErrorItem[] = [];
  const warnings: string[] = [];
  for (const { path, read } of configs) {
    const at = resolve(cwd, path);
    const { file, faults } = read;
    for (const { file: where, row, col, code, message } of faults)
      items.push({ message, code, location: { file: where === at ? path : shownPath(where, cwd), row, col } });
    for (const { range, severity, message } of unknownConfigKeys(file))
      if (severity === "warning") warnings.push(`${path}:${new LineIndex(file.text).rowCol(range.start).row}: ${message}`);
  }
  return { items, warnings };
}

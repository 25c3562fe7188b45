// The shapes that values of `rw.conf` have: a value of another one is noted and left out.
import { asRecord } from "./json-record.ts";

export interface ConfigProblem {
  /** Names the value. */
  readonly path: string;
  readonly message: string;
}

export class ConfigShapes {
  readonly problems: ConfigProblem[] = [];

  wrong(path: string, wanted: string): void {
    this.problems.push({ path, message: `\`${path}\` must be ${wanted}` });
  }

  /** Empty where there is none. */
  record(value: unknown, path: string): Readonly<Record<string, unknown>> {
    const record = asRecord(value);
    if (value !== undefined && record === undefined) this.wrong(path, "an object");
    return record ?? {};
  }

  text(value: unknown, path: string): string | undefined {
    if (value === undefined || typeof value === "string") return value;
    this.wrong(path, "a string");
    return undefined;
  }

  /** One text, or a list of them. */
  texts(value: unknown, path: string): readonly string[] {
    if (value === undefined) return [];
    if (typeof value === "string") return [value];
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
    this.wrong(path, "a list of strings");
    return [];
  }

  /** Texts by name; what is nested is named by its path, as keys with dots are nested in HOCON. */
  textMap(value: unknown, path: string): Readonly<Record<string, string>> {
    const out: Record<string, string> = {};
    for (const [key, child] of Object.entries(this.record(value, path))) {
      if (asRecord(child) !== undefined) {
        for (const [inner, leaf] of Object.entries(this.textMap(child, `${path}.${key}`))) out[`${key}.${inner}`] = leaf;
      } else if (child !== null && !Array.isArray(child)) out[key] = String(child);
      else this.wrong(`${path}.${key}`, "a string");
    }
    return out;
  }
}

// What "New Policy" and `rw new` write: texts that pass check, format and tests as they are.
import { keywordsOf } from "#grammars/rego/keywords.ts";

export const newKinds = ["decision", "library", "test", "data", "sample"] as const;
export type NewKind = (typeof newKinds)[number];

export interface NewFile {
  /** The package's own folder, or the folder of the project's sample inputs. */
  readonly folder: "package" | "inputs";
  readonly file: string;
  readonly text: string;
}

/** The files of a kind, the one to show first at the front; `name` is a package, as `authz.orders`, and for a sample its name. */
export function newFiles(kind: NewKind, name: string): readonly NewFile[] {
  const last = lastOf(name);
  const beside = (file: string, text: string): NewFile => ({ folder: "package", file, text });
  const input = (file: string, text: string): NewFile => ({ folder: "inputs", file, text });
  const test = beside(`${last}_test.rego`, testText(name));
  switch (kind) {
    case "decision":
      return [
        beside(`${last}.rego`, policyText(name)),
        test,
        input(`${last}-admin.conf`, "# An administrator asks.\nuser = admin\n"),
        input(`${last}-admin.expected.json`, expectedText(name)),
      ];
    case "library":
      return [beside(`${last}.rego`, libraryText(name)), beside(`${last}_test.rego`, libraryTestText(name))];
    case "test":
      return [test];
    case "data":
      return [beside("data.json", '{\n  "admins": ["admin"]\n}\n')];
    case "sample":
      return [input(`${name.replaceAll(".", "-")}.conf`, "# What is asked.\nuser = admin\n")];
  }
}

export type NameFault = { readonly kind: "package" | "sample" } | { readonly kind: "keyword"; readonly word: string };

/** Why something of this kind cannot have the name; undefined when it can. */
export function nameFault(kind: NewKind, name: string): NameFault | undefined {
  if (kind === "sample") return /^[\w-]+(\.[\w-]+)*$/u.test(name) ? undefined : { kind };
  if (!/^[a-z_]\w*(\.[a-z_]\w*)*$/iu.test(name)) return { kind: "package" };
  const word = name.split(".").find((part) => keywordsOf.v1.has(part));
  return word === undefined ? undefined : { kind: "keyword", word };
}

const lastOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

const policyText = (name: string) =>
  `# METADATA\n# title: ${name}\npackage ${name}\n\n# METADATA\n# description: May the user do this?\n# entrypoint: true\ndefault allow := false\n\nallow if input.user == "admin"\n`;

const testText = (name: string) =>
  `package ${name}_test\n\nimport data.${name}\n\ntest_admin_is_allowed if {\n\t${lastOf(name)}.allow with input as {"user": "admin"}\n}\n\ntest_others_are_denied if {\n\tnot ${lastOf(name)}.allow with input as {"user": "guest"}\n}\n`;

const libraryText = (name: string) => `package ${name}\n\nis_admin(user) if user == "admin"\n`;

const libraryTestText = (name: string) =>
  `package ${name}_test\n\nimport data.${name}\n\ntest_admin if ${lastOf(name)}.is_admin("admin")\n\ntest_guest if not ${lastOf(name)}.is_admin("guest")\n`;

const expectedText = (name: string) =>
  `{\n  "$schema": "rw://expected-1",\n  "decisions": {\n    "data.${name}.allow": { "value": true }\n  }\n}\n`;

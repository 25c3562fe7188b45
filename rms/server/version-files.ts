// What the files of a version are, by their names: policies, tests, data as OPA mounts them in a bundle, and the rest.
import { type Json, readJson } from "#bundles/canonical-json.ts";
import { writeJsonText } from "#evaluation/json-text.ts";
import { readYaml } from "#evaluation/yaml/read.ts";

const dataName = /^(?:(.*)\/)?data\.(json|yaml|yml)$/;

/** True for a policy of the package `system.log`; it is written in this form, so that a build sees it without reading the policy. */
export function isSystemLog(text: string): boolean {
  return /^package system\.log[ \t]*(?:#.*)?\r?$/m.test(text);
}

export type ReadData = { readonly value: Json } | { readonly fault: string; readonly offset: number };

/** A data file, which OPA reads in whatever folder. */
export function isDataFile(path: string): boolean {
  return dataName.test(path);
}

/** The part of the data document that a data file is: what it says, below the names of its folders, as in OPA's bundles. */
export function readDataFile(path: string, text: string): ReadData {
  const [, folder, kind] = dataName.exec(path) ?? [];
  const read = kind === "json" ? readJson(text) : yamlData(text);
  if ("fault" in read) return read;
  const names = folder === undefined ? [] : folder.split("/");
  return { value: names.reduceRight<Json>((value, name) => new Map([[name, value]]), read.value) };
}

function yamlData(text: string): ReadData {
  const read = readYaml(text);
  return "fault" in read ? { fault: read.fault, offset: 0 } : readJson(writeJsonText(read.value));
}

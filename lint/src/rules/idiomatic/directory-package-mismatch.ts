// The package `a.b` in a file of another folder than `a/b`.
import { fileRule } from "../../rule.ts";

const folderName = /^[a-zA-Z_][a-zA-Z0-9_-]*$/u;

export const directoryPackageMismatch = fileRule({
  name: "directory-package-mismatch",
  category: "idiomatic",
  description: "Directory structure should mirror package",
  options: { "exclude-test-suffix": true },
  check({ absolutePath, module, packagePath }, { "exclude-test-suffix": withoutSuffix }) {
    const path = module.package?.path ?? [];
    const [first, last] = [path[0], path.at(-1)];
    if (absolutePath === undefined || first === undefined || last === undefined) return [];
    const wanted = withoutSuffix ? [...packagePath.slice(0, -1), last.value.replace(/_test$/u, "")] : packagePath;
    const folders = absolutePath.split("/").slice(0, -1);
    if (wanted.length <= folders.length && wanted.every((name, at) => name === folders.at(at - wanted.length))) return [];
    const range = { start: first.start, end: last.end };
    return [packagePath.every((name) => folderName.test(name)) ? { range, moveTo: wanted.join("/") } : { range }];
  },
});

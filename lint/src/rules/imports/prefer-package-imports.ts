// `import data.lib.roles.admins`, where `data.lib.roles` is a package: `roles.admins` says more than `admins`.
import { importedData } from "../../data-imports.ts";
import { projectRule } from "../../rule.ts";
import { shownName } from "../../shown-name.ts";

export const preferPackageImports = projectRule({
  name: "prefer-package-imports",
  category: "imports",
  description: "Prefer importing packages over rules",
  options: { "ignore-import-paths": [] as readonly string[] },
  collect: (file) => ({ packageName: file.packagePath.join("\n"), imports: importedData(file) }),
  *judge(collected, { "ignore-import-paths": ignored }) {
    const packages = new Set([...collected.values()].map(({ packageName }) => packageName));
    const left = new Set(ignored.map((path) => path.replace(/^data\./u, "").replaceAll(".", "\n")));
    for (const [file, { imports }] of collected) {
      for (const { path, place } of imports) {
        const isInPackage = path.some((_, at) => packages.has(path.slice(0, at).join("\n")));
        const whole = path.join("\n");
        if (isInPackage && !packages.has(whole) && !left.has(whole)) yield { file, range: shownName(file, place) };
      }
    }
  },
});

// `rw pull`: the files of a published version as a folder to work in.
import { dirname, resolve } from "node:path";
import { versionTexts } from "#publishing/decision-diff.ts";
import { expectChannel, expectNamed, rmsCommand } from "../rms-command.ts";

export const pull = rmsCommand({
  name: "pull",
  usage: "pull <channel|version> [flags]",
  summary: "Write the files of a published version into a folder",
  details: `
Files that are there with other content are left alone, and nothing is written, unless --force is given.

    $ rw pull prod
    $ rw pull 1.4.2 -o old
`,
  positionals: [1, 1],
  flags: [
    { name: "output", short: "o", kind: "string", placeholder: "folder", help: "where to write (default: the project's folder)" },
    { name: "force", kind: "boolean", help: "overwrite files with other content" },
  ],
  run: async (target) => {
    const { call, client, domain, policy, project, print, fail } = target;
    const { io } = call;
    const [selector = ""] = call.positionals;
    const version = /^\d/.test(selector) ? selector : (await expectChannel(target, selector)).version;
    const texts = [...expectNamed(target, `version ${version}`, await versionTexts({ client, domain, policy }, version))];
    const folder = resolve(io.cwd, call.flag("output") ?? project.root);
    const outside = texts.find(([path]) => !/^[^/\\:]/u.test(path) || path.split(/[/\\]/u).includes(".."));
    if (outside !== undefined) return fail(`the version names ${JSON.stringify(outside[0])}, which is outside of the folder`);
    const at = (path: string): string => resolve(folder, path);
    const there = texts.filter(([path]) => io.kind(at(path)) !== undefined);
    const linked = there.find(([path]) => io.realPath(at(path)) !== at(path) && io.realPath(folder) === folder);
    if (linked !== undefined) return fail(`${linked[0]} is a link: nothing was written`);
    const other = there.filter(
      ([path, text]) => io.kind(at(path)) !== "file" || new TextDecoder().decode(io.readFile(at(path))) !== text,
    );
    if (other.length > 0 && !call.on("force"))
      return fail(`${other.map(([path]) => path).join(", ")} would change: nothing was written; --force overwrites`);
    for (const [path, text] of texts) {
      io.makeFolder(dirname(at(path)));
      io.writeFile(at(path), text);
    }
    const files = texts.map(([path]) => path);
    return print(
      { domain, policy, version, folder, files },
      `${files.length} files of ${domain}/${policy}@${version} in ${folder}\n`,
    );
  },
});

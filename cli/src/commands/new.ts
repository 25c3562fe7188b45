// `rw new`: the first files of a policy, a library, a test, data or a sample input.
import { type NewKind, nameFault, newFiles, newKinds } from "#features/new-files.ts";
import { dirname, relative, resolve } from "#workspace/paths.ts";
import { type Command, usageError } from "../command.ts";
import { nearestConfig } from "../input.ts";

export const newCommand: Command = {
  name: "new",
  usage: `new {${newKinds.join("|")}} <name> [folder]`,
  summary: "Write the first files of a policy, a test or a sample input",
  details: `
The name is a package, whose folders are made below the folder (this one, if none is named). What is written passes check, fmt and test
as it is; where a file is there already nothing is written.

    $ rw new decision orders.approval     # orders/approval/approval.rego and a test; a sample in inputs/ with the decision that is expected
    $ rw test . && rw samples .
    $ rw new library orders.limits        # functions for other policies, and a test
    $ rw new test orders.approval         # a test module for a package that is there
    $ rw new data orders                  # orders/data.json
    $ rw new sample large-order           # inputs/large-order.conf
`,
  flags: [],
  run: async ({ io, positionals }) => {
    const [first, name, folder = ".", ...more] = positionals;
    const kind = newKinds.find((one) => one === first);
    if (kind === undefined || name === undefined || more.length > 0) {
      io.err(usageError(newCommand, `say what is new (${newKinds.join(", ")}) and its name`));
      return 1;
    }
    const fault = faultText(kind, name);
    if (fault !== undefined) {
      io.err(`error: ${fault}\n`);
      return 1;
    }
    const base = resolve(io.cwd, folder.replaceAll("\\", "/"));
    const config = nearestConfig(base, io);
    const folders = {
      package: resolve(base, name.replaceAll(".", "/")),
      inputs: resolve(config === undefined ? base : dirname(config.replaceAll("\\", "/")), "inputs"),
    };
    const files = newFiles(kind, name).map(({ folder, file, text }) => ({ path: resolve(folders[folder], file), text }));
    const taken = files.find(({ path }) => io.kind(path) !== undefined);
    if (taken !== undefined) {
      io.err(`error: ${relative(io.cwd, taken.path)} is there already: nothing was written\n`);
      return 1;
    }
    for (const { path, text } of files) {
      io.makeFolder(dirname(path));
      io.writeFile(path, text);
      io.out(`${relative(io.cwd, path)}\n`);
    }
    return 0;
  },
};

function faultText(kind: NewKind, name: string): string | undefined {
  const fault = nameFault(kind, name);
  switch (fault?.kind) {
    case "package":
      return `${JSON.stringify(name)} is no name of a package: letters, digits and _, with dots between`;
    case "keyword":
      return `${JSON.stringify(fault.word)} is a keyword of Rego: choose another name`;
    case "sample":
      return `${JSON.stringify(name)} is no name of a sample: letters, digits, - and _`;
    case undefined:
      return undefined;
  }
}

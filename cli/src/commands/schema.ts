// `rw schema`: the JSON Schema that the samples of a project have.
import { projectSchema } from "#features/schema/project-schema.ts";
import { dirname, relative } from "#workspace/paths.ts";
import type { Command } from "../command.ts";
import { openProject } from "../project.ts";

export const schema: Command = {
  name: "schema",
  usage: "schema [folder] [flags]",
  summary: "Infer a JSON Schema from the sample inputs of a project",
  details: `
The schema is made from every sample, in every profile of rw.conf: keys that all of them have are required, strings of which few come again and
again are an enumeration, dates, addresses, durations and sizes have a format. It takes every sample that it was made from.

    $ rw schema
    $ rw schema --write
    $ rw schema --check

With --write it goes into the file that schemas of rw.conf names for the samples, or else into schemas/input.json, which is named there then;
titles and descriptions in that file stay. With --check the exit code is 1 when the file says something else than the samples.
`,
  flags: [
    { name: "write", short: "w", kind: "boolean", help: "write the schema into its file, and name it in rw.conf" },
    { name: "check", kind: "boolean", help: "only say whether the file is as the samples are" },
  ],
  run: async (call) => {
    const { io } = call;
    const opened = await openProject(call.positionals[0] ?? ".", io);
    const made = "fault" in opened ? { problem: opened.fault } : projectSchema(opened.project);
    if ("fault" in opened || "problem" in made) {
      io.err(`error: ${"problem" in made ? made.problem : "no project"}\n`);
      return 1;
    }
    const { project } = opened;
    const { file, before, text, config, inputs } = made;
    const name = relative(project.root, file);
    const isSame = before === text;
    if (call.on("check")) {
      if (!isSame)
        io.err(
          `${name} ${before === undefined ? "is not there" : `says otherwise than ${inputs} inputs: rw schema --write brings it up to date`}\n`,
        );
      return isSame ? 0 : 1;
    }
    if (!call.on("write")) {
      io.out(text);
      return 0;
    }
    if (!isSame) {
      io.makeFolder(dirname(file));
      io.writeFile(file, text);
    }
    io.out(isSame ? `${name} is as ${inputs} inputs are\n` : `wrote ${name}, made from ${inputs} inputs\n`);
    if (config !== undefined) {
      const written = project.find(config.file)?.text ?? "";
      io.writeFile(config.file, `${written.slice(0, config.range.start)}${config.newText}`);
      io.out(`wrote ${relative(project.root, config.file)}, which names it\n`);
    }
    return 0;
  },
};

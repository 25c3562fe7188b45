// Which linter configuration holds for a project: the nearest one upwards, with `lint` of `rw.conf` over it; the user's own where there is neither.
import { expect, test } from "vitest";
import { memoryHost } from "./host.ts";
import { lintSetupOf } from "./lint-setup.ts";
import type { Project } from "./project.ts";
import { Workspace } from "./workspace.ts";

const policy = { "/w/p/p.rego": "package p\n" };

async function open(files: Readonly<Record<string, string>>, folder = "/w/p"): Promise<Workspace> {
  const workspace = new Workspace(memoryHost({ ...policy, ...files }, undefined, "/home/ann"));
  await workspace.setFolders([folder]);
  return workspace;
}

/** Levels and options as they are said, by rule, and what patterns of files are seen from. */
function said(project: Project): string {
  const { config, folder, file } = lintSetupOf(project);
  const rules = [...config.categories].flatMap(([, { rules: inside }]) =>
    [...inside].map(([name, { level, options }]) => [name, level, ...Object.values(options)].filter(Boolean).join(" ")),
  );
  return `${rules.join(", ")} (${file?.path ?? "none"}, from ${folder})`;
}

const yaml = (level: string): string => `rules:\n  style:\n    line-length: {level: ${level}, max-line-length: 90}\n`;

test("a configuration above the workspace holds, the nearest one", async () => {
  const files = { "/w/.regal.yaml": yaml("warning"), "/.regal/config.yaml": yaml("ignore") };
  const workspace = await open(files);
  expect(said(workspace.project("/w/p"))).toBe("line-length warning 90 (/w/.regal.yaml, from /w)");
  const own = await open({ ...files, "/w/p/.regal/config.yaml": yaml("error") });
  expect(said(own.project("/w/p"))).toBe("line-length error 90 (/w/p/.regal/config.yaml, from /w/p)");
});

test("the user's own holds where a project says nothing", async () => {
  const files = { "/home/ann/.config/regal/config.yaml": yaml("warning") };
  expect(said((await open(files)).project("/w/p"))).toBe(
    "line-length warning 90 (/home/ann/.config/regal/config.yaml, from /w/p)",
  );
  const inProject = await open({ ...files, "/w/p/rw.conf": "lint.rules.style.todo-comment.level = ignore\n" });
  expect(said(inProject.project("/w/p"))).toBe("todo-comment ignore (none, from /w/p)");
});

test("what rw.conf says wins over the linter's own file, down to each option", async () => {
  const lint = "lint.rules { style.line-length.max-line-length = 120, decision { hot-loop { max-count = 5 } } }\n";
  const workspace = await open({ "/w/p/.regal/config.yaml": yaml("warning"), "/w/p/rw.conf": lint });
  expect(said(workspace.project("/w/p"))).toBe("line-length warning 120, hot-loop 5 (/w/p/.regal/config.yaml, from /w/p)");
});

test("a change of a configuration above is seen when it is told", async () => {
  const files: Record<string, string> = { ...policy, "/w/.regal.yaml": yaml("warning") };
  const workspace = new Workspace(memoryHost(files));
  await workspace.setFolders(["/w/p"]);
  expect(said(workspace.project("/w/p"))).toContain("line-length warning");
  files["/w/.regal.yaml"] = yaml("error");
  expect(await workspace.refresh("/w/.regal.yaml")).toBe(true);
  expect(said(workspace.project("/w/p"))).toContain("line-length error");
  expect(await workspace.refresh("/elsewhere/.regal.yaml")).toBe(false);
});

test("the dialect that a configuration above names holds, too", async () => {
  const files = { "/w/.regal.yaml": "project: {rego-version: 0}\n", "/w/p/p.rego": "package p\n\nallow { input.x }\n" };
  const project = (await open(files)).project("/w/p");
  expect(project.parsed(project.policies[0]!).diagnostics).toEqual([]);
});

test("what is wrong in rw.conf is told where it is written", async () => {
  const conf = `lint {
  rules {
    style { line-lenght { level = error }, line-length { max-line-length = long } }
    bugs.line-length.level = error
    decisions { hot-loop { level = error } }
  }
  capabilities.from.version = v9.9.9
  ignore { files = 7 }
}
`;
  const project = (await open({ "/w/p/rw.conf": conf })).project("/w/p");
  const told = [...project.configuration.diagnostics, ...lintSetupOf(project).diagnostics];
  expect(told.map(({ range, message }) => `${conf.slice(range.start, range.end)}: ${message}`)).toEqual([
    "files: lint.ignore.files must be a list of texts",
    "decisions: no category of lint rules is called decisions",
    "line-lenght: no lint rule is called line-lenght",
    "max-line-length: rules.style.line-length.max-line-length changes nothing: must be a number",
    "line-length: rules.bugs.line-length changes nothing: line-length is in the category style",
    "hot-loop: rules.decisions.hot-loop changes nothing: hot-loop is in the category decision",
    "from: there is no release v9.9.9 of OPA",
  ]);
});

// How flags are written, and what is said of those that cannot be read, as OPA's command line says it.
import { expect, test } from "vitest";
import { type Command, parseArguments } from "./command.ts";
import { heardIo } from "./heard-io.test-helper.ts";
import { capabilitiesFlag } from "./load-flags.ts";

const command: Command = {
  name: "run",
  usage: "run",
  summary: "",
  flags: [
    { name: "timeout", kind: "duration", help: "" },
    { name: "count", kind: "number", help: "" },
    { name: "data", short: "d", kind: "strings", help: "" },
    { name: "verbose", short: "v", kind: "boolean", help: "" },
    { name: "sort", kind: "list", default: "a,b", help: "" },
    capabilitiesFlag,
  ],
  run: async () => 0,
};

function parse(...args: readonly string[]): ReturnType<typeof parseArguments> {
  const { io } = heardIo({
    cwd: "/",
    kind: () => undefined,
    realPath: (path) => path,
    readFile: () => new Uint8Array(),
    list: () => [],
  });
  return parseArguments(command, args, io);
}

function said(flag: string, value: string): string | undefined {
  const parsed = parse(`--${flag}=${value}`);
  return "error" in parsed ? parsed.error.split(" flag: ")[1] : undefined;
}

test.each([
  ["1h2m3.5s", undefined],
  ["-.5ms", undefined],
  ["0", undefined],
  ["5", 'time: missing unit in duration "5"'],
  ["1h2", 'time: missing unit in duration "1h2"'],
  ["1.5.2s", 'time: missing unit in duration "1.5.2s"'],
  ["3y", 'time: unknown unit "y" in duration "3y"'],
  ["1s2q", 'time: unknown unit "q" in duration "1s2q"'],
  ["soon", 'time: invalid duration "soon"'],
  [".s", 'time: invalid duration ".s"'],
  ["99999999999h", 'time: invalid duration "99999999999h"'],
])("a duration of %s", (value, fault) => {
  expect(said("timeout", value)).toBe(fault);
});

test.each([
  ["3", undefined],
  ["1.5", 'strconv.ParseInt: parsing "1.5": invalid syntax'],
  ["99999999999999999999", 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
])("a number of %s", (value, fault) => {
  expect(said("count", value)).toBe(fault);
});

test.each([
  [["--data=a", "-d", "b", "-dc", "-d=e"], { data: ["a", "b", "c", "e"] }],
  [["--data", "--verbose"], { data: ["--verbose"] }],
  [["-vd", "a", "rest"], { verbose: true, data: ["a"], positionals: ["rest"] }],
  [["-v=false"], { verbose: false }],
  [["--sort=x,y", "--sort", "z"], { sort: ["x", "y", "z"] }],
  [["one", "-", "--", "-v"], { positionals: ["one", "-", "-v"] }],
])("%j", (args, wanted) => {
  const parsed = parse(...args);
  if ("error" in parsed) throw new Error(parsed.error);
  const { invocation } = parsed;
  const got = { data: invocation.all("data"), verbose: invocation.on("verbose"), sort: invocation.all("sort") };
  expect({ ...got, positionals: invocation.positionals }).toEqual({
    data: [],
    verbose: false,
    sort: ["a", "b"],
    positionals: [],
    ...wanted,
  });
});

test.each([
  ["--nothing", "unknown flag: --nothing"],
  ["--=x", "bad flag syntax: --=x"],
  ["---v", "bad flag syntax: ---v"],
  ["--data", "flag needs an argument: --data"],
  ["-vd", "flag needs an argument: 'd' in -d"],
  ["-vx", "unknown shorthand flag: 'x' in -x"],
])("%s is refused", (arg, error) => {
  expect(parse(arg)).toEqual({ error });
});

test("a file of capabilities, or a release, that is not there is a wrong value, as soon as it is read and for every one that is given", () => {
  const fault = 'invalid argument "none" for "--capabilities" flag: no such file or capabilities version found: none';
  expect(parse("--capabilities", "none", "--count", "x")).toEqual({ error: fault });
  expect(parse("--capabilities=none", "--capabilities", "v0.60.0")).toEqual({ error: fault });
  expect(parse("--capabilities", "v0.60.0")).toHaveProperty("invocation");
});

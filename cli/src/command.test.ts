// Values of flags that cannot be read: what is said, as OPA's command line says it.
import { expect, test } from "vitest";
import { type Command, parseArguments } from "./command.ts";
import { heardIo } from "./heard-io.test-helper.ts";

const command: Command = {
  name: "run",
  usage: "run",
  summary: "",
  flags: [
    { name: "timeout", kind: "duration", help: "" },
    { name: "count", kind: "number", help: "" },
  ],
  run: async () => 0,
};

function said(flag: string, value: string): string | undefined {
  const { io } = heardIo({
    cwd: "/",
    kind: () => undefined,
    realPath: (path) => path,
    readFile: () => new Uint8Array(),
    list: () => [],
  });
  const parsed = parseArguments(command, [`--${flag}=${value}`], io);
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

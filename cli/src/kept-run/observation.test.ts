// What a command sees and does is noted; what cannot be seen or done again is said to be lost.
import { expect, test } from "vitest";
import { heardIo } from "../heard-io.test-helper.ts";
import type { Io } from "../io.ts";
import { doAgain, observed, stillSeen } from "./observation.ts";

const world = (files: Readonly<Record<string, string>>, env: Io["env"] = {}) => {
  const written = new Map<string, string>();
  const { io, printed } = heardIo({
    cwd: "/w",
    env,
    kind: (path) => (path in files ? "file" : undefined),
    realPath: (path) => path,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`no ${path}`);
      return new TextEncoder().encode(text);
    },
    list: () => Object.keys(files),
    writeFile: (path, content) => void written.set(path, String(content)),
  });
  return { io, printed, written };
};

/** The run of a command over files, and whether other files look the same to it. */
const seenBy = (command: (io: Io) => unknown, files: Readonly<Record<string, string>>, env: Io["env"] = {}) => {
  const { io, run } = observed(world(files, env).io);
  command(io);
  const kept = run();
  return {
    kept,
    holdsIn: (others: Readonly<Record<string, string>>, otherEnv: Io["env"] = env) =>
      kept !== undefined && stillSeen(kept.observations, world(others, otherEnv).io),
  };
};

test("only what a command looked at counts", () => {
  const { holdsIn } = seenBy((io) => io.readFile("a"), { a: "1", b: "1" });
  expect(holdsIn({ a: "1", b: "2" })).toBe(true);
  expect(holdsIn({ a: "2", b: "1" })).toBe(false);
  expect(holdsIn({ b: "1" })).toBe(false);
});

test("that something is not there is seen too", () => {
  const { holdsIn } = seenBy((io) => [io.kind("c"), () => io.readFile("d"), io.list(".")], { a: "1" });
  expect(holdsIn({ a: "2" })).toBe(true);
  expect(holdsIn({ a: "1", c: "" })).toBe(false);
  const failing = seenBy((io) => expect(() => io.readFile("d")).toThrow("no d"), { a: "1" });
  expect(failing.holdsIn({})).toBe(true);
  expect(failing.holdsIn({ d: "" })).toBe(false);
});

test("variables count that were asked for, and stand there by a hash", () => {
  const { kept, holdsIn } = seenBy((io) => [io.env["HOME"], io.env["NO_COLOR"]], {}, { HOME: "/h", OTHER: "1" });
  expect(JSON.stringify(kept)).not.toContain("/h");
  expect(holdsIn({}, { HOME: "/h" })).toBe(true);
  expect(holdsIn({}, { HOME: "/h", NO_COLOR: "" })).toBe(false);
  expect(holdsIn({}, {})).toBe(false);
});

test("lost: standard input, all variables, folders made, files moved, a write that failed", () => {
  for (const command of [
    (io: Io) => void io.readStdin(),
    (io: Io) => Object.entries(io.env),
    (io: Io) => "HOME" in io.env,
    (io: Io) => io.makeFolder("f"),
    (io: Io) => io.moveFile("a", "b"),
  ])
    expect(seenBy(command, { a: "1" }).kept, String(command)).toBeUndefined();
  const { io } = world({});
  const failing = observed({
    ...io,
    writeFile: () => {
      throw new Error("full");
    },
  });
  expect(() => failing.io.writeFile("a", "1")).toThrow("full");
  expect(failing.run()).toBeUndefined();
});

test("lost: a file that changes between two looks, and what is first seen behind a write", () => {
  const files: Record<string, string> = { a: "1" };
  const changing = (io: Io) => {
    io.readFile("a");
    files["a"] = "2";
    io.readFile("a");
  };
  expect(seenBy(changing, files).kept).toBeUndefined();
  const own = (io: Io) => {
    io.writeFile("b", "1");
    io.kind("b");
  };
  expect(seenBy(own, { a: "1" }).kept).toBeUndefined();
});

test("lost: what is read from a pipe, which nobody reads a second time to compare it", () => {
  const pipe = (files: Readonly<Record<string, string>>): { io: Io; reads: () => number } => {
    let reads = 0;
    const { io } = world(files);
    const readFile = (path: string): Uint8Array => {
      reads++;
      return io.readFile(path);
    };
    return { io: { ...io, isRegular: () => false, readFile }, reads: () => reads };
  };
  const first = observed(pipe({ a: "1" }).io);
  first.io.readFile("a");
  expect(first.run()).toBeUndefined();
  const { kept } = seenBy((io) => io.readFile("a"), { a: "1" });
  const later = pipe({ a: "1" });
  expect(stillSeen(kept?.observations ?? [], later.io)).toBe(false);
  expect(later.reads()).toBe(0);
});

test("lost: what says or reads very much", () => {
  const said = (count: number) =>
    seenBy((io) => {
      for (let at = 0; at < count; at++) io.out("x".repeat(1000));
    }, {}).kept;
  expect(said(1000)?.effects).toHaveLength(1000);
  expect(said(1100)).toBeUndefined();
  const large = { a: "x".repeat(33 << 20), b: "x".repeat(33 << 20) };
  expect(seenBy((io) => io.readFile("a"), large).holdsIn(large)).toBe(true);
  expect(seenBy((io) => [io.readFile("a"), io.readFile("b")], large).kept).toBeUndefined();
});

test("done again: files first, then what was said, in its order", () => {
  const { kept } = seenBy((io) => {
    io.out("1 ");
    io.err("wrong ");
    io.writeFile("b", "text");
    io.out("2");
  }, {});
  const { io, printed, written } = world({});
  doAgain(kept?.effects ?? [], io);
  expect([printed(), [...written]]).toEqual([{ out: "1 2", err: "wrong " }, [["b", "text"]]]);
  const full = world({});
  const failing: Io = {
    ...full.io,
    writeFile: () => {
      throw new Error("full");
    },
  };
  expect(() => doAgain(kept?.effects ?? [], failing)).toThrow("full");
  expect(full.printed()).toEqual({ out: "", err: "" });
});

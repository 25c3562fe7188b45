// Long work in short turns: other jobs run between them, work that is not wanted any more ends, pieces that share something do not mix.
import { expect, test } from "vitest";
import type { Steps } from "#grammars/text/steps.ts";
import { oneTurn, Pace, Turns } from "./turns.ts";

/** Each look at the clock takes a millisecond. */
function clock() {
  let at = 0;
  return {
    now: () => at++,
    later: (_: number, job: () => void) => {
      const timer = setImmediate(job);
      return () => clearImmediate(timer);
    },
  };
}

function* letters(name: string, count: number, log: string[]): Steps<string> {
  for (let i = 1; i <= count; i++) {
    log.push(`${name}${i}`);
    yield;
  }
  return name;
}

test("what fits into a turn is done at once", () => {
  expect(oneTurn(clock(), letters("a", 2, []), 4)).toEqual({ result: "a" });
  expect(oneTurn(clock(), letters("a", 20, []), 4)).toBeUndefined();
});

test("pieces of work take turns: one turn between two looks for messages, and none while a message waits", async () => {
  const log: string[] = [];
  const messages = ["key 1", "key 2"];
  const later = (_: number, job: () => void) => {
    const timer = setImmediate(() => {
      log.push("look");
      job();
      const message = messages.shift();
      if (message !== undefined) log.push(message);
    });
    return () => clearImmediate(timer);
  };
  const pace = new Pace({ now: () => 0, later }, () => messages.length > 0);
  const work = async (name: string) => {
    for (const part of [1, 2]) {
      await pace.next();
      log.push(`${name}${part}`);
    }
  };
  await Promise.all([work("a"), work("b")]);
  expect(log.join(" ")).toBe("look key 1 look key 2 look a1 look b1 look a2 look b2");
});

test("messages without end do not keep work from its turns", async () => {
  let at = 0;
  const later = (_: number, job: () => void) => {
    at++;
    setImmediate(job);
    return () => undefined;
  };
  const pace = new Pace({ now: () => at, later }, () => true);
  await pace.next();
  await pace.next();
  expect(at).toBeGreaterThan(100);
  expect(at).toBeLessThan(120);
});

test("work that nobody asked for waits for what somebody asked for", async () => {
  const log: string[] = [];
  const pace = new Pace(clock());
  const work = async (name: string, urgency?: "last") => {
    for (const part of [1, 2]) {
      await pace.next(urgency);
      log.push(`${name}${part}`);
    }
  };
  await Promise.all([work("reading", "last"), work("key")]);
  expect(log.join(" ")).toBe("key1 key2 reading1 reading2");
});

test("others get their turn between two turns, and the second piece of work begins when the first is done", async () => {
  const log: string[] = [];
  const turns = new Turns(new Pace(clock()));
  const first = turns.run(letters("a", 6, log));
  const second = turns.run(letters("b", 1, log));
  const other = setInterval(() => log.push("-"), 0);
  expect(await Promise.all([first.answer, second.answer])).toEqual(["a", "b"]);
  clearInterval(other);
  expect(log.filter((one) => one !== "-").join(" ")).toBe("a1 a2 a3 a4 a5 a6 b1");
});

test("work that is stopped does not go on, and makes room for the next", async () => {
  const log: string[] = [];
  const turns = new Turns(new Pace(clock()));
  const endless = turns.run(letters("a", Number.POSITIVE_INFINITY, log));
  const next = turns.run(letters("b", 1, log));
  setImmediate(() => endless.stop());
  await expect(endless.answer).rejects.toThrow("no longer wanted");
  expect(await next.answer).toBe("b");
});

// Heavy work in turn: who has waited with much does not hold up who comes with little.
import { expect, test } from "vitest";
import { FairQueue } from "./fair-queue.ts";

test("the places go round the owners, whoever has more to do", async () => {
  const queue = new FairQueue(1);
  const done: string[] = [];
  const ends: (() => void)[] = [];
  const job = (owner: string, name: string): Promise<void> =>
    queue.run(owner, async () => {
      await new Promise<void>((end) => ends.push(end));
      done.push(name);
    });
  const all = [job("big", "b1"), job("big", "b2"), job("big", "b3"), job("small", "s1"), job("big", "b4"), job("other", "o1")];
  expect(queue.load).toBe(6);
  for (let count = 0; count < all.length; count++) {
    await new Promise((resolve) => setImmediate(resolve));
    ends.shift()?.();
  }
  await Promise.all(all);
  expect(done).toEqual(["b1", "b2", "s1", "o1", "b3", "b4"]);
  expect([queue.load, queue.age]).toEqual([0, 0]);
});

test("a job that fails gives its place to the next", async () => {
  const queue = new FairQueue(1);
  const failed = queue.run("a", () => Promise.reject(new Error("no")));
  const next = queue.run("a", async () => "yes");
  await expect(failed).rejects.toThrow("no");
  expect(await next).toBe("yes");
});

test("an owner with too much in the queue is told so; others are not", async () => {
  const queue = new FairQueue(1);
  const never = new Promise<void>(() => {});
  for (let count = 0; count < 201; count++) void queue.run("wild", () => never);
  await expect(queue.run("wild", async () => 1)).rejects.toMatchObject({ status: 429 });
  expect(queue.load).toBe(201);
  void queue.run("calm", () => never);
  expect(queue.load).toBe(202);
});

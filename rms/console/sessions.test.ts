// Sessions end when nobody uses them, after a working day, and when somebody signs out.
import { expect, test } from "vitest";
import { cookieOf, Sessions, sameSecret } from "./sessions.ts";

test("a session lives while it is used, and eight hours at most", () => {
  const sessions = new Sessions();
  const used = sessions.begin("rms_a", 0);
  const idle = sessions.begin("rms_a", 0);
  for (let now = 0; now < 8 * 3600; now += 1700) expect(sessions.find(used, now)?.bearer).toBe("rms_a");
  expect(sessions.find(used, 8 * 3600)).toBeUndefined();
  expect(sessions.find(idle, 1800)).toBeUndefined();
  expect(sessions.find(idle, 1)).toBeUndefined();
});

test("who signs out, and a value that nobody was given, have no session", () => {
  const sessions = new Sessions();
  const value = sessions.begin("rms_a", 0);
  sessions.end(value);
  expect([sessions.find(value, 1), sessions.find("x".repeat(43), 1), sessions.find(undefined, 1)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("a token has twenty sessions at most, and takes none from another one", () => {
  const sessions = new Sessions();
  const other = sessions.begin("rms_b", 0);
  const [first, second] = Array.from({ length: 21 }, () => sessions.begin("rms_a", 0));
  expect([first, second, other].map((value) => sessions.find(value, 1)?.bearer)).toEqual([undefined, "rms_a", "rms_b"]);
});

test("a cookie is read among others, and nonsense is none", () => {
  const value = "x".repeat(43);
  expect(cookieOf(`a=b; rms-session=${value}; c`, "rms-session")).toBe(value);
  for (const header of [undefined, "", "rms-session=", "rms-session=<script>aaaaaaaaaaaaaaaaaaaaaaaaaaa", "=;=;"])
    expect(cookieOf(header, "rms-session")).toBeUndefined();
  expect([sameSecret("a", "a"), sameSecret("a", "ab"), sameSecret("", "a")]).toEqual([true, false, false]);
});

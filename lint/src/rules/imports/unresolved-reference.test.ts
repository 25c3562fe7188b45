// What leads somewhere.
import { expect, test } from "vitest";
import { matchesGlob } from "../../dotted-glob.ts";
import { KnownPaths } from "../../known-paths.ts";

test("packages, rules, what is above them and what rules may hold", () => {
  const known = new KnownPaths([
    [
      ["lib", "roles"],
      ["lib", "roles", "admins"],
    ],
    [["empty"]],
  ]);
  const leads = (path: string) => known.leadsSomewhere(path.split("."));
  expect(["lib", "lib.roles", "lib.roles.admins", "lib.roles.admins.eu.west", "empty.anything"].filter(leads)).toHaveLength(5);
  expect(["libs", "lib.users", "lib.roles.users", "roles"].filter(leads)).toEqual([]);
});

test("patterns are of whole paths, and stars of names", () => {
  const fits = (pattern: string) => (path: string) => matchesGlob(path, pattern);
  const paths = ["data.users", "data.users.anna", "data.users.anna.team", "data.teams"];
  expect(paths.filter(fits("data.users"))).toEqual(["data.users"]);
  expect(paths.filter(fits("data.users.*"))).toEqual(["data.users.anna"]);
  expect(paths.filter(fits("data.users.**"))).toEqual(["data.users.anna", "data.users.anna.team"]);
  expect(paths.filter(fits("data.{users,teams}"))).toEqual(["data.users", "data.teams"]);
  expect(paths.filter(fits("data.[t-u]????"))).toEqual(["data.users", "data.teams"]);
});

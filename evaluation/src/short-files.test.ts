// Names of files in explanations, as `opa eval --explain` prints them.
import { expect, test } from "vitest";
import { shortFiles } from "./short-files.ts";

const short = (...places: readonly string[]): readonly string[] => {
  const parsed = places.map((place) => ({ file: place.replace(/:\d+$/u, ""), row: Number(place.split(":").at(-1)) }));
  const files = shortFiles(parsed);
  return parsed.map(({ file, row }) => `${files.get(file)}:${row}`);
};
const [x40, y40] = ["x".repeat(40), "y".repeat(40)];

test.each([
  ["what fits stays", [`abc/def/x${x40}xxxxxx/a.rego:5`], [`abc/def/x${x40}xxxxxx/a.rego:5`]],
  ["the row counts", [`abc/def/x${x40}xxxx/96.rego:100`], [`abc/...xxxxx${x40}/96.rego:100`]],
  ["the first folder stays", [`abc/def/${x40}${x40}/src.rego:8`], [`abc/...${x40}xxxxxx/src.rego:8`]],
  ["also of an absolute path", [`/srv/tp/${x40}/${y40}/d.rego:8`], [`/srv/...xxxxxx/${y40}/d.rego:8`]],
  ["and of one that begins here", [`./a/${x40}/${y40}/f.rego:8`], [`./a/...xxxxxxx/${y40}/f.rego:8`]],
  ["or above", [`../tp/${x40}/${y40}/f.rego:8`], [`../...xxxxxxxx/${y40}/f.rego:8`]],
  ["an only folder does not", [`${x40}${x40}/f.rego:8`], [`...${x40}xxxxxxxxxxxx/f.rego:8`]],
  ["the file stays", [`a/bbbbb/${x40}${x40}.rego:3`], [`a/.../${x40}${x40}.rego:3`]],
  ["a short folder stays", [`a/bbb/${x40}${x40}.rego:3`], [`a/bbb/${x40}${x40}.rego:3`]],
  [
    "several files lose what they share",
    [`m/${x40}/one/file.rego:2`, `m/${x40}/two/otherlonger.rego:3`],
    [
      "m/...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/one/file.rego:2",
      "m/...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/two/otherlonger.rego:3",
    ],
  ],
  [
    "the last of two parts as long",
    [`m/${x40}/a/${y40}/q.rego:2`, `m/${x40}/b/${y40}/z.rego:3`],
    [`m/${x40}/a...yyyyyyyy/q.rego:2`, `m/${x40}/b...yyyyyyyy/z.rego:3`],
  ],
  ["files that share nothing stay", ["short/a.rego:2", `m/${x40}${y40}/b.rego:2`], ["short/a.rego:2", `m/${x40}${y40}/b.rego:2`]],
])("%s", (_name, places, expected) => {
  expect(short(...places)).toEqual(expected);
});

// A project in which no METADATA block says where it is entered.
import { projectRule } from "../../rule.ts";

export const noDefinedEntrypoint = projectRule({
  name: "no-defined-entrypoint",
  category: "idiomatic",
  description: "Missing entrypoint annotation",
  collect: (file) => file.annotations.some(({ entrypoint }) => entrypoint),
  judge: (collected) => ([...collected.values()].some((entrypoint) => entrypoint) ? [] : [{ file: undefined, range: undefined }]),
});

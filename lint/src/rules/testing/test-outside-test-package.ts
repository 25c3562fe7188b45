// Tests in a package whose name does not end in `_test`.
import { testsOf } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";

export const testOutsideTestPackage = fileRule({
  name: "test-outside-test-package",
  category: "testing",
  description: "Test outside of test package",
  check(file) {
    const { packageName } = file;
    return packageName === "test" || packageName.endsWith("_test") ? [] : testsOf(file).map(headRange);
  },
});

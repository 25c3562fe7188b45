// A file with tests that is called neither `…_test.rego` nor `test.rego`: `opa test` on single files passes it over.
import { testsOf } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const fileMissingTestSuffix = fileRule({
  name: "file-missing-test-suffix",
  category: "testing",
  description: "Files containing tests should have a _test.rego suffix",
  check: (file) => {
    const isTestFile = file.path.endsWith("_test.rego") || file.path === "test.rego";
    return isTestFile || testsOf(file).length === 0 ? [] : [{ range: undefined }];
  },
});

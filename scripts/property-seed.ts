// Property tests in CI draw the same samples every time, so that what decides a landing can be repeated; elsewhere each run draws new ones.
import fc from "fast-check";

if (process.env.RW_TEST_ALL === "1") fc.configureGlobal({ seed: 1 });

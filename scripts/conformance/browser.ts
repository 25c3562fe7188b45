// Judges case files in a worker of a real browser (`CHROMIUM=/path/to/chromium`), to show that nothing of the engine needs Node.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import type { CaseFile, CaseResult } from "./format.ts";
import { regoFormats } from "./formats/rego.ts";

/** One for each core of a small machine. */
const workers = 2;

export class BrowserRun {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #results = new Map<string, Promise<readonly CaseResult[]>>();

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  static async start(): Promise<BrowserRun> {
    const bundle = await build({
      entryPoints: [join(import.meta.dirname, "browser-worker.ts")],
      bundle: true,
      write: false,
      platform: "browser",
      format: "iife",
      target: "es2024",
    });
    const browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox"],
    });
    const page = await browser.newPage();
    await page.evaluate(
      ({ code, count }) => {
        const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
        Object.assign(globalThis, { judges: Array.from({ length: count }, () => new Worker(url)) });
      },
      { code: bundle.outputFiles[0]?.text ?? "", count: workers },
    );
    return new BrowserRun(browser, page);
  }

  /** Begins with the files, each in the worker that is free first; their results are asked for in any order. */
  begin(files: readonly CaseFile[]): void {
    const waiting = files.map((file) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly CaseResult[]>();
      promise.catch(() => {});
      this.#results.set(file.path, promise);
      return { file, resolve, reject };
    });
    for (let worker = 0; worker < workers; worker++) {
      const next = async (): Promise<void> => {
        for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
          await this.#judge(worker, one.file).then(one.resolve, one.reject);
      };
      void next();
    }
  }

  recognises(file: CaseFile): boolean {
    return regoFormats.some((one) => one.recognises(file));
  }

  /** The results of a file; a worker that fails is the failure of the run. */
  run({ path }: CaseFile): Promise<readonly CaseResult[]> | undefined {
    return this.#results.get(path);
  }

  #judge(worker: number, { path }: CaseFile): Promise<readonly CaseResult[]> {
    return this.#page.evaluate(
      ({ at, file }) =>
        new Promise<readonly CaseResult[]>((resolve, reject) => {
          const judge = (globalThis as unknown as { readonly judges: readonly Worker[] }).judges[at];
          if (judge === undefined) return reject(new Error("no such worker"));
          judge.onmessage = ({ data }) => (typeof data === "string" ? reject(new Error(data)) : resolve(data));
          judge.onerror = (event) => reject(new Error(`${file.path}: ${event.message}`));
          judge.postMessage(file);
        }),
      { at: worker, file: { path, source: readFileSync(path, "utf8") } },
    );
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

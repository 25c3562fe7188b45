// Bundles the programs of the product into dist/: the extension's client, the language server, the evaluation worker, `rw` and `rms`.
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { type BuildOptions, build, context, type Plugin } from "esbuild";
import ts from "typescript";

const watch = process.argv.includes("--watch");

// What few commands need is set up when it is first asked for: elliptic curves take 7 ms, Go's regular expressions need the compiler, and
// the brackets of HOCON and the tokens that editors see need chevrotain.
const lateModules =
  /^@noble\/curves\/|\/(?:evaluation\/.*\/go-regex|grammars\/src\/hocon\/bodies|grammars\/src\/rego\/lexer)\.ts$/;
const late: Plugin = {
  name: "late",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@noble\/curves\/|\/(?:go-regex|bodies|lexer)\.ts$/ }, ({ path, kind, resolveDir }) => {
      const full = path.startsWith(".") ? join(resolveDir, path) : path;
      return kind === "import-statement" && lateModules.test(full)
        ? { path: full, namespace: "late", pluginData: resolveDir }
        : undefined;
    });
    onLoad({ filter: /./, namespace: "late" }, async ({ path, pluginData: resolveDir }) => ({
      contents: Object.keys(await import(path))
        .map((name) => `Object.defineProperty(exports, "${name}", { get: () => require("${path}").${name}, enumerable: true });`)
        .join("\n"),
      resolveDir,
    }));
  },
};

// Programs ask the manifest for the version alone.
const manifest: Plugin = {
  name: "manifest",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/package\.json$/ }, ({ path }) => {
      if (path !== resolve("package.json")) return undefined;
      const { name, version } = JSON.parse(readFileSync(path, "utf8"));
      return { contents: JSON.stringify({ name, version }), loader: "json" };
    }),
};

const node: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node22",
  // Identifiers stay, for stack traces in logs. `keepNames` would do so too, but at run time, for every closure that is made.
  minifySyntax: !watch,
  minifyWhitespace: !watch,
  sourcemap: "linked",
  legalComments: "none",
  logLevel: "warning",
  plugins: [late, manifest],
};

// ES modules need `require` for the CommonJS packages that are bundled into them.
const esm: BuildOptions = {
  ...node,
  format: "esm",
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

// The launcher keeps compiled code of `rw` by this name of the build.
const named: Plugin = {
  name: "named",
  setup: ({ onEnd }) =>
    onEnd(() => {
      const file = "dist/rw.cjs";
      appendFileSync(file, `//# build=${createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 32)}\n`);
    }),
};

const programs: BuildOptions[] = [
  {
    ...node,
    format: "cjs",
    external: ["vscode"],
    entryPoints: { client: "client/src/node/extension.ts" },
    outExtension: { ".js": ".cjs" },
  },
  {
    entryPoints: { "matrix-panel": "client/src/matrix/panel/main.ts" },
    bundle: true,
    platform: "browser",
    format: "iife",
    target: "es2023",
    minify: !watch,
    logLevel: "warning",
  },
  { ...esm, entryPoints: { server: "server/src/node/main.ts" }, outExtension: { ".js": ".mjs" } },
  { ...esm, entryPoints: { "evaluation-worker": "server/src/node/evaluation-worker.ts" }, outExtension: { ".js": ".mjs" } },
  {
    ...node,
    format: "cjs",
    entryPoints: { rw: "cli/src/main.ts" },
    outExtension: { ".js": ".cjs" },
    define: { "import.meta.url": "programUrl" },
    banner: { js: "const programUrl = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [late, manifest, named],
  },
  { ...node, format: "cjs", entryPoints: { "kept-run": "cli/src/kept-run/replay.ts" }, outExtension: { ".js": ".cjs" } },
  { ...esm, entryPoints: { rms: "rms/server/main.ts" }, outExtension: { ".js": ".mjs" } },
  { ...esm, entryPoints: { "gate-worker": "rms/server/gate-worker.ts" }, outExtension: { ".js": ".mjs" } },
  { ...esm, entryPoints: { "build-worker": "rms/server/build-worker.ts" }, outExtension: { ".js": ".mjs" } },
  { ...esm, entryPoints: { "question-worker": "rms/server/question-worker.ts" }, outExtension: { ".js": ".mjs" } },
  { ...esm, entryPoints: { "checkpoint-worker": "rms/server/checkpoint-worker.ts" }, outExtension: { ".js": ".mjs" } },
];

// What runs in browsers too: a module of Node in it would end the build.
const browser: BuildOptions = { ...node, platform: "browser", target: "es2024", plugins: [manifest] };

// The extension of an editor in a browser. Workers of such editors are no modules, and have all in one file.
const web: BuildOptions[] = [
  { ...browser, format: "cjs", external: ["vscode"], entryPoints: { "web/client": "client/src/browser/extension.ts" } },
  { ...browser, format: "iife", entryPoints: { "web/server": "server/src/browser/main.ts" } },
];

// What other programs import. A thread of Node runs the server of browsers.
const library: BuildOptions = { ...browser, format: "esm", outExtension: { ".js": ".mjs" } };
const libraries: BuildOptions[] = [
  { ...library, entryPoints: { "engine/engine": "engine/src/engine.ts" } },
  { ...library, entryPoints: { "language-server/language-server": "embedding/src/language-server.ts" } },
  { ...library, entryPoints: { "monaco/monaco": "embedding/src/monaco/monaco.ts" } },
  { ...esm, entryPoints: { "language-server/worker": "server/src/node/web-worker.ts" }, outExtension: { ".js": ".mjs" } },
];

// The page that tries policies out: static files. What keeps it for later knows them all, and is made last.
const page: BuildOptions = { ...browser, minify: !watch, sourcemap: false, format: "esm" };
const pages: BuildOptions[] = [
  {
    ...page,
    entryPoints: { "playground/main": "playground/src/main.ts" },
    loader: { ".ttf": "file" },
    assetNames: "playground/[name]-[hash]",
  },
  { ...page, format: "iife", entryPoints: { "playground/editor-worker": "monaco-editor/editor/editor.worker" } },
];

async function finishPlayground(): Promise<void> {
  const folder = "dist/playground";
  for (const name of ["index.html", "style.css"]) cpSync(`playground/${name}`, `${folder}/${name}`);
  cpSync("assets/icon.png", `${folder}/icon.png`);
  cpSync("dist/web/server.js", `${folder}/server.js`);
  const files = readdirSync(folder).filter((name) => !name.endsWith(".map"));
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
  const kept = { name: hash.digest("hex").slice(0, 16), files: [".", ...files] };
  const define = { build: JSON.stringify(kept) };
  await build({
    ...page,
    format: "iife",
    entryPoints: { "playground/offline": "playground/src/offline.ts" },
    define,
    outdir: "dist",
  });
  for (const name of ["LICENSE", "ThirdPartyNotices.txt"])
    cpSync(`node_modules/monaco-editor/${name}`, `${folder}/licenses/monaco-editor/${name}`);
  for (const name of ["LICENSE", "NOTICE"]) cpSync(name, `${folder}/licenses/${name}`);
}

/** The sources of each library that say its types. */
const typed: Readonly<Record<string, readonly string[]>> = {
  engine: ["engine/src/engine.ts", "engine/src/api.ts"],
  "language-server": [
    ...["language-server", "calls", "file-system", "worker-port"].map((name) => `embedding/src/${name}.ts`),
    ...["messages", ...partsOf("protocol/src/messages.ts")].map((name) => `protocol/src/${name}.ts`),
  ],
  monaco: ["monaco", "api", "colours"].map((name) => `embedding/src/monaco/${name}.ts`),
};

/** The files that a file only hands on. */
function partsOf(file: string): readonly string[] {
  return [...readFileSync(file, "utf8").matchAll(/^export \* from "\.\/([a-z-]+)\.ts";$/gmu)].map(([, name = ""]) => name);
}

/** The types of the libraries, a file each. */
function writeTypes(): void {
  for (const [name, sources] of Object.entries(typed))
    for (const source of sources) {
      const { outputText } = ts.transpileDeclaration(readFileSync(source, "utf8"), {});
      const text = outputText
        .replaceAll('"../language-server.ts"', '"../language-server/language-server.js"')
        .replaceAll(/"(?:\.|#protocol)\/([a-z-]+)\.ts"/g, '"./$1.js"');
      writeFileSync(join("dist", name, basename(source).replace(/\.ts$/, ".d.ts")), text);
    }
}

/** The examples for editors in a browser, which cannot copy a folder of the extension. */
function writeExamples(): void {
  const files = readdirSync("examples", { recursive: true, withFileTypes: true }).filter((found) => found.isFile());
  const texts = files
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .map((path) => [relative("examples", path), readFileSync(path, "utf8")] as const);
  writeFileSync("dist/web/examples.json", JSON.stringify(Object.fromEntries(texts)));
}

const present = [...programs, ...web, ...libraries, ...pages];

rmSync("dist", { recursive: true, force: true });
for (const options of present) {
  const full: BuildOptions = { ...options, outdir: "dist" };
  if (watch) await (await context(full)).watch();
  else await build(full);
}
writeTypes();
writeExamples();
await finishPlayground();
// V8 keeps a program as text: with a single character beyond Latin-1 it takes twice the memory. esbuild escapes all but those in regular expressions.
for (const file of readdirSync("dist", { encoding: "utf8", recursive: true }).filter((name) =>
  /^(?!engine|language-server|monaco|playground).*js$/u.test(name),
))
  if (/[^\0-\xff]/u.test(readFileSync(`dist/${file}`, "utf8"))) throw new Error(`dist/${file} is not Latin-1`);
console.log(`built ${present.map((options) => Object.keys(options.entryPoints as object)[0]).join(", ")}`);

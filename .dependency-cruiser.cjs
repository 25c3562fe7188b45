// The layers of ARCHITECTURE.md as rules: a room imports only rooms above it in the table.
const above = {
  grammars: [],
  analysis: ["grammars"],
  lint: ["grammars", "analysis"],
  compiler: ["grammars", "analysis"],
  evaluation: ["grammars", "analysis", "compiler"],
  bundles: ["grammars", "analysis", "compiler"],
  workspace: ["grammars", "analysis", "lint", "compiler", "evaluation", "bundles"],
  publishing: ["grammars", "analysis", "lint", "compiler", "evaluation", "bundles", "workspace"],
  engine: ["grammars", "analysis", "compiler", "evaluation", "workspace"],
  features: ["grammars", "analysis", "lint", "compiler", "evaluation", "bundles", "workspace", "publishing"],
  protocol: [],
  server: [
    "grammars",
    "analysis",
    "lint",
    "compiler",
    "evaluation",
    "bundles",
    "workspace",
    "publishing",
    "features",
    "protocol",
  ],
  client: ["protocol"],
  embedding: ["protocol"],
  playground: ["protocol", "embedding"],
  cli: ["grammars", "analysis", "lint", "compiler", "evaluation", "bundles", "workspace", "publishing", "features"],
  rms: ["grammars", "analysis", "compiler", "evaluation", "bundles"],
};
const rooms = Object.keys(above);
const only = (name, packages, allowed) => ({
  name,
  severity: "error",
  from: { path: `^(${rooms.join("|")})/`, pathNot: `^(${allowed.join("|")})/` },
  to: { path: `^(node_modules/)?(${packages.join("|")})(/|$)` },
});

module.exports = {
  forbidden: [
    ...rooms.map((room) => ({
      name: `layers-${room}`,
      comment: `${room} may import only: ${above[room].join(", ") || "nothing"}`,
      severity: "error",
      from: { path: `^${room}/`, pathNot: "\\.test(-helper)?\\.ts$" },
      to: { path: `^(${rooms.filter((other) => other !== room && !above[room].includes(other)).join("|")})/` },
    })),
    only("chevrotain-in-grammars", ["chevrotain"], ["grammars"]),
    only("vscode-in-client", ["vscode", "vscode-languageclient"], ["client"]),
    only("languageserver-in-server", ["vscode-languageserver", "vscode-languageserver-textdocument"], ["server", "embedding"]),
    {
      name: "types-alone-in-embedding",
      comment: "Programs that embed the server bring Monaco; LSP's shapes are only types there.",
      severity: "error",
      from: { path: "^embedding/", pathNot: "\\.test(-helper)?\\.ts$" },
      to: { path: "^(node_modules/)?(vscode-languageserver|monaco-editor)(/|$)", dependencyTypesNot: ["type-only"] },
    },
    only("ldapts-in-rms", ["ldapts"], ["rms"]),
    only("opa-wasm-in-evaluation", ["@open-policy-agent/opa-wasm"], ["evaluation"]),
    {
      name: "node-modules-of-node",
      comment: "Only server/src/node, client/src/node, cli and rms may use Node's modules.",
      severity: "error",
      from: {
        path: `^(${rooms.join("|")})/`,
        pathNot: "^(server/src/node|client/src/node|cli|rms)/|\\.test(-helper)?\\.ts$",
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "sqlite-in-the-store",
      comment: "Only the embedded driver of the store speaks SQL.",
      severity: "error",
      from: { pathNot: "^rms/store/sqlite/" },
      to: { path: "^(node:)?sqlite$" },
    },
    {
      name: "drivers-behind-the-store",
      comment: "Handlers and jobs see the Store interface; a driver is chosen where a program starts.",
      severity: "error",
      from: {
        path: "^rms/",
        pathNot: "^rms/store/|^rms/server/(open|operator|(build|checkpoint|question)-worker)\\.ts$|\\.test(-helper)?\\.ts$",
      },
      to: { path: "^rms/store/sqlite/" },
    },
    {
      name: "no-circular",
      comment: "The rules of a grammar call each other; everything else flows one way.",
      severity: "error",
      from: { pathNot: "^grammars/src/(rego|hocon)/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^vscode$" } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(compiler/runtime|build|dist)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};

// Settings of VS Code as the server wants them; `opa.*` is read where `rw.*` has no value.
import * as vscode from "vscode";
import type { Settings } from "#protocol/messages.ts";
import { hasPeer } from "./peers.ts";

/** The settings that hold for a folder. */
export function readSettings(scope?: vscode.Uri): Settings {
  const rw = vscode.workspace.getConfiguration("rw", scope);
  const opa = vscode.workspace.getConfiguration("opa", scope);
  const or = <T>(key: string, fallback: T): T => rw.get<T>(key) ?? fallback;
  const text = (key: string): string | undefined => rw.get<string>(key) || undefined;
  const written = <T>(section: vscode.WorkspaceConfiguration, key: string): T | undefined => {
    const all = section.inspect<T>(key);
    return all?.workspaceFolderValue ?? all?.workspaceValue ?? all?.globalValue;
  };
  // The defaults of `rw.*` do not hide what somebody wrote for `opa.*`.
  const rwOrOpa = <T>(name: string, other: string, fallback: T): T => written<T>(rw, name) ?? written<T>(opa, other) ?? fallback;
  const rms: Record<string, string> = {};
  for (const key of ["url", "domain", "policy", "channel"]) {
    const value = text(`rms.${key}`);
    if (value !== undefined) rms[key] = value;
  }
  const settings: Settings = {
    live: { mode: or("live.mode", "inline"), timeout: or("live.timeout", 500) },
    entrypoints: or("entrypoints", []),
    inputGlobs: or("inputs.globs", []),
    profile: text("profile"),
    strict: rwOrOpa("strict", "strictMode", false),
    regoVersion: or("regoVersion", "auto"),
    roots: rwOrOpa<readonly string[]>("roots", "roots", []),
    capabilities: or("capabilities", ""),
    schemas: or("schemas", {}),
    schema: text("schema") ?? written<string | null>(opa, "schema") ?? "",
    formatter: opa.get<Settings["formatter"]>("formatter", "opa-fmt"),
    lens: {
      // The other extension shows the same lens.
      evaluate: written<boolean>(rw, "lens.evaluate") ?? !hasPeer(),
      try: or("lens.try", true),
      test: or("lens.test", true),
      // The debugger's type is the other extension's, where that is there.
      debug: !hasPeer() && or("lens.debug", true),
      why: or("lens.why", true),
      samples: or("lens.samples", true),
      publish: or("lens.publish", true),
    },
    lint: { enable: !hasPeer() && or("lint.enable", true), severity: or("lint.severity", {}) },
    inlay: { parameters: or("inlay.parameters", true), types: or("inlay.types", false), decisions: false },
    hoverValues: or("hover.values", true),
    autoImport: or("completion.autoImport", true),
    hoconIndent: or("format.hocon.indent", 2),
    hoconEnv: or("hocon.env", "simulated"),
    rms,
    trusted: vscode.workspace.isTrusted,
  };
  // VS Code's lists and objects are proxies, which no message to a web worker may hold.
  return JSON.parse(JSON.stringify(settings)) as Settings;
}

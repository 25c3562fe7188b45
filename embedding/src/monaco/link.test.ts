// Models that answers lead to, and questions that Monaco takes back.
import { expect, test } from "vitest";
import { ResponseError } from "../calls.ts";
import { memoryFiles } from "../file-system.ts";
import type { LanguageServer } from "../language-server.ts";
import type { Cancellation, MonacoApi } from "./api.ts";
import { Link } from "./link.ts";

class FakeModel {
  readonly uri: { readonly scheme: string; toString(): string };
  readonly language: string;
  text: string;
  version = 1;
  isGone = false;

  constructor(text: string, language: string, uri: string) {
    this.text = text;
    this.language = language;
    this.uri = { scheme: uri.slice(0, uri.indexOf(":")), toString: () => uri };
  }

  getVersionId = () => this.version;
  getLanguageId = () => this.language;
  isDisposed = () => this.isGone;
  isAttachedToEditor = () => false;
  onWillDispose = () => undefined;
  dispose = () => {
    this.isGone = true;
  };
  setValue = (text: string) => {
    this.text = text;
    this.version++;
  };
}

/** A link to a Monaco that has models alone, and a server that answers as told. */
function linked(answer: (method: string, signal: AbortSignal | undefined) => Promise<unknown> = async () => null) {
  const models = new Map<string, FakeModel>();
  const editor = {
    getModel: (uri: { toString(): string }) => models.get(uri.toString()) ?? null,
    createModel: (text: string, language: string, uri: { toString(): string }) => {
      const model = new FakeModel(text, language, uri.toString());
      models.set(uri.toString(), model);
      return model;
    },
  };
  class Emitter {
    event = () => ({ dispose: () => undefined });
    fire = () => undefined;
    dispose = () => undefined;
  }
  const Uri = { parse: (uri: string) => ({ scheme: uri.slice(0, uri.indexOf(":")), toString: () => uri }) };
  const files = memoryFiles({ "a.rego": "package a", "inputs/b.conf": "b = 1" });
  const server = {
    files,
    onRequest: () => () => undefined,
    request: (method: string, _: unknown, signal?: AbortSignal) => answer(method, signal),
  };
  const link = new Link({ editor, Emitter, Uri } as unknown as MonacoApi, server as unknown as LanguageServer);
  return { link, files, models };
}

const settled = () => new Promise((done) => setImmediate(done));

test("a file that has no model gets one, in its language, once", async () => {
  const { link, files, models } = linked();
  const [one, again] = await Promise.all([link.open(files.uri("a.rego")), link.open(files.uri("a.rego"))]);
  expect(one).toBe(again);
  await link.open(files.uri("inputs/b.conf"));
  expect([...models.values()].map(({ language, text }) => [language, text])).toEqual([
    ["rego", "package a"],
    ["hocon", "b = 1"],
  ]);
});

test("places in files that cannot be opened are left out", async () => {
  const { link, files } = linked();
  const places = [{ uri: files.uri("a.rego") }, { uri: files.uri("none.rego") }, { uri: "file:///etc/passwd" }];
  expect(await link.opened(places)).toEqual([{ uri: files.uri("a.rego") }]);
});

test("a model that was made follows its file until it is edited, and goes with the binding", async () => {
  const { link, files, models } = linked();
  await link.open(files.uri("a.rego"));
  await link.open(files.uri("inputs/b.conf"));
  const [policy, input] = [...models.values()];
  files.write("a.rego", "package b");
  await settled();
  expect(policy?.text).toBe("package b");
  policy?.setValue("package mine");
  files.write("a.rego", "package c");
  await settled();
  expect(policy?.text).toBe("package mine");
  link.dispose();
  expect([policy?.isGone, input?.isGone]).toEqual([false, true]);
});

test("what the server refuses is no answer; what fails is told", async () => {
  const refused = linked(() => Promise.reject(new ResponseError("no", -32803)));
  expect(await refused.link.ask("textDocument/hover", {})).toBe(null);
  const failed = linked(() => Promise.reject(new Error("broken")));
  await expect(failed.link.ask("textDocument/hover", {})).rejects.toThrow("broken");
});

test("a question that nobody wants any more is taken back", async () => {
  const asked: (AbortSignal | undefined)[] = [];
  const { link } = linked((_, signal) => {
    asked.push(signal);
    return new Promise((__, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  });
  const cancel: (() => void)[] = [];
  const token = {
    isCancellationRequested: false,
    onCancellationRequested: (listener: () => void) => {
      cancel.push(listener);
      return { dispose: () => undefined };
    },
  } as unknown as Cancellation;
  const answer = link.ask("textDocument/hover", {}, token);
  for (const listener of cancel) listener();
  expect(await answer).toBe(null);
  expect(asked[0]?.aborted).toBe(true);
});

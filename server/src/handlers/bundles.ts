// Requests about bundle archives: what is in one, its files, what two of them hold and decide otherwise, whether a key verifies one.
import { type ArchiveFile, fitsArchive, writeTar } from "#bundles/tar.ts";
import { encodeBase64 } from "#evaluation/crypto/base64.ts";
import { bundleChanges, decidingBundle } from "#features/bundle/compare.ts";
import { contentsOf } from "#features/bundle/contents.ts";
import { indented } from "#features/bundle/indented.ts";
import { signedBundle } from "#features/bundle/sign.ts";
import { verificationFault } from "#features/bundle/signature.ts";
import * as bundles from "#protocol/bundles.ts";
import { decisionInputs } from "#publishing/decision-diff.ts";
import { compareDecisions, type Decided, joinedChanges } from "#publishing/decisions.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import { Archives } from "../archives.ts";
import { changedDecision } from "../changed-decision.ts";
import { reasonOf } from "../evaluator.ts";
import { packed } from "../inflated.ts";
import type { Cancellation } from "../rpc/connection.ts";
import type { Session } from "../session.ts";

const timeout = 20_000;
let nextModule = 1;

export function registerBundles(session: Session): void {
  const { connection, uris } = session;
  const archives = new Archives((path) => session.host.readFile(path));

  connection.onRequest(bundles.bundle, async ({ uri }: bundles.BundleParams): Promise<bundles.BundleResult> => {
    const opened = await archives.opened(uris.path(uri));
    if ("problem" in opened) return opened;
    const { files, revision, roots, signature, problems } = contentsOf(opened.files);
    return {
      files,
      roots,
      problems,
      ...(revision === undefined ? {} : { revision }),
      ...(signature === undefined ? {} : { signature: toldSignature(signature) }),
    };
  });

  connection.onRequest(bundles.bundleFile, async (params: bundles.BundleFileParams): Promise<bundles.BundleFileResult> => {
    const known = await archives.known(uris.path(params.uri));
    const file = "files" in known ? known.files.find(({ name }) => name === params.path) : undefined;
    if (file === undefined) return null;
    return { base64: encodeBase64(params.indented === true ? indented(file.name, file.bytes) : file.bytes) };
  });

  connection.onRequest(
    bundles.compareBundles,
    async (params: bundles.CompareBundlesParams, cancellation: Cancellation): Promise<bundles.CompareBundlesResult> => {
      const [before, after] = await Promise.all([params.before, params.after].map((uri) => archives.opened(uris.path(uri))));
      if (before === undefined || "problem" in before) return { problem: `${nameOf(params.before)}: ${before?.problem ?? ""}` };
      if (after === undefined || "problem" in after) return { problem: `${nameOf(params.after)}: ${after?.problem ?? ""}` };
      const changes = bundleChanges(before.files, after.files);
      if (params.project === undefined || changes.length === 0) return { changes };
      const project = await session.projectOf(uris.path(params.project));
      const sides: (readonly Decided[])[] = [];
      for (const [uri, { files }] of [
        [params.before, before],
        [params.after, after],
      ] as const) {
        const decided = await decide(session, project, files, cancellation);
        if ("problem" in decided) return { changes, decisions: { problem: `${nameOf(uri)}: ${decided.problem}` } };
        sides.push(decided.decided);
      }
      const [old = [], now = []] = sides;
      const diff = joinedChanges(compareDecisions(old, now)).map(changedDecision);
      return { changes, decisions: { diff, decided: now.length } };
    },
  );

  connection.onRequest(
    bundles.signBundle,
    async ({ uri, ...signing }: bundles.SignBundleParams): Promise<bundles.SignBundleResult> => {
      const opened = await archives.opened(uris.path(uri));
      if ("problem" in opened) return opened;
      const signed = signedBundle(opened.files, signing);
      if ("problem" in signed) return signed;
      const { files, algorithm } = signed;
      const long = files.find(({ name }) => !fitsArchive(name));
      if (long !== undefined) return { problem: `the name ${long.name} is too long for an archive` };
      return { base64: encodeBase64(await packed(writeTar(files))), algorithm };
    },
  );

  connection.onRequest(
    bundles.verifyBundle,
    async ({ uri, key }: bundles.VerifyBundleParams): Promise<bundles.VerifyBundleResult> => {
      const opened = await archives.opened(uris.path(uri));
      if ("problem" in opened) return opened;
      const problem = verificationFault(opened.files, key);
      return problem === undefined ? {} : { problem };
    },
  );
}

/** What the policies and the data of a bundle decide for all samples of a project. */
async function decide(
  session: Session,
  project: Project,
  files: readonly ArchiveFile[],
  cancellation: Cancellation,
): Promise<{ readonly decided: readonly Decided[] } | { readonly problem: string }> {
  const { entrypoints } = project;
  const deciding = decidingBundle(files, entrypoints.map(entrypointName));
  if ("problem" in deciding) return deciding;
  const asked = decisionInputs(project.complete).flatMap(({ sample, json, mocks }) =>
    entrypoints.map((entrypoint) => ({
      sample,
      entrypoint,
      question: { entrypoint: entrypointName(entrypoint), input: json, mocks },
    })),
  );
  const key = `bundle:${nextModule++}`;
  const running = session.ports.evaluator.run({
    key,
    module: deciding.module,
    dataKey: key,
    data: deciding.data,
    questions: asked.map(({ question }) => question),
    now: project.now(),
    timeout,
  });
  cancellation.onCancel(() => running.stop());
  try {
    const { answers } = await running.answer;
    const decided = asked.map(({ sample, entrypoint }, at): Decided => {
      const answer = answers[at]?.answer;
      if (answer === undefined || answer.kind === "undefined") return { sample, entrypoint, decision: "undefined" };
      return { sample, entrypoint, decision: answer.kind === "error" ? `error: ${answer.error.message}` : answer.json };
    });
    return { decided };
  } catch (error) {
    return { problem: reasonOf(error, project.root) };
  }
}

function toldSignature({
  algorithm,
  keyId,
  scope,
  files,
  faults,
}: NonNullable<ReturnType<typeof contentsOf>["signature"]>): NonNullable<bundles.BundleContents["signature"]> {
  return {
    algorithm,
    files,
    faults,
    ...(keyId === undefined ? {} : { keyId }),
    ...(scope === undefined ? {} : { scope }),
  };
}

function nameOf(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
}

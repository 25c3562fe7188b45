// One question over TLS, bounded in time and size: no redirects, no proxies, nothing but a good status.
import { request } from "node:https";
import { SourceFault } from "./fault.ts";
import type { GrantedHost } from "./grants.ts";

/** Milliseconds for one answer, and bytes that it may have. */
const answerMs = 30_000;
export const maxAnswer = 32 * 1024 * 1024;

export interface HttpsQuestion extends Pick<GrantedHost, "ca"> {
  readonly authorization: string | undefined;
  readonly accept: string;
  readonly signal: AbortSignal;
  /** Sent by POST. */
  readonly body?: { readonly type: string; readonly text: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** Any status from 200 to 299 is a good one, and nothing else of the answer counts: it comes back empty. */
  readonly statusAlone?: boolean;
}

export function httpsAsk(url: URL, question: HttpsQuestion): Promise<Buffer> {
  const { ca, authorization, accept, signal, body, headers: more = {}, statusAlone = false } = question;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new SourceFault(`${url.host} ${why}`));
    const asked = request(
      url,
      {
        method: body === undefined ? "GET" : "POST",
        agent: false,
        signal: bounded,
        rejectUnauthorized: true,
        maxHeaderSize: 16 * 1024,
        ...(ca === undefined ? {} : { ca }),
        headers: {
          accept,
          "accept-encoding": "identity",
          "user-agent": "rulewright-rms",
          ...(authorization === undefined ? {} : { authorization }),
          ...(body === undefined ? {} : { "content-type": body.type }),
          ...more,
        },
      },
      (answer) => {
        const { statusCode = 0, headers } = answer;
        const refuse = (why: string): void => {
          answer.destroy();
          fail(why);
        };
        if (statusCode >= 300 && statusCode < 400) return refuse(`redirects (${statusCode}), which is not followed`);
        if (statusAlone && statusCode >= 200 && statusCode < 300) {
          // The rest is thrown away for as long as the question has time.
          answer.on("error", () => undefined).resume();
          return resolve(Buffer.alloc(0));
        }
        if (statusCode !== 200) return refuse(`answers with status ${statusCode}`);
        if ((headers["content-encoding"] ?? "identity") !== "identity")
          return refuse("packs its answer, which was not asked for");
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxAnswer) return refuse(`answers with more than ${maxAnswer} bytes`);
          chunks.push(chunk);
        });
        answer.on("error", () => fail("broke off its answer"));
        answer.on("end", () => (answer.complete ? resolve(Buffer.concat(chunks)) : fail("broke off its answer")));
      },
    );
    asked.on("error", (error) => fail(bounded.aborted ? "did not answer in time" : `cannot be asked: ${error.message}`));
    asked.end(body?.text);
  });
}

// What may take long: after a second a notification says so, with a button that withdraws it.
import * as vscode from "vscode";

const patience = 1000;

/** The answer; undefined where it was withdrawn. */
export async function slowly<T>(
  title: string,
  question: vscode.CancellationTokenSource,
  answer: Promise<T>,
): Promise<T | undefined> {
  const settled = answer.catch((error: unknown) => {
    if (question.token.isCancellationRequested) return undefined;
    throw error;
  });
  const late = setTimeout(() => {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, (_, cancel) => {
      cancel.onCancellationRequested(() => question.cancel());
      return settled.then(
        () => undefined,
        () => undefined,
      );
    });
  }, patience);
  return settled.finally(() => clearTimeout(late));
}

// Wires the requests beyond LSP. Each is a command too, for other clients.
import type { ExecuteCommandParams } from "vscode-languageserver";
import { nameFault, newFiles } from "#features/new-files.ts";
import * as messages from "#protocol/messages.ts";
import { libraryFiles } from "#workspace/rms.ts";
import { ruleLibraryFiles } from "#workspace/rule-library.ts";
import type { Deciding } from "../live.ts";
import { RefactoringProof } from "../refactoring-proof.ts";
import { type Cancellation, codes, RequestError } from "../rpc/connection.ts";
import { commandFits } from "../rpc/params.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Session } from "../session.ts";
import { createTestRequest } from "./create-test.ts";
import { dependenciesRequest } from "./dependencies.ts";
import { evaluationRequests } from "./evaluation.ts";
import { hoconRequests } from "./hocon.ts";
import { schemaRequests } from "./infer-schema.ts";
import { matrixRequest } from "./matrix.ts";
import { migrationRequest } from "./migration.ts";
import { partialRequest } from "./partial.ts";
import { recordMocksRequest } from "./record-mocks.ts";
import { regalEval } from "./regal-eval.ts";
import { sampleRequests } from "./samples.ts";
import { tellingRequests } from "./telling.ts";
import { testRequests } from "./tests.ts";
import { whatIfRequests } from "./what-if.ts";
import { whyRequest } from "./why.ts";

export function registerCommands(session: Session, scheduler: Scheduler, { inputs, asking, tests: runs }: Deciding): void {
  const { connection } = session;
  const hocon = hoconRequests(session, (root) => inputs.profileOf(root));
  const { samples, selectSample, pinSample, applyPin } = sampleRequests(session, scheduler, inputs);
  const { evaluate, acceptDecision } = evaluationRequests(session, asking, inputs);
  const { tell, coverage } = tellingRequests(session, inputs, evaluate);
  const { tests, runTests } = testRequests(session, runs);
  const dependencies = dependenciesRequest(session);
  const partial = partialRequest(session, inputs);
  const why = whyRequest(session, inputs);
  const { whatIf, applyWhatIf } = whatIfRequests(session, asking, inputs);
  const { inferSchema, applySchema } = schemaRequests(session);
  const createTest = createTestRequest(session, asking, inputs);
  const recordMocks = recordMocksRequest(session, asking, inputs);
  const matrix = matrixRequest(session, asking, inputs);
  const migrate = migrationRequest(session, new RefactoringProof(asking, inputs));

  connection.onRequest(messages.library, ({ uri }: messages.LibraryParams) => libraryText(uri));
  connection.onRequest(messages.samples, samples);
  connection.onRequest(messages.selectSample, selectSample);
  connection.onRequest(messages.pinSample, pinSample);
  connection.onRequest(messages.evaluate, evaluate);
  connection.onRequest(messages.tell, tell);
  connection.onRequest(messages.coverage, coverage);
  connection.onRequest(messages.resolve, hocon.resolve);
  connection.onRequest(messages.convert, hocon.convert);
  connection.onRequest(messages.moveEntry, hocon.moveEntry);
  connection.onRequest(messages.tests, tests);
  connection.onRequest(messages.runTests, runTests);
  connection.onRequest(messages.acceptDecision, acceptDecision);
  connection.onRequest(messages.matrix, matrix);
  connection.onRequest(messages.inferSchema, inferSchema);
  connection.onRequest(messages.createTest, createTest);
  connection.onRequest(messages.recordMocks, recordMocks);
  connection.onRequest(messages.migrate, migrate);
  connection.onRequest(messages.newFiles, filesFor);
  connection.onRequest(messages.partial, partial);
  connection.onRequest(messages.why, why);
  connection.onRequest(messages.whatIf, whatIf);
  connection.onRequest(messages.applyWhatIf, applyWhatIf);
  connection.onRequest(messages.dependencies, dependencies);

  const run = async (command: string, argument: unknown, cancellation: Cancellation): Promise<unknown> => {
    switch (command) {
      case "rw.applyEdit":
        return connection.request("workspace/applyEdit", argument).then(() => null);
      case "rw.evaluate":
        return evaluate(argument as messages.EvaluateParams, cancellation);
      case "rw.tell":
        return tell(argument as messages.TellParams, cancellation);
      case "rw.coverage":
        return coverage(argument as messages.EvaluateParams, cancellation);
      case "rw.samples":
        return samples(argument as messages.SamplesParams);
      case "rw.selectSample":
        return selectSample(argument as messages.SelectSampleParams);
      case "rw.pinSample":
        return applyPin(argument as messages.PinSampleParams);
      case "rw.resolve":
        return hocon.resolve(argument as messages.ResolveParams);
      case "rw.convert":
        return hocon.convert(argument as messages.ConvertParams);
      case "rw.moveEntry":
        return hocon.moveEntry(argument as messages.MoveEntryParams);
      case "rw.tests":
        return tests();
      case "rw.runTests":
        return runTests((argument ?? { ids: [] }) as messages.RunTestsParams, cancellation);
      case "rw.acceptDecision":
        return acceptDecision(argument as messages.AcceptDecisionParams);
      case "rw.inferSchema":
        return applySchema(argument as messages.InferSchemaParams);
      case "rw.createTest":
        return createTest(argument as messages.CreateTestParams);
      case "rw.recordMocks":
        return recordMocks(argument as messages.RecordMocksParams, cancellation);
      case "rw.matrix":
        return matrix(argument as messages.MatrixParams, cancellation);
      case "rw.dependencies":
        return dependencies(argument as messages.DependenciesParams);
      case "rw.partial":
        return partial(argument as messages.PartialParams);
      case "rw.why":
        return why(argument as messages.WhyParams, cancellation);
      case "rw.whatIf":
        return whatIf(argument as messages.WhyParams, cancellation);
      case "rw.applyWhatIf":
        return applyWhatIf(argument as messages.ApplyWhatIfParams);
      case "rw.migrateWorkspace":
        return migrate(argument as messages.MigrateParams);
      case "rw.newFiles":
        return filesFor(argument as messages.NewFilesParams);
      case "regal.eval":
        return regalEval(session, evaluate, argument, cancellation);
      default:
        throw new RequestError(`unknown command ${command}`, codes.invalidParams);
    }
  };

  connection.onRequest(
    "workspace/executeCommand",
    async ({ command, arguments: given }: ExecuteCommandParams, cancellation: Cancellation) => {
      const [first] = given ?? [];
      if (!commandFits(command, first)) throw new RequestError(`${command}: the argument has not its shape`, codes.invalidParams);
      return run(command, first, cancellation);
    },
  );
}

function libraryText(uri: string): messages.LibraryResult {
  return { text: [...libraryFiles, ...ruleLibraryFiles].find((file) => file.path === uri)?.text ?? "" };
}

function filesFor({ kind, name }: messages.NewFilesParams): messages.NewFilesResult {
  const fault = nameFault(kind, name);
  return fault === undefined ? { files: newFiles(kind, name) } : { files: [], fault };
}

/** The plugin API: the only thing that a plugin may import. */
export { defineCalculationFunction, defineCalculationJob, defineWorkflow } from './define.ts';
export type {
  CalculationFunction,
  CalculationJob,
  ProcessDefinition,
  TypedDefinition,
  Workflow,
} from './define.ts';
export { defineRestart } from './restart/define-restart.ts';
export type { RestartDefinition } from './restart/define-restart.ts';
export { standardHandlers } from './restart/standard-handlers.ts';
export type { StandardSettings } from './restart/standard-handlers.ts';
export type {
  Change,
  HandlerChoice,
  NextRun,
  Reaction,
  RestartContext,
  RestartHandler,
} from './restart/handler.ts';
export { namespace, optional, port } from './ports.ts';
export { data } from './data.ts';
export { Exit, StepFailed } from './step.ts';
export type { AskedQuestion, Step, StepInput, StepOptions, StepOutcome } from './step.ts';
export type { GivenAnswer } from '../process/question.ts';
export type {
  CalcInfo,
  CodeRun,
  ExitRequest,
  ParseContext,
  ParseResult,
  PrepareContext,
  RemoteFile,
} from './calculation-job.ts';
export type {
  BoolValue,
  CodeValue,
  DataValue,
  DictValue,
  FileValue,
  ListValue,
  NodeFiles,
  NumberValue,
  RemoteValue,
  StrValue,
} from './values.ts';
export { matchingFiles, readPathPattern } from '../paths/path-pattern.ts';
export type { PathPattern } from '../paths/path-pattern.ts';
export { float } from '../provenance/python-json.ts';

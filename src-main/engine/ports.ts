/**
 * What the engine needs of the world, as interfaces. The composition root fills them: the store with SQLite, the job
 * host with SSH and schedulers, the plugin host with a worker thread; a test or the simulator with something virtual.
 */
import type { Uuid, NodeId, ObjectHash, ComputerId } from '#shared/provenance/ids.ts';
import type { LinkType } from '#shared/provenance/links.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import type { RepositoryTree } from '#shared/provenance/repository-tree.ts';
import type { CacheChoice } from '#shared/process/caching-rules.ts';
import type { StopRule } from '#shared/process/rule-types.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import type { GivenAnswer, Question } from '#shared/process/question.ts';
import type { ProcessState } from '#shared/process/states.ts';

// ---------------------------------------------------------------------------------------------------- the store

/** A node to be stored. Attributes and extras become JSON text as Python writes it. */
export interface NewNode {
  readonly uuid: Uuid;
  readonly nodeType: string;
  readonly processType: string | null;
  readonly label: string;
  readonly description: string;
  /** Microseconds since 1970-01-01 UTC. */
  readonly ctime: number;
  readonly attributes: { readonly [key: string]: PyJson };
  readonly extras?: { readonly [key: string]: PyJson };
  readonly repository?: RepositoryTree;
  readonly computer: ComputerId | null;
}

/** A node as the engine reads it back. */
export interface NodeRecord {
  readonly id: NodeId;
  readonly uuid: Uuid;
  readonly nodeType: string;
  readonly processType: string | null;
  readonly label: string;
  readonly description: string;
  /** Microseconds since 1970. */
  readonly ctime: number;
  /** JSON text as stored. */
  readonly attributes: string;
  readonly repository: RepositoryTree;
  readonly computer: ComputerId | null;
  readonly sealed: boolean;
}

/** A link as the engine reads it back. */
export interface LinkRecord {
  readonly source: NodeId;
  readonly target: NodeId;
  readonly type: LinkType;
  readonly label: string;
}

/** The state of a process that the engine is responsible for; `state` is the JSON of a state of `engine/`. */
export interface RunRecord {
  readonly process: NodeId;
  readonly state: string;
}

/** Work that was promised in a transaction and is done after it. `payload` is the JSON of an effect. */
export interface EffectRecord {
  /** Unique for ever: the process, the kind and a number. The same effect has the same key after a crash. */
  readonly key: string;
  readonly process: NodeId;
  readonly payload: string;
  /** Milliseconds since 1970; not before that time. */
  readonly notBefore: number;
}

/** A recorded step of a workflow. */
export interface StepRecord {
  readonly process: NodeId;
  readonly label: string;
  /** JSON of a step of `workflows/`. */
  readonly record: string;
}

/** Everything inside one transaction. Synchronous, so that nothing else can come in between. */
export interface EngineTransaction {
  insertNode(node: NewNode): NodeId;
  /** @throws StemmaError `link-refused` where the rules of the graph forbid it */
  insertLink(link: LinkRecord): void;
  /** Sets (or with `undefined` takes away) top-level attributes of a process that is not sealed, and `mtime` (µs). */
  patchAttributes(
    process: NodeId,
    patch: { readonly [key: string]: PyJson | undefined },
    mtime: number,
  ): void;
  /** The files of a process that is not sealed. */
  setRepository(process: NodeId, tree: RepositoryTree): void;
  /** From here on the node never changes. Sets the attribute `sealed`. */
  seal(process: NodeId): void;
  log(line: {
    readonly process: NodeId;
    /** Microseconds since 1970, unlike that of the journal. */
    readonly time: number;
    readonly level: string;
    readonly logger: string;
    readonly message: string;
  }): void;

  putRun(run: RunRecord): void;
  removeRun(process: NodeId): void;
  putEffect(effect: EffectRecord): void;
  removeEffect(key: string): void;
  /** One line of the life of a process, for its page and for replay in tests; `time` in ms since 1970. */
  appendJournal(entry: { readonly process: NodeId; readonly time: number; readonly event: string }): void;
  /** An event for a process that is handled in a later transaction; survives a crash in between. Returns its key. */
  putInbox(process: NodeId, event: string): number;
  removeInbox(key: number): void;
  putStep(step: StepRecord): void;

  node(id: NodeId): NodeRecord | null;
  /** AiiDA's hash of a stored data node; see docs/caching.md. @throws where there is no such node */
  dataHash(id: NodeId): string;
  /**
   * Calculations of a type that are sealed and finished, have this hash, and were not taken out of the cache by a
   * person; few, those with one of these exit statuses first, the oldest of them before all others.
   */
  equalCalculations(
    hash: string,
    processType: string,
    exitStatuses: readonly number[],
  ): readonly NodeRecord[];
  nodeByUuid(uuid: Uuid): NodeRecord | null;
  /** Links of a node, in the order in which they were made. */
  incoming(id: NodeId): readonly LinkRecord[];
  outgoing(id: NodeId): readonly LinkRecord[];
  step(process: NodeId, label: string): StepRecord | null;
  /** All recorded steps of a workflow, by label. */
  steps(process: NodeId): readonly StepRecord[];
}

/** What can be asked without a transaction that writes: it waits for nobody. */
export type EngineReads = Pick<
  EngineTransaction,
  'node' | 'nodeByUuid' | 'incoming' | 'outgoing' | 'step' | 'steps' | 'dataHash' | 'equalCalculations'
>;

/** The database as the engine sees it; `journal` has its times in ms since 1970. */
export interface EngineStore {
  /**
   * All of it or nothing, and durable when it returns. An exception rolls back and comes through.
   * @throws StemmaError `disk-full`, `database-busy`, `database-corrupt`
   */
  transaction<T>(work: (tx: EngineTransaction) => T): T;
  /** Looks only; never busy, also while another connection writes. */
  read<T>(work: (reads: EngineReads) => T): T;
  /** By process: those after `after`, `limit` at most; all of them where nothing is given. */
  runs(after?: NodeId, limit?: number): readonly RunRecord[];
  effects(): readonly EffectRecord[];
  inbox(): readonly { readonly key: number; readonly process: NodeId; readonly event: string }[];
  journal(process: NodeId): readonly { readonly time: number; readonly event: string }[];
}

// ---------------------------------------------------------------------------------------------------- the files

/** The repository as the engine sees it: content by hash. */
export interface ObjectStore {
  /** Durable when it resolves. */
  putBytes(bytes: Uint8Array): Promise<{ readonly hash: ObjectHash; readonly size: number }>;
  /** Many at once, with one wait for the disk. Same order. */
  putMany(
    items: readonly Uint8Array[],
  ): Promise<readonly { readonly hash: ObjectHash; readonly size: number }[]>;
  /** Bytes of each; null where it is not there. */
  sizes(hashes: readonly ObjectHash[]): Promise<readonly (number | null)[]>;
  /** @throws StemmaError `object-missing`, `object-damaged` */
  bytes(hash: ObjectHash): Promise<Uint8Array>;
}

// -------------------------------------------------------------------------------------------------- the computers

/** One attempt to run a job. Two attempts never share a directory or a token. */
export interface Attempt {
  readonly computer: Uuid;
  readonly process: Uuid;
  /** 1, 2, … */
  readonly number: number;
  /** 16 characters `[a-z0-9]`, the first a letter; the job's name in the scheduler begins with it. */
  readonly token: string;
  /** When it was made, by our clock, ms since 1970: nothing was submitted of it before. Older states do not have it. */
  readonly since?: number | undefined;
}

/** A file that is to be in the work directory, whose content the repository has. */
export interface JobFile {
  /** Relative to the work directory. */
  readonly path: string;
  readonly hash: ObjectHash;
  /** Bytes. */
  readonly size: number;
  readonly executable: boolean;
}

/** What is on the computer already. `optional`: left out where it is not there. */
export interface RemoteCopy {
  /** Absolute; may be a pattern. */
  readonly from: string;
  /** In the work directory. */
  readonly to: string;
  readonly optional?: boolean | undefined;
}

/** What must be in the work directory before the job is submitted. */
export interface UploadPlan {
  readonly files: readonly JobFile[];
  readonly remoteCopies: readonly RemoteCopy[];
  readonly remoteSymlinks: readonly RemoteCopy[];
  /** Name of the job script among the files. */
  readonly script: string;
}

/** Facts on a job as the scheduler or its own sentinel gave them; what is not known is absent. */
export interface JobFacts {
  /** AiiDA's words. */
  readonly state: 'queued' | 'queued held' | 'running' | 'suspended' | 'done' | 'undetermined';
  /** The scheduler's own word and reason: `PENDING`, `Priority`. */
  readonly schedulerState: string;
  readonly reason: string;
  readonly nodes?: string | undefined;
  /** Milliseconds since 1970, by the computer's clock. */
  readonly started?: number | undefined;
  /** Of a job in the queue: when the scheduler means to start it. It changes its mind. */
  readonly expectedStart?: number | undefined;
  readonly ended?: number | undefined;
  /** Of the job script, from the end sentinel. */
  readonly exitStatus?: number | undefined;
  readonly raw?: string | undefined;
}

/** What a look and, perhaps, a submission have proved. Only `refused`, `held` and `void` say that there is no job. */
export type SubmitOutcome =
  /** `recovered`: it had been accepted before and we had not heard of it. */
  | { readonly kind: 'accepted'; readonly jobId: string; readonly recovered: boolean }
  /** Definite: the same job would be refused again. */
  | { readonly kind: 'refused'; readonly message: string; readonly account: boolean }
  /** The site takes no more jobs from us now: nothing was accepted, nothing is wrong. Wait for a place. */
  | { readonly kind: 'held'; readonly message: string }
  /** It may have been accepted. Look again later; never submit again from this answer. */
  | { readonly kind: 'unconfirmed'; readonly message: string }
  /** It may have been accepted, and even have run, and everything that could say so is gone: a person must decide. */
  | { readonly kind: 'vanished'; readonly message: string }
  /** Proved: this attempt did not run and never will. A new attempt may be made. */
  | { readonly kind: 'void'; readonly message: string };

/** What is known of a job that was submitted. No answer is never one of these. */
export type JobObservation =
  | { readonly kind: 'seen'; readonly facts: JobFacts }
  /** Proved by its end sentinel, or by the scheduler's final state without one (walltime, memory, node, cancel). */
  | {
      readonly kind: 'ended';
      readonly facts: JobFacts;
      readonly cause: 'done' | 'walltime' | 'memory' | 'node-failure' | 'cancelled' | 'fence' | 'unknown';
      /** Where accounting could not be asked for the cause: since when it has not answered, by our clock. */
      readonly silentSince?: number;
    }
  /** It has left the queue, and accounting, which would tell how it ended, does not answer; null: it answers again. */
  | { readonly kind: 'unaccounted'; readonly silence: AccountingSilence | null }
  /** Another job of the attempt holds its fence, so that this one never runs: that is the one to watch. */
  | { readonly kind: 'twin'; readonly jobId: string }
  /** A rule of the job is fulfilled: it is to be stopped. */
  | { readonly kind: 'rule-met'; readonly finding: RuleFinding }
  /** Not in the complete queue, no sentinel, not in accounting, which was asked: a person must decide. */
  | {
      readonly kind: 'lost';
      readonly message: string;
      readonly facts: JobFacts;
      readonly found?: readonly Finding[];
    };

/** Accounting is asked about a job that has left the queue, and does not answer. */
export interface AccountingSilence {
  /** The scheduler's words. */
  readonly message: string;
  /** By our clock. */
  readonly since: number;
  /** Whether the job noted its own end, by which it goes on if accounting stays away. */
  readonly noted: boolean;
}

/** What a rule read when it was fulfilled. */
export interface RuleFinding {
  readonly rule: StopRule;
  /** As text, because it may be no number; null where the rule is about silence. */
  readonly value: string | null;
  readonly line: string;
}

/** Who was asked about a job, and what they said. */
export interface Finding {
  readonly name: string;
  readonly value: string;
}

/** A file that came back and is stored. `path` is relative to the work directory. */
export interface RetrievedFile {
  readonly path: string;
  readonly hash: ObjectHash;
  /** Bytes. */
  readonly size: number;
}

/** The computers as the engine sees them. Every method may be called again after a crash, and must then look first. */
export interface JobHost {
  /**
   * Makes the attempt's directory hold exactly the plan (and is repeated after a crash). Called only while no submission
   * of the attempt was begun.
   * Resolves with its absolute path once every file was compared by hash, and with why the job must wait for a place in
   * the queue before it is submitted; null where it has one.
   * @throws StemmaError of the operational family with a code that `engine/retry.ts` knows
   */
  upload(
    attempt: Attempt,
    plan: UploadPlan,
    signal: AbortSignal,
  ): Promise<{ readonly directory: string; readonly waits: string | null }>;
  /** Resolves when a job that waits for a place in the queue has one. Nothing was submitted of it, or it was held back. */
  place(attempt: Attempt, signal: AbortSignal): Promise<void>;
  /** Looks first whether this attempt was submitted already; submits only when it surely was not. */
  submit(attempt: Attempt, directory: string, script: string, signal: AbortSignal): Promise<SubmitOutcome>;
  /** Observes a job with all others of its computer, until it ends or the signal aborts. Calls only on change. */
  watch(
    attempt: Attempt,
    job: {
      readonly jobId: string;
      readonly directory: string;
      readonly rules?: readonly StopRule[];
      /** Asked at each look: whether its rules stop nothing now. */
      readonly rulesRest?: () => boolean;
      /** What was last observed of accounting's silence. */
      readonly silence?: AccountingSilence | null;
    },
    onObservation: (observation: JobObservation) => void,
    signal: AbortSignal,
  ): void;
  /**
   * Files by path or glob into the repository, each compared by hash. A pattern that matches nothing is a fact, and so
   * is what may not be taken (`skipped`).
   */
  retrieve(
    attempt: Attempt,
    directory: string,
    patterns: readonly string[],
    signal: AbortSignal,
  ): Promise<{
    readonly files: readonly RetrievedFile[];
    readonly unmatched: readonly string[];
    readonly skipped?: readonly { readonly path: string; readonly why: string }[];
  }>;
  /** Resolves when the scheduler has taken the wish; the end is observed by `watch`. */
  cancel(
    attempt: Attempt,
    job: { readonly jobId: string; readonly directory: string },
    signal: AbortSignal,
  ): Promise<void>;
}

// --------------------------------------------------------------------------------------------------- the plugins

/** A stored data node, described for the plugin host. Files are asked for when plugin code reads them. */
export interface NodeForPlugin {
  readonly uuid: Uuid;
  readonly nodeType: string;
  readonly label: string;
  readonly attributes: string;
  /** Content that is not stored yet (in a preview) comes as bytes. */
  readonly files: readonly (readonly [path: string, content: ObjectHash | Uint8Array])[];
  readonly computer: Uuid | null;
}

/** A data node that plugin code made: text attributes, and bytes that are not stored yet. */
export interface MadeData {
  readonly nodeType: string;
  readonly attributes: string;
  readonly label: string;
  readonly files: readonly { readonly path: string; readonly content: Uint8Array | ObjectHash }[];
}

/**
 * How plugin code ended. `threw` is a defect of the plugin, `stopped` is our doing; neither says anything of the data.
 */
export type FunctionOutcome =
  | { readonly kind: 'outputs'; readonly outputs: Readonly<Record<string, MadeData>> }
  | {
      readonly kind: 'exit';
      readonly status: number;
      readonly message: string;
      readonly outputs: Readonly<Record<string, MadeData>>;
    }
  | { readonly kind: 'threw'; readonly error: string; readonly stack: string }
  /** Time or memory ran out, or the worker died. */
  | { readonly kind: 'stopped'; readonly why: 'time' | 'memory' | 'crash'; readonly message: string };

/** What `prepare` gave, with codes and remote data by UUID. */
export interface PreparedCalculation {
  readonly files: readonly { readonly path: string; readonly content: Uint8Array }[];
  readonly localCopies: readonly { readonly content: ObjectHash | Uint8Array; readonly to: string }[];
  readonly remoteCopies: readonly RemoteCopy[];
  readonly remoteSymlinks: readonly RemoteCopy[];
  readonly runs: readonly {
    readonly code: Uuid;
    readonly arguments: readonly string[];
    readonly stdin: string | null;
    readonly stdout: string | null;
    readonly stderr: string | null;
    readonly joinFiles: boolean;
    readonly withMpi: boolean | null;
  }[];
  readonly parallel: boolean;
  readonly retrieve: readonly string[];
  readonly prependText: string;
  readonly appendText: string;
}

/** How a job ended, for its parser. */
export interface JobEnd {
  /** Of the job script, from its end sentinel; null where the job was cut off. */
  readonly exitStatus: number | null;
  /** What the scheduler says was the matter, as an exit code: out of walltime, out of memory, a failed node. */
  readonly schedulerExit: { readonly status: number; readonly message: string } | null;
}

/** Nodes by flat label: `pw__structure`. */
export type PluginInputs = Readonly<Record<string, NodeForPlugin>>;

/** The text in which a process is written, as it is stored. */
export interface ProcessSource {
  readonly text: string;
  /** Of the object, which is stored. */
  readonly hash: ObjectHash;
}

/** Plugin code as the engine sees it: run elsewhere, and what it throws is an outcome. */
export interface PluginHost {
  specs(): readonly ProcessSpec[];
  /** Null for what is not installed here. */
  source?(plugin: string): ProcessSource | null;
  /** Sentences by flat label (`''` for the whole) where the plugin's own validators object. */
  validate(
    plugin: string,
    inputs: PluginInputs,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>>;
  runFunction(plugin: string, inputs: PluginInputs, signal: AbortSignal): Promise<FunctionOutcome>;
  prepare(
    plugin: string,
    inputs: PluginInputs,
    computer: Uuid,
    signal: AbortSignal,
  ): Promise<
    | { readonly kind: 'prepared'; readonly calculation: PreparedCalculation }
    | Extract<FunctionOutcome, { kind: 'threw' | 'stopped' }>
  >;
  parse(
    plugin: string,
    inputs: PluginInputs,
    retrieved: readonly (readonly [path: string, hash: ObjectHash])[],
    end: JobEnd,
    signal: AbortSignal,
  ): Promise<FunctionOutcome>;
  /**
   * Runs a workflow function until it ends; `asks` answers its steps. Answers reach the code in the order in which they
   * resolve, one at a time: the code has come to rest, with all its files read, before it gets the next.
   */
  runWorkflow(
    plugin: string,
    inputs: PluginInputs,
    asks: (ask: WorkflowAsk) => Promise<WorkflowAnswer>,
    signal: AbortSignal,
    hooks?: WorkflowHooks,
  ): Promise<WorkflowOutcome>;
}

/** What the engine hears of the code of a workflow besides what it asks. */
export interface WorkflowHooks {
  /** The code runs again from its first line, because its thread was lost; what it asked before is forgotten. */
  restarted(): void;
  /** The code waits for answers and for nothing else. */
  idle(): void;
}

/** What the code of a workflow wants to know or done. Reports and annotations have an `ordinal`, all others a label. */
export type WorkflowAsk =
  | {
      readonly kind: 'call';
      readonly label: string;
      readonly plugin: string;
      readonly inputs: Readonly<Record<string, { readonly uuid: Uuid } | MadeData>>;
      readonly nodeLabel: string;
      readonly description: string;
      readonly computer: Uuid | null;
      /** JSON of job options. */
      readonly options: string;
      /** As the profile says where it is not given. */
      readonly caching?: CacheChoice | undefined;
    }
  | { readonly kind: 'now'; readonly label: string }
  | { readonly kind: 'random'; readonly label: string }
  | { readonly kind: 'sleep'; readonly label: string; readonly ms: number }
  | { readonly kind: 'report'; readonly message: string; readonly ordinal: number }
  /** A person answers; the workflow waits for as long as that takes. */
  | { readonly kind: 'question'; readonly label: string; readonly question: Question }
  | Annotation;

/** A fact of the workflow, kept as an attribute of its node. */
export interface Annotation {
  readonly kind: 'annotation';
  readonly name: string;
  /** JSON text. */
  readonly value: string;
  readonly ordinal: number;
}

/** What it is told. `number` answers `now` (ms since 1970) and `random` (0 to 1). */
export type WorkflowAnswer =
  | {
      readonly kind: 'outcome';
      readonly uuid: Uuid;
      readonly state: Extract<ProcessState, 'finished' | 'excepted' | 'killed'>;
      readonly ok: boolean;
      readonly exitStatus: number | null;
      readonly exitMessage: string;
      readonly inputs: PluginInputs;
      readonly outputs: Readonly<Record<string, NodeForPlugin>>;
    }
  | { readonly kind: 'number'; readonly value: number }
  | ({ readonly kind: 'choice' } & GivenAnswer)
  | { readonly kind: 'done' };

/** How the code of a workflow ended; outputs are nodes that are stored already. */
export type WorkflowOutcome =
  | { readonly kind: 'outputs'; readonly outputs: Readonly<Record<string, Uuid>> }
  | {
      readonly kind: 'exit';
      readonly status: number;
      readonly message: string;
      readonly outputs: Readonly<Record<string, Uuid>>;
    }
  | Extract<FunctionOutcome, { kind: 'threw' | 'stopped' }>;

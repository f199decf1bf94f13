import { Emitter } from '#shared/base/emitter.ts';
import { seededRandom, type Random } from '#shared/base/random.ts';
import type { BackgroundTask, CheckReport, Settings } from '#shared/contract/areas/app.ts';
import type { ErrorInfo } from '#shared/base/errors.ts';
import type { CodeRow, ComputerConfig, ConnectionState, TestStep } from '#shared/contract/areas/computers.ts';
import type { LaunchRequest, ResumeStep } from '#shared/contract/areas/launch.ts';
import type {
  Activity,
  Explanation,
  Iteration,
  LogLine,
  ProcessStep,
  ResumedRun,
  RuleOnPage,
  WorkflowSources,
} from '#shared/contract/areas/processes.ts';
import type { Purge } from '#shared/contract/areas/purges.ts';
import type { Deletion } from '#shared/contract/areas/storage.ts';
import type { NodeRef } from '#shared/contract/common.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { InputOf } from '#shared/contract/define.ts';
import { cacheExtras } from '#shared/provenance/cache-extras.ts';
import type { LinkType } from '#shared/provenance/links.ts';
import type { NodeKind } from '#shared/provenance/node-types.ts';
import type { ProcessKind } from '#shared/process/ports.ts';
import { displayStates, type DisplayState } from '#shared/process/states.ts';

/** A process of the fake, with everything that its page shows. */
export interface FakeProcess {
  kind: ProcessKind;
  state: DisplayState;
  exitStatus: number | null;
  exitMessage: string;
  exception: string;
  activity: Activity;
  computer: string;
  caller: number | null;
  steps: ProcessStep[];
  explanation: Explanation | null;
  iterations: Iteration[];
  /** What a new run that resumes this one would do with its steps. */
  plan: ResumeStep[];
  resumed?: ResumedRun;
  sources?: WorkflowSources;
  scheduler: { name: string; value: string }[];
  log: LogLine[];
  rules: RuleOnPage[];
}

export interface FakeNode {
  readonly pk: number;
  readonly uuid: string;
  readonly kind: NodeKind;
  readonly nodeType: string;
  readonly processType: string;
  readonly className: string;
  label: string;
  description: string;
  readonly summary: string;
  readonly ctime: number;
  mtime: number;
  readonly attributes: Record<string, unknown>;
  readonly extras: Record<string, unknown>;
  readonly files: Map<string, Uint8Array>;
  readonly comments: { uuid: string; user: string; ctime: number; mtime: number; content: string }[];
  readonly process: FakeProcess | null;
}

export interface FakeLink {
  readonly from: number;
  readonly to: number;
  readonly type: LinkType;
  readonly label: string;
}

export interface FakeComputer {
  readonly uuid: string;
  config: ComputerConfig;
  hostname: string;
  enabled: boolean;
  paused: boolean;
  connection: ConnectionState;
  message: string;
  /** What the person is wanted for, while `connection` is `needs-you`. */
  ask?: TestStep['ask'];
  /** Why it cannot be reached, or what the last look failed with. */
  problem?: ErrorInfo | null;
  /** Jobs that it holds up. */
  waiting?: number;
  /** It came with an archive. */
  unknown?: boolean;
}

export interface FakeGroup {
  readonly uuid: string;
  label: string;
  description: string;
  readonly typeString: string;
  readonly time: number;
  readonly nodes: Set<string>;
}

export type NodeDraft = Partial<Omit<FakeNode, 'pk' | 'uuid' | 'mtime'>> &
  Pick<FakeNode, 'kind' | 'nodeType' | 'className' | 'ctime'>;

/** A process that was taken from the cache. */
export const isCopy = (node: FakeNode): boolean =>
  node.process !== null && cacheExtras.cachedFrom in node.extras;

/** Everything that the fake core knows. Tests change it and call `touch`; every stream that shows it follows. */
export class World {
  readonly random: Random;
  readonly nodes = new Map<number, FakeNode>();
  readonly byUuid = new Map<string, FakeNode>();
  readonly incoming = new Map<number, FakeLink[]>();
  readonly outgoing = new Map<number, FakeLink[]>();
  readonly computers: FakeComputer[] = [];
  readonly codes: CodeRow[] = [];
  readonly groups: FakeGroup[] = [];
  /** UUIDs of nodes whose files are purged, with the record. */
  readonly purged = new Map<string, Purge>();
  /** What was deleted and can be restored, the newest first. */
  readonly deletions: { readonly deletion: Deletion; readonly nodes: readonly FakeNode[] }[] = [];
  readonly tasks: BackgroundTask[] = [];
  /** What was launched, in order. */
  readonly launched: LaunchRequest[] = [];
  /** What archives were asked for, in order. */
  readonly exported: InputOf<Contract['archives.export']>[] = [];
  /** A freeing of space goes on until it is stopped. */
  holdsFreeing = false;
  /** What a check of the profile finds. */
  readonly problems: CheckReport['problems'] = [];
  /** A check of the profile goes on until it is cancelled. */
  holdsCheck = false;
  readonly archives: { source: string; name: string; file: string; opened: number }[] = [];
  /** Paths of the files that the shell has given out handles of. */
  readonly filePaths = new Map<string, string>();
  readonly changed = new Emitter<void>();
  /** The processes, newest last. */
  readonly processes: FakeNode[] = [];
  readonly counts = Object.fromEntries(displayStates.map((state) => [state, 0])) as Record<
    DisplayState,
    number
  >;
  isNew = false;
  /** How far the output of every running job is. */
  liveSteps = 300;
  settings: Settings = {
    theme: 'system',
    density: 'comfortable',
    singleKeys: true,
    hintsDismissed: [],
    patterns: {},
    caching: { enabled: false, enabledFor: [], disabledFor: [] },
  };
  #nextPk = 1;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** Not random enough for anything but a fake. */
  uuid(): string {
    const hex = [...this.random.bytes(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  add(draft: NodeDraft): FakeNode {
    const node: FakeNode = {
      processType: '',
      label: '',
      description: '',
      summary: '',
      attributes: {},
      extras: {},
      files: new Map(),
      comments: [],
      process: null,
      ...draft,
      pk: this.#nextPk++,
      uuid: this.uuid(),
      mtime: draft.ctime,
    };
    this.nodes.set(node.pk, node);
    this.byUuid.set(node.uuid, node);
    if (node.process !== null) {
      this.processes.push(node);
      this.counts[node.process.state]++;
    }
    return node;
  }

  link(from: FakeNode, to: FakeNode, type: LinkType, label: string): void {
    const link: FakeLink = { from: from.pk, to: to.pk, type, label };
    const out = this.outgoing.get(from.pk) ?? [];
    const into = this.incoming.get(to.pk) ?? [];
    out.push(link);
    into.push(link);
    this.outgoing.set(from.pk, out);
    this.incoming.set(to.pk, into);
  }

  setState(node: FakeNode, state: DisplayState, activity: Partial<Activity> = {}): void {
    if (node.process === null) return;
    this.counts[node.process.state]--;
    this.counts[state]++;
    node.process.state = state;
    node.process.activity = { step: '', words: '', reason: '', since: null, until: null, ...activity };
    node.mtime = Date.now();
  }

  touch(): void {
    this.changed.emit();
  }

  nameOf(node: FakeNode): string {
    return node.label === '' ? node.className : node.label;
  }

  ref(node: FakeNode): NodeRef {
    return {
      uuid: node.uuid,
      pk: node.pk,
      kind: node.kind,
      nodeType: node.nodeType,
      name: this.nameOf(node),
      summary: node.summary,
      state: node.process?.state ?? null,
      ...(isCopy(node) && { cached: true }),
      ctime: node.ctime,
    };
  }
}

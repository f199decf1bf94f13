/** Why a job waits in a queue, in the words of the scheduler, and what that means to a person. */

export const queueReasonKinds = [
  'priority',
  'resources',
  'limit',
  'budget',
  'asks-too-much',
  'dependency',
  'dependency-never',
  'begin-time',
  'held-by-you',
  'held-by-admins',
  'nodes',
  'reservation',
  'queue-closed',
  'account',
  'licence',
  'starting',
  'failed-start',
  'unknown',
] as const;
export type QueueReasonKind = (typeof queueReasonKinds)[number];

interface Meaning {
  /** One sentence that completes the scheduler's word. */
  readonly words: string;
  /** What can be done about it; empty where nothing need be done. */
  readonly advice: string;
  /** It does not start before somebody acts. */
  readonly needsPerson: boolean;
}

const starts = (words: string, advice = ''): Meaning => ({ words, advice, needsPerson: false });
const stays = (words: string, advice: string): Meaning => ({ words, advice, needsPerson: true });

export const queueReasonMeanings: Readonly<Record<QueueReasonKind, Meaning>> = {
  priority: starts('Jobs with a higher priority are ahead in the queue. Nothing is wrong.'),
  resources: starts(
    'It is at the front and waits for free nodes.',
    'Fewer nodes or a shorter walltime may start it sooner.',
  ),
  limit: starts(
    'A limit of your account, your quality of service or the queue is reached. It starts when other jobs end.',
    'Who sets the limits is your cluster; another QOS or queue may have room.',
  ),
  budget: stays(
    'The computing time that your account may use is spent.',
    'It starts when the budget is renewed. Ask your cluster, or kill it and launch it with another account.',
  ),
  'asks-too-much': stays(
    'It asks for more than one job may have there: as it is, it will not start.',
    'Kill it and launch it again with fewer nodes, less memory or a shorter walltime, or in another queue.',
  ),
  dependency: starts('It waits for another job to end.'),
  'dependency-never': stays(
    'The job that it waits for has failed: it will not start.',
    'Kill it and launch it again.',
  ),
  'begin-time': starts('It has a begin time that has not come yet.'),
  'held-by-you': stays(
    'It is held in your name: it stays until it is released.',
    'Release it on the cluster (scontrol release), or kill it.',
  ),
  'held-by-admins': stays(
    'The administrators of the cluster hold it.',
    'Only they can release it: ask them, or kill it.',
  ),
  nodes: starts(
    'The nodes that it needs are down, drained or kept for something else.',
    'It starts when they are back. The site’s status page may say when.',
  ),
  reservation: starts('It waits for a reservation of nodes to begin, or nodes are reserved for maintenance.'),
  'queue-closed': starts('The queue is closed for now.', 'It starts when the site opens the queue again.'),
  account: stays(
    'The account or the quality of service is not valid there: it will not start.',
    'Check both with your cluster, kill it, and launch it again.',
  ),
  licence: starts('It waits for a licence that other jobs use.'),
  starting: starts('Its nodes are being made ready.'),
  'failed-start': stays(
    'The scheduler could not start it, and holds it.',
    'Look at the job’s own output and ask the site; then release it on the cluster or kill it.',
  ),
  unknown: starts('This is the scheduler’s own word; its manual says what it means.'),
};

/**
 * squeue(1), “JOB REASON CODES”, Slurm 14 to 25. The first that fits counts: what is said of one job comes before what
 * is said of all jobs of a user.
 */
const patterns: readonly (readonly [RegExp, QueueReasonKind])[] = [
  [/^Priority\b/, 'priority'],
  [/^Resources\b/, 'resources'],
  [/^DependencyNeverSatisfied\b/, 'dependency-never'],
  [/^Dependency\b/, 'dependency'],
  [/^BeginTime\b/, 'begin-time'],
  [/^JobHeldUser\b/, 'held-by-you'],
  [/^JobHeldAdmin\b/, 'held-by-admins'],
  [
    /requeued[ _]held|^JobLaunchFailure|^SystemFailure|^MaxRequeue|^RaisedSignal|^NonZeroExitCode|^BurstBufferOperation/i,
    'failed-start',
  ],
  [/^(?:Partition(?:Time|Node)Limit|BadConstraints|TimeLimit|DeadLine)\b/i, 'asks-too-much'],
  [/^(?:QOS|Assoc)\w*(?:PerJob|PerNode|WallDurationPerJob)\w*/, 'asks-too-much'],
  [/^(?:QOS(?:Max|Min)WallDuration|Assoc(?:Max|Min)WallDuration|QOSMin|AssocMaxWall)/, 'asks-too-much'],
  [
    /^(?:Invalid(?:Account|QOS)|AccountNotAllowed|QOSNotAllowed|PartitionConfig|AccountingPolicy)\b/,
    'account',
  ],
  [/^(?:QOS|Assoc)\w*(?:Minutes|Usage|Billing\w*Min)\w*/, 'budget'],
  [/^(?:QOS|Assoc|JobArrayTaskLimit|MaxJobs|Federation)/, 'limit'],
  [/^Reserv(?:ation|ed)|Reserved[ _]for[ _]maintenance|^ReqNodeNotAvail.*(?:Maint|Reserv)/i, 'reservation'],
  [/^ReqNodeNotAvail|^Nodes?Down|^FrontEndDown|^Nodes[ _]required|^InactiveLimit|^BlockMaxError/i, 'nodes'],
  [/^Partition(?:Down|Inactive|Paused)\b/, 'queue-closed'],
  [/^Licen[sc]es?\b/, 'licence'],
  [/^(?:Prolog|Cleaning|Configuring|BurstBuffer\w*|NodeProlog|IDLE|None)\b/i, 'starting'],
];

export interface QueueReason extends Meaning {
  readonly kind: QueueReasonKind;
}

/** @param reason as the scheduler prints it, with whatever follows a comma; not empty */
export function queueReason(reason: string): QueueReason {
  const text = reason.replace(/^\(|\)$/g, '').trim();
  const kind = patterns.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown';
  return { kind, ...queueReasonMeanings[kind] };
}

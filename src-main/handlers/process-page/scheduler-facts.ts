import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import { stopRules } from '#shared/process/stop-rules.ts';
import { ruleWords } from '#shared/process/rule-words.ts';
import { formatDuration } from '#shared/base/time.ts';
import { textOf, type ProcessFacts } from './facts.ts';

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What was asked of the scheduler and what it answered, as a table. Works for jobs of AiiDA's archives too. */
export function schedulerFacts(facts: ProcessFacts): ProcessDetail['scheduler'] {
  if (facts.row.kind !== 'calculation-job') return [];
  const { attributes } = facts;
  const rows: { name: string; value: string }[] = [];
  const add = (name: string, value: string): void => {
    if (value !== '') rows.push({ name, value });
  };
  add('Computer', facts.row.computer);
  add('Work directory', textOf(facts, 'remote_workdir'));
  add('Job', textOf(facts, 'job_id'));
  add('Scheduler state', textOf(facts, 'scheduler_state'));
  const info = lastJobInfo(attributes['last_job_info']);
  add('Started', textIn(info, 'dispatch_time'));
  add('Ended', textIn(info, 'finish_time'));
  add('Exit status of the job', textIn(info, 'exit_status'));
  add('Reason', textIn(info, 'annotation'));
  const rules = stopRules.safeParse(attributes['stop_rules']);
  for (const rule of rules.success ? rules.data : []) add('Stop rule', ruleWords(rule));
  const walltime = attributes['max_wallclock_seconds'];
  add('Walltime asked for', typeof walltime === 'number' ? formatDuration(walltime * 1000) : '');
  add('Queue', textOf(facts, 'queue_name'));
  add('Account', textOf(facts, 'account'));
  add('QOS', textOf(facts, 'qos'));
  const { resources } = attributes;
  if (isRecord(resources)) {
    for (const [name, value] of Object.entries(resources)) add(name, String(value));
  }
  const memory = attributes['max_memory_kb'];
  add('Memory asked for', typeof memory === 'number' ? `${memory} kB` : '');
  return rows;
}

/** The exit status of the job's script; null where it is not known. */
export function jobExitStatus(facts: ProcessFacts): number | null {
  const { exit_status: status } = lastJobInfo(facts.attributes['last_job_info']);
  return typeof status === 'number' ? status : null;
}

/** AiiDA wrote it as a JSON text for long, and as an object since. */
function lastJobInfo(value: unknown): { readonly [key: string]: unknown } {
  if (isRecord(value)) return value;
  if (typeof value !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function textIn(info: { readonly [key: string]: unknown }, key: string): string {
  const value = info[key];
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  // {"date": "2020-…", "timezone": "UTC"}
  return isRecord(value) && typeof value['date'] === 'string' ? value['date'] : '';
}

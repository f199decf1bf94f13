import { z } from 'zod';
import { computerConfig, type ComputerConfig } from '#shared/contract/areas/computers.ts';
import type { ComputerRecord, NewComputer } from '../provenance/types.ts';

type Params = { readonly [key: string]: unknown };
type SshTransportConfig = Extract<ComputerConfig['transport'], { type: 'core.ssh' }>;
type Jump = SshTransportConfig['jumps'][number];

/** Names from before AiiDA 2 have no prefix. */
const withCore = (name: string): string => (name.includes('.') ? name : `core.${name}`);

const jumpText = ({ user, host, port }: Jump): string =>
  `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`;

function readJumps(text: string): Jump[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const found = /^([^@]+)@(\[[^\]]+\]|[^:]+):(\d+)$/.exec(part.trim());
      return {
        user: found?.[1] ?? '',
        host: (found?.[2] ?? part).replaceAll(/[[\]]/g, ''),
        port: Number(found?.[3] ?? 22),
      };
    });
}

/** AiiDA's columns and metadata; keys that are not set are left out, as AiiDA does. */
export function recordOf(config: ComputerConfig): Omit<NewComputer, 'uuid'> {
  const { transport } = config;
  const optional: Params = {
    default_mpiprocs_per_machine: config.defaultMpiprocsPerMachine ?? undefined,
    default_memory_per_machine: config.defaultMemoryPerMachine ?? undefined,
    prepend_text: config.prependText === '' ? undefined : config.prependText,
    append_text: config.appendText === '' ? undefined : config.appendText,
    // AiiDA keeps keys that it does not know
    stemma_max_jobs: config.maxJobs ?? undefined,
    stemma_max_transfers: config.maxTransfers ?? undefined,
  };
  return {
    label: config.label,
    hostname: transport.type === 'core.local' ? 'localhost' : transport.host,
    description: config.description,
    transportType: transport.type,
    schedulerType: config.scheduler,
    metadata: {
      workdir: config.workDirectory,
      shebang: config.shebang,
      mpirun_command: [...config.mpirunCommand],
      minimum_scheduler_poll_interval: config.minimumPollInterval,
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    },
  };
}

/** AiiDA's `auth_params` of `core.ssh`, and under `stemma_auth` which way of logging in was chosen. Never a secret. */
export function authParamsOf({ transport }: ComputerConfig): Params {
  if (transport.type === 'core.local') return { use_login_shell: true, safe_interval: 0 };
  const { auth } = transport;
  return {
    username: transport.user,
    port: transport.port,
    look_for_keys: auth.kind !== 'password',
    key_filename: auth.kind === 'key' ? auth.path : '',
    timeout: 60,
    allow_agent: auth.kind === 'agent',
    proxy_jump: transport.jumps.map(jumpText).join(','),
    proxy_command: '',
    compress: false,
    gss_auth: false,
    gss_kex: false,
    gss_deleg_creds: false,
    gss_host: transport.host,
    load_system_host_keys: true,
    key_policy: 'RejectPolicy',
    use_login_shell: true,
    safe_interval: 15,
    stemma_auth: auth.kind,
  };
}

const text = z.string();

function transportOf(record: ComputerRecord, params: Params): unknown {
  const type = withCore(record.transportType);
  if (type !== 'core.ssh') return { type };
  const key = text.safeParse(params['key_filename']).data ?? '';
  const chosen = text.safeParse(params['stemma_auth']).data ?? (key === '' ? 'agent' : 'key');
  return {
    type,
    host: record.hostname,
    port: params['port'] ?? 22,
    user: params['username'],
    auth: chosen === 'key' ? { kind: 'key', path: key } : { kind: chosen },
    jumps: readJumps(text.safeParse(params['proxy_jump']).data ?? ''),
  };
}

/** Null where nothing is known of how to log in, or where it is something that we cannot do. */
export function configOf(record: ComputerRecord): ComputerConfig | null {
  const { metadata, auth } = record;
  if (auth === null) return null;
  const parsed = computerConfig.safeParse({
    label: record.label,
    description: record.description,
    transport: transportOf(record, auth.params),
    scheduler: withCore(record.schedulerType),
    workDirectory: metadata['workdir'],
    shebang: metadata['shebang'],
    mpirunCommand: metadata['mpirun_command'],
    defaultMpiprocsPerMachine: metadata['default_mpiprocs_per_machine'],
    defaultMemoryPerMachine: metadata['default_memory_per_machine'],
    prependText: metadata['prepend_text'],
    appendText: metadata['append_text'],
    minimumPollInterval: metadata['minimum_scheduler_poll_interval'],
    maxJobs: metadata['stemma_max_jobs'],
    maxTransfers: metadata['stemma_max_transfers'],
  });
  return parsed.success ? parsed.data : null;
}

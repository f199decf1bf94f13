/** What in a text tells of people and places although nobody has said who they are. */

/** Logins as they stand in paths: `/home/ada`, `/users/ada`, `C:\\Users\\ada`. */
export const homeLogin = /(?:\/(?:home|homes|users|Users)\/|[A-Za-z]:\\{1,4}Users\\{1,4})([A-Za-z_][\w.-]*)/g;
/** The two sides of an address, as most programs find them; the domain has a dot. */
const localPart = /[\p{L}\p{N}._%+-]{1,64}$/u;
const domain = /[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/uy;

/** Folders in which machines keep what people write. Those of homes are known by their login. */
const roots =
  'scratch|work|project|projects|proj|store|lustre|gpfs|beegfs|nfs|mnt|media|data|cluster|global|cfs|capstor|iopsstor|archive|vol|export|shared|net|ptmp|cephfs|fsx|ssd|nvme|bigdata|fast|users\\d|home\\d|u|p|s|srv|root';
const personal = new RegExp(String.raw`(?<![\w./:~-])/(?:${roots})[\w-]*(?:/[\w.+@=-]+)+`, 'g');
/** How many of its parts say whose a folder is; what is below says what somebody did. */
const deepest = 3;

/** `--account=s1073`, `-A s1073`, `--mail-user=…` of Slurm and PBS. */
const accountOption = /(?:--account[= ]|(?:#SBATCH|#PBS|#\$) +-[AP] +)["']?([\w.-]+)/g;

export interface Telling {
  readonly login: (login: string) => void;
  readonly email: (address: string) => void;
  readonly folder: (folder: string) => void;
  readonly account: (account: string) => void;
  readonly host: (host: string) => void;
}

/** Tells what it finds in a text as it is meant: without escapes. */
export function lookInto(text: string, tell: Telling): void {
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    domain.lastIndex = at + 1;
    // not one expression for both sides: it would try each letter of a long text as the first
    const [local] = localPart.exec(text.slice(Math.max(0, at - 64), at)) ?? [];
    const [host] = domain.exec(text.slice(0, at + 256)) ?? [];
    if (local !== undefined && host !== undefined) tell.email(`${local}@${host}`);
  }
  if (text.includes('/') || text.includes('\\')) {
    for (const [, login = ''] of text.matchAll(homeLogin)) tell.login(login.replace(/[.-]+$/, ''));
    for (const [found] of text.matchAll(personal)) {
      const parts = found
        .replace(/[.-]+$/, '')
        .split('/')
        .slice(1);
      tell.folder(`/${parts.slice(0, deepest).join('/')}`);
    }
  }
  if (text.includes('-A') || text.includes('--account') || text.includes('-P')) {
    for (const [, account = ''] of text.matchAll(accountOption)) tell.account(account);
  }
  if (text.includes('|Account|') || text.startsWith('Account|') || text.includes('|User|'))
    lookIntoJobs(text, tell);
}

/** What `sacct --parsable` prints (slurm.schedmd.com/sacct.html): a row of names, then rows of values between bars. */
function lookIntoJobs(text: string, tell: Telling): void {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /(?:^|\|)(?:Account|User)\|/.test(line));
  const names = (lines[at] ?? '').split('|');
  for (const line of lines.slice(at + 1)) {
    for (const [i, value] of line.split('|').entries()) {
      if (value === '') continue;
      if (names[i] === 'User') tell.login(value);
      else if (names[i] === 'Account') tell.account(value);
      else if (names[i] === 'Cluster') tell.host(value);
      else if (names[i] === 'WorkDir') tell.folder(value);
      else if (names[i] === 'NodeList') for (const host of hostsOf(value)) tell.host(host);
    }
  }
}

/** `nid0[01-03],login1` of Slurm: the machines one by one where they are few, and the text itself. */
export function hostsOf(list: string): readonly string[] {
  if (!/^[\w.[\],-]+$/.test(list) || list.startsWith('None')) return [];
  const hosts = list.includes('[') ? [list] : list.split(',');
  const range = /^([\w.-]+)\[(\d+)-(\d+)\]$/.exec(list);
  if (range === null) return hosts;
  const [, stem = '', first = '', last = ''] = range;
  const count = Math.min(64, Number(last) - Number(first) + 1);
  for (let i = 0; i < count; i++)
    hosts.push(`${stem}${String(Number(first) + i).padStart(first.length, '0')}`);
  return hosts;
}

/**
 * Members of objects at any depth, also of JSON inside of a text, whose value is a login, an account, a machine or a folder
 * (aiida-core 2.9: `JobInfo`, options of jobs, `metadata_inputs`).
 */
const member =
  /"(account|job_owner|username|mail_user|hostname|allocated_machines_raw|target_base|target_basepath|source_path|workdir|remote_workdir|remote_path|computer_label|fqdn)\\*"\s*:\s*\\*"((?:[^"\\]|\\+\/)+)/g;

/** @param text of JSON, as it is written */
export function lookIntoMembers(text: string, tell: Telling): void {
  for (const [, key = '', value = ''] of text.matchAll(member)) {
    switch (key) {
      case 'account':
        tell.account(value);
        break;
      case 'job_owner':
      case 'username':
      case 'mail_user':
        if (!value.includes('@')) tell.login(value);
        break;
      case 'hostname':
      case 'fqdn':
      case 'computer_label':
        tell.host(value);
        break;
      case 'allocated_machines_raw':
        for (const host of hostsOf(value)) tell.host(host);
        break;
      default:
        if (value.startsWith('/')) tell.folder(value.replaceAll('\\', ''));
    }
  }
}

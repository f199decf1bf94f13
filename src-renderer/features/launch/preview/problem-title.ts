import type { LaunchDraft } from '../model/draft.ts';
import { optionPaths } from '../model/options-draft.ts';
import { inputField, nameField } from '../model/request.ts';

const optionTitles: Readonly<Record<keyof typeof optionPaths, string>> = {
  machines: 'Machines',
  mpiprocsPerMachine: 'MPI processes per machine',
  coresPerMachine: 'Cores per machine',
  coresPerMpiproc: 'Cores per MPI process',
  totalMpiprocs: 'MPI processes in all',
  walltime: 'Walltime',
  memory: 'Memory per machine',
  queue: 'Queue',
  account: 'Account',
  qos: 'Quality of service (QOS)',
  priority: 'Priority',
  withMpi: 'Run with MPI',
  rerunnable: 'Rerunnable',
  mpirunExtra: 'Extra words for mpirun',
  importEnvironment: 'Environment of the login',
  environment: 'Environment variables',
  customCommands: 'Custom scheduler directives',
  prepend: 'Before the command',
  append: 'After the command',
  retrieve: 'More files to retrieve',
};

/** What a field is called in the form. */
export function problemTitle(draft: LaunchDraft, field: string): string {
  if (field === '') return 'All of it';
  if (field === 'computer') return 'Computer';
  const holders = Object.entries(draft.inputs).flatMap(([label, { options }]) => (options ? [label] : []));
  const holder = [...holders, 'options'].find((each) => field.startsWith(`${each}.`));
  if (holder !== undefined) {
    const title = optionTitle(field.slice(holder.length + 1));
    return holder === 'options' ? title : `${title} of ${words(holder)}`;
  }
  if (field === 'options' && !holders.includes(field)) return 'Resources';
  for (const each of draft.named) {
    const name = each.name.trim() === '' ? 'new input' : each.name.trim();
    if (field === nameField(each.id)) return `Name of ${name}`;
    if (field === inputField(each)) return name;
  }
  return words(field);
}

const words = (label: string): string => label.replaceAll('__', '.');

function optionTitle(path: string): string {
  const found = Object.entries(optionPaths).find(([, each]) => path === each || path.startsWith(`${each}.`));
  return found === undefined ? 'Resources' : optionTitles[found[0] as keyof typeof optionPaths];
}

import type { LaunchDraft } from '../model/draft.ts';
import { optionFields } from '../model/options-draft.ts';
import { inputField, nameField } from '../model/request.ts';

const optionTitles: Readonly<Record<keyof typeof optionFields, string>> = {
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
  if (field.startsWith('options')) {
    const found = Object.entries(optionFields).find(
      ([, path]) => field === path || field.startsWith(`${path}.`),
    );
    return found === undefined ? 'Resources' : optionTitles[found[0] as keyof typeof optionFields];
  }
  for (const each of draft.named) {
    const name = each.name.trim() === '' ? 'new input' : each.name.trim();
    if (field === nameField(each.id)) return `Name of ${name}`;
    if (field === inputField(each)) return name;
  }
  return field.replaceAll('__', '.');
}

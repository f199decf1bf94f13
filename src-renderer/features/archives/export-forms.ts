import type { WayOut } from '#shared/contract/areas/ways-out.ts';

/** In what form a selection leaves. */
export type LeavingForm = 'archive' | WayOut['kind'];

interface FormWords {
  readonly value: LeavingForm;
  readonly label: string;
  readonly extension: string;
  /** What it is good for, and what it is not. */
  readonly help: string;
}

export const exportForms: readonly FormWords[] = [
  {
    value: 'archive',
    label: 'AiiDA archive',
    extension: '.aiida',
    help: 'Everything, without loss. Stemma and AiiDA 2 import it: to go on with the work, to hand it on, to keep it.',
  },
  {
    value: 'crate',
    label: 'RO-Crate',
    extension: '.zip',
    help: 'For repositories of research data, such as Zenodo or WorkflowHub: data with a description of each run that programs of any field read (Provenance Run Crate). It cannot be imported again.',
  },
  {
    value: 'folders',
    label: 'Folders for people',
    extension: '.zip',
    help: 'For somebody who has neither AiiDA nor Stemma: a folder for each process with its steps, inputs and outputs, and a README that explains them.',
  },
  {
    value: 'prov',
    label: 'PROV-JSON',
    extension: '.json',
    help: 'For tools of the semantic web: the provenance as the W3C has it. The content of files is not in it.',
  },
];

/** What is said of a form where a person chooses one. */
export const formWords = (form: LeavingForm): FormWords => {
  const found = exportForms.find(({ value }) => value === form);
  if (found === undefined) throw new Error(`There is no form ${form}`);
  return found;
};

/** What a crate says of itself. */
export interface CrateWords {
  readonly title: string;
  readonly description: string;
  readonly licence: string;
}

/**
 * The form as the contract has it; crates and folders leave as one zip from here. @param crate only used for a crate
 */
export const wayOutOf = (form: WayOut['kind'], crate: CrateWords): WayOut => {
  switch (form) {
    case 'crate':
      return { kind: 'crate', packed: true, ...crate };
    case 'folders':
      return { kind: 'folders', packed: true };
    case 'prov':
      return { kind: 'prov' };
  }
};

/** The name with the extension of the form, and without that of another. */
export function withFormExtension(name: string, form: LeavingForm): string {
  const { extension } = formWords(form);
  const text = name.trim();
  if (text.toLowerCase().endsWith(extension)) return text;
  const other = exportForms.find((one) => text.toLowerCase().endsWith(one.extension));
  return `${other === undefined ? text : text.slice(0, -other.extension.length)}${extension}`;
}

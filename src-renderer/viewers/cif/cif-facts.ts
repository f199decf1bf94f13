import type { CifBlock } from '#shared/structure/cif/blocks.ts';
import { groupOf } from '#shared/structure/cif/read-crystal.ts';

export interface CifFact {
  readonly name: string;
  readonly value: string;
}

/** What people look for at the head of a file, with the names of the core dictionary of the IUCr that say it. */
const facts: readonly (readonly [name: string, tags: readonly string[]])[] = [
  ['Formula', ['_chemical_formula_sum']],
  ['Name', ['_chemical_name_systematic', '_chemical_name_common']],
  ['Mineral', ['_chemical_name_mineral']],
  ['Formula units', ['_cell_formula_units_z']],
  ['Weight (u)', ['_chemical_formula_weight']],
  ['Temperature (K)', ['_diffrn_ambient_temperature', '_cell_measurement_temperature']],
  ['Pressure (kPa)', ['_diffrn_ambient_pressure', '_cell_measurement_pressure']],
  ['R factor', ['_refine_ls_r_factor_gt', '_refine_ls_r_factor_all']],
  ['COD', ['_cod_database_code']],
  ['ICSD', ['_database_code_icsd']],
  ['CSD', ['_database_code_csd', '_database_code_depnum_ccdc_archive']],
  ['Title', ['_publ_section_title']],
  ['Authors', ['_publ_author_name']],
  ['Journal', ['_journal_name_full']],
  ['Year', ['_journal_year']],
  ['DOI', ['_journal_paper_doi']],
];

const longest = 400;

/** @param operations how many symmetry operations there are */
export function cifFacts(block: CifBlock, operations: number | null): readonly CifFact[] {
  const found: CifFact[] = [{ name: 'Data block', value: block.name }];
  const group = groupOf(block);
  if (group !== null) found.push({ name: 'Space group', value: group });
  if (operations !== null) found.push({ name: 'Operations', value: String(operations) });
  for (const [name, tags] of facts) {
    const texts = tags
      .map((tag) => (block.items.get(tag) ?? []).flatMap(({ text }) => (text === null ? [] : [text])))
      .find((all) => all.length > 0);
    if (texts === undefined) continue;
    const value = texts.map((text) => text.replaceAll(/\s+/g, ' ').trim()).join('; ');
    found.push({ name, value: value.length > longest ? `${value.slice(0, longest)}…` : value });
  }
  return found;
}

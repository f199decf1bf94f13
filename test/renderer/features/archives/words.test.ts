import { describe, expect, it } from 'vitest';
import { nothingSaid } from '#shared/provenance/archive-words.ts';
import { conflictGroups } from '#renderer/features/archives/conflict-words.ts';
import type { ImportReport } from '#shared/contract/areas/sharing.ts';
import { exportRules, exportSwitches } from '#shared/provenance/traversal-rules.ts';
import { withFormExtension } from '#renderer/features/archives/export-forms.ts';
import {
  changedRules,
  defaultSwitches,
  nameProblem,
  proposedName,
  switches,
} from '#renderer/features/archives/export-words.ts';
import { importReport } from '../../../support/import-report.ts';
import { bringsNew, previewWords, reportWords } from '#renderer/features/archives/merge-words.ts';

const info = {
  version: 'main_0001',
  aiidaVersion: '2.6.3',
  writtenBy: 'AiiDA 2.6.3',
  about: nothingSaid,
  nodes: 10,
  links: 12,
  groups: 0,
  computers: 1,
  users: 1,
  logs: 0,
  comments: 0,
  files: 3,
};
const report = (changes: Partial<ImportReport>): ImportReport => importReport({ info, ...changes });

describe('what an import would do, in words', () => {
  it('counts what is new, and what is here already', () => {
    const words = previewWords(
      report({ nodes: { new: 9, identical: 1, changed: 0 }, links: { new: 1, identical: 11, changed: 0 } }),
    );
    expect(words).toBe('An import brings 9 nodes and 1 link. 1 of its nodes is here already.');
  });

  it('says when nothing would change', () => {
    const known = report({ nodes: { new: 0, identical: 10, changed: 0 } });
    expect(previewWords(known)).toContain('would change nothing');
    expect(bringsNew(known)).toBe(false);
    expect(bringsNew(report({ comments: { new: 1, identical: 0, changed: 0 } }))).toBe(true);
  });

  it('says when it is empty, and when something stands in the way', () => {
    expect(previewWords(report({ info: { ...info, nodes: 0 } }))).toContain('no node');
    const conflicts: ImportReport['conflicts'] = [
      { of: 'nodes', name: '', subject: 'x', message: 'had not ended', why: 'not-ended' },
      { of: 'nodes', name: '', subject: 'y', message: 'differs', why: 'differs' },
    ];
    const inTheWay = report({ conflicts, nodes: { new: 9, identical: 0, changed: 1 } });
    expect(previewWords(inTheWay)).toContain('cannot be imported as it is: 2 things stand in the way');
    // more than are listed
    const conflicting = { ...inTheWay.conflicting, nodes: 130 };
    expect(previewWords({ ...inTheWay, conflicting })).toContain('130 things stand in the way');
    expect(conflictGroups(inTheWay).map(({ why }) => why)).toEqual(['differs', 'not-ended']);
  });

  it('reports what came in and where it is', () => {
    const group = { uuid: 'u', label: 'sums' };
    expect(reportWords(report({ group, nodes: { new: 2, identical: 1, changed: 0 } }))).toBe(
      '2 nodes came in. One node was here already and stays as it is. All of its nodes are in the group “sums”.',
    );
    expect(reportWords(report({ nodes: { new: 0, identical: 10, changed: 0 } }))).toContain(
      'nothing has changed',
    );
  });
});

describe('the switches of an export', () => {
  it('are all that may be turned, and begin as AiiDA has them', () => {
    expect(switches.map(({ rule }) => rule).toSorted()).toEqual([...exportSwitches].toSorted());
    expect(defaultSwitches()).toEqual(
      Object.fromEntries(exportSwitches.map((rule) => [rule, exportRules[rule]])),
    );
  });

  it('send only what differs', () => {
    expect(changedRules(defaultSwitches())).toEqual({});
    expect(changedRules({ ...defaultSwitches(), create_backward: false })).toEqual({
      create_backward: false,
    });
  });
});

describe('the name of an exported file', () => {
  const day = new Date(2026, 10, 22, 14);

  it('is made of the group, without what a file system refuses', () => {
    expect(proposedName({ kind: 'group', uuid: 'u' }, 'paper/figure: 3 ?', day)).toBe(
      'paper-figure-3-2026-11-22.aiida',
    );
    expect(proposedName({ kind: 'selection' }, 'x', day)).toBe('nodes-2026-11-22.aiida');
    expect(proposedName({ kind: 'all' }, '///', day)).toBe('archive-2026-11-22.aiida');
  });

  it('is refused with the reason, and gets its extension', () => {
    for (const name of ['', '  ', 'a/b', '.hidden', 'a\u0000b']) expect(nameProblem(name), name).not.toBe('');
    expect(nameProblem('Si bands')).toBe('');
    expect(withFormExtension(' si ', 'archive')).toBe('si.aiida');
    expect(withFormExtension('si.AIIDA', 'archive')).toBe('si.AIIDA');
    expect(withFormExtension('si.aiida', 'crate')).toBe('si.zip');
    expect(withFormExtension('si.zip', 'prov')).toBe('si.json');
  });
});

import { textOf, textsOf, type Attributes } from '#renderer/model/attributes.ts';

export interface RemoteFact {
  readonly name: string;
  readonly value: string;
  readonly mono: boolean;
  readonly copy: boolean;
}

const stashWords: Readonly<Record<string, string>> = {
  copy: 'a copy of the files',
  tar: 'one tar file',
  'tar.gz': 'one tar file, compressed by gzip',
  'tar.bz2': 'one tar file, compressed by bzip2',
  'tar.xz': 'one tar file, compressed by xz',
  submit_custom_code: 'a job of a code of its own',
};

const fact = (name: string, value: string, mono = false): RemoteFact => ({ name, value, mono, copy: mono });

/** What a RemoteData or one of the RemoteStash classes says of its place (aiida-core 2.9, `orm/nodes/data/remote`). */
export function readRemote(attributes: Attributes): readonly RemoteFact[] {
  const facts: RemoteFact[] = [];
  const path = textOf(attributes, 'remote_path');
  if (path !== '') facts.push(fact('Path', path, true));
  const base = textOf(attributes, 'target_basepath');
  if (base !== '') facts.push(fact('Stashed at', base, true));
  const mode = textOf(attributes, 'stash_mode');
  if (mode !== '') facts.push(fact('Stashed as', stashWords[mode] ?? mode));
  if (typeof attributes['dereference'] === 'boolean') {
    facts.push(
      fact(
        'Symbolic links',
        attributes['dereference'] ? 'stashed as what they point to' : 'stashed as links',
      ),
    );
  }
  if (typeof attributes['fail_on_missing'] === 'boolean') {
    facts.push(
      fact('Missing files', attributes['fail_on_missing'] ? 'made the stash fail' : 'were left out'),
    );
  }
  return facts;
}

/** Paths and patterns of what was stashed. */
export function stashedFiles(attributes: Attributes): readonly string[] {
  return textsOf(attributes['source_list']);
}

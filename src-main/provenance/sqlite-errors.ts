import { operationalError, StemmaError, userError } from '#shared/base/errors.ts';

/** Messages of our own triggers begin with a code: `link-refused: …`. */
const guardPattern = /^(node-sealed|node-identity|node-exists|link-refused): (.*)$/;

const guardHints: Readonly<Record<string, string>> = {
  'node-sealed': 'What has ended is kept as it was. Launch a new process instead.',
  'node-identity': 'Make a new node instead.',
  'node-exists': 'It need not be stored again.',
  'link-refused': 'Nothing was stored.',
};

interface Rule {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Unique columns whose clash a person can mend, as SQLite names them. */
const uniqueRules: Readonly<Record<string, Rule>> = {
  'groups.label, groups.type_string': {
    code: 'label-taken',
    message: 'There is a group with this label.',
    hint: 'Choose another label.',
  },
  'computers.label': {
    code: 'label-taken',
    message: 'There is a computer with this label.',
    hint: 'Choose another label.',
  },
};

/** By the beginning of SQLite's result code (sqlite.org/rescode.html). */
const operationalRules: readonly (readonly [code: string, rule: Rule])[] = [
  [
    'SQLITE_BUSY',
    {
      code: 'database-busy',
      message: 'The database of the profile is being written, probably by an import.',
      hint: 'It is tried again by itself.',
    },
  ],
  [
    'SQLITE_FULL',
    {
      code: 'disk-full',
      message: 'The disk of the profile is full. Nothing of this step was stored.',
      hint: 'Free some space; nothing that was stored before is lost, and no restart is needed.',
    },
  ],
  [
    'SQLITE_CORRUPT',
    {
      code: 'database-corrupt',
      message: 'The database of the profile is damaged.',
      hint: 'Stop working with this profile, keep its folder as it is, and open its last backup.',
    },
  ],
  [
    'SQLITE_NOTADB',
    {
      code: 'database-corrupt',
      message: 'The database of the profile is no SQLite database.',
      hint: 'Keep the folder as it is, and open its last backup.',
    },
  ],
  [
    'SQLITE_READONLY',
    {
      code: 'database-read-only',
      message: 'The database of the profile cannot be written.',
      hint: 'Check the permissions of its folder.',
    },
  ],
  [
    'SQLITE_CANTOPEN',
    {
      code: 'database-unreachable',
      message: 'The database of the profile cannot be opened.',
      hint: 'Check that its folder is there and may be written.',
    },
  ],
  [
    'SQLITE_IOERR',
    {
      code: 'disk-error',
      message: 'The disk of the profile failed to read or write.',
      hint: 'Check the disk. What was stored before is not lost by this.',
    },
  ],
];

const sqliteCode = (thrown: unknown): string | null =>
  thrown instanceof Error &&
  'code' in thrown &&
  typeof thrown.code === 'string' &&
  thrown.code.startsWith('SQLITE_')
    ? thrown.code
    : null;

/**
 * What to throw for what SQLite threw; anything else comes back as it is.
 * @param subject the thing that was being changed, in words
 */
export function translated(thrown: unknown, subject?: string): unknown {
  const code = sqliteCode(thrown);
  if (code === null || thrown instanceof StemmaError || !(thrown instanceof Error)) return thrown;
  const guard = guardPattern.exec(thrown.message);
  if (guard !== null) {
    const [, guardCode = '', words = ''] = guard;
    return userError(
      {
        code: guardCode,
        message: `The database refused: ${words}.`,
        subject,
        hint: guardHints[guardCode],
      },
      thrown,
    );
  }
  if (code.startsWith('SQLITE_CONSTRAINT')) return constraintError(thrown, code, subject);
  const rule = operationalRules.find(([prefix]) => code.startsWith(prefix))?.[1];
  if (rule !== undefined)
    return operationalError({ ...rule, subject, details: `${code}: ${thrown.message}` }, thrown);
  return thrown;
}

function constraintError(thrown: Error, code: string, subject: string | undefined): unknown {
  const columns = /^UNIQUE constraint failed: (.*)$/.exec(thrown.message)?.[1];
  const rule = columns === undefined ? undefined : uniqueRules[columns];
  if (rule !== undefined) return userError({ ...rule, subject }, thrown);
  if (code === 'SQLITE_CONSTRAINT_FOREIGNKEY') {
    return userError(
      {
        code: 'still-in-use',
        message: 'The database refused: something that stays refers to what would go, or to nothing.',
        subject,
        hint: 'Take away first what refers to it.',
      },
      thrown,
    );
  }
  if (columns?.startsWith('nodes.') === true) {
    return userError(
      { code: 'node-exists', message: 'A node with this UUID is stored already.', subject },
      thrown,
    );
  }
  if (columns?.startsWith('links.') === true || thrown.message.includes('source_id <> target_id')) {
    return userError(
      {
        code: 'link-refused',
        message: 'The database refused a link that the rules of the graph forbid.',
        subject,
      },
      thrown,
    );
  }
  return thrown;
}

/** Runs `work`, with SQLite's errors translated. */
export function translating<T>(work: () => T, subject?: () => string): T {
  try {
    return work();
  } catch (thrown) {
    throw translated(thrown, subject?.());
  }
}

/** Only of what was translated: another connection writes, and trying again helps. */
export const isBusy = (thrown: unknown): boolean =>
  thrown instanceof StemmaError && thrown.code === 'database-busy';

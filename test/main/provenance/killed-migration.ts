/** Opens a profile and dies before one statement of one migration: FILE MIGRATION STATEMENT NEWEST */
import { first } from '../../../src-main/provenance/migrations/0001-first.ts';
import { openStore } from '../../../src-main/provenance/store.ts';
import { second } from './second-migration.ts';

const [file = '', migration, statement, newest] = process.argv.slice(2);

openStore({
  file,
  migrate: {
    migrations: [first, second].slice(0, Number(newest)),
    onStatement: ({ number }, at) => {
      if (number === Number(migration) && at === Number(statement)) process.kill(process.pid, 'SIGKILL');
    },
  },
});

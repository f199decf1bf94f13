import type { ComputerId, UserId } from '#shared/provenance/ids.ts';
import { readJsonObject, sameJson } from './json-text.ts';
import type { MergeContext } from './merge-context.ts';
import { freeLabel } from './relabel.ts';

/** Ids of the archive to ids of the profile. In a preview something new has the id 0. */
export type UserMap = ReadonlyMap<number, UserId>;

/** From computers of the archive to those of the profile. */
export type ComputerMap = ReadonlyMap<number, ComputerId>;

interface UserRow {
  readonly id: UserId;
  readonly first_name: string;
  readonly last_name: string;
  readonly institution: string;
}

/** By e-mail; those that are here stay as they are. */
export async function mergeUsers({ db, archive, log, write, signal }: MergeContext): Promise<UserMap> {
  const find = db.prepare<[string], UserRow>(
    'SELECT id, first_name, last_name, institution FROM users WHERE email = ?',
  );
  const insert = db.prepare<[string, string, string, string]>(
    'INSERT INTO users (email, first_name, last_name, institution) VALUES (?, ?, ?, ?)',
  );
  const map = new Map<number, UserId>();
  for await (const page of archive.pages('users', signal)) {
    for (const user of page) {
      log.name('users', user.email);
      const here = find.get(user.email);
      if (here === undefined) {
        log.counts.users.new++;
        const { email, firstName, lastName, institution } = user;
        const id = write ? Number(insert.run(email, firstName, lastName, institution).lastInsertRowid) : 0;
        map.set(user.id, id as UserId);
        continue;
      }
      const same =
        here.first_name === user.firstName &&
        here.last_name === user.lastName &&
        here.institution === user.institution;
      log.counts.users[same ? 'identical' : 'changed']++;
      map.set(user.id, here.id);
    }
  }
  return map;
}

interface ComputerRow {
  readonly id: ComputerId;
  readonly hostname: string;
  readonly description: string;
  readonly scheduler_type: string;
  readonly transport_type: string;
  readonly metadata: string;
}

/** By UUID; those that are here stay as they are, and a new one gets another label where its own is taken. */
export async function mergeComputers({
  db,
  archive,
  log,
  write,
  signal,
}: MergeContext): Promise<ComputerMap> {
  const find = db.prepare<[string], ComputerRow>(
    `SELECT id, hostname, description, scheduler_type, transport_type, metadata FROM computers WHERE uuid = ?`,
  );
  const labels = new Set(db.prepare<[], string>('SELECT label FROM computers').pluck().all());
  const insert = db.prepare(
    `INSERT INTO computers (uuid, label, hostname, description, scheduler_type, transport_type, metadata)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const map = new Map<number, ComputerId>();
  for await (const page of archive.pages('computers', signal)) {
    for (const computer of page) {
      log.name('computers', computer.label);
      const { uuid, hostname, description, schedulerType, transportType, metadata } = computer;
      const here = find.get(uuid);
      if (here !== undefined) {
        const same =
          here.hostname === hostname &&
          here.description === description &&
          here.scheduler_type === schedulerType &&
          here.transport_type === transportType &&
          sameJson(here.metadata, metadata);
        log.counts.computers[same ? 'identical' : 'changed']++;
        map.set(computer.id, here.id);
        continue;
      }
      const json = readJsonObject(metadata);
      if (!json.ok)
        log.conflict('computers', uuid, `the settings of the computer “${computer.label}” ${json.why}.`);
      const label = freeLabel(computer.label, (one) => labels.has(one));
      if (label !== computer.label) {
        log.note(`The computer “${computer.label}” comes in as “${label}”: another computer has its label.`);
      }
      labels.add(label);
      log.counts.computers.new++;
      const id = write
        ? Number(
            insert.run(uuid, label, hostname, description, schedulerType, transportType, metadata)
              .lastInsertRowid,
          )
        : 0;
      map.set(computer.id, id as ComputerId);
    }
  }
  return map;
}

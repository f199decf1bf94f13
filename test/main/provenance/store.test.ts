import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openReader, openSecondWriter } from '#main/provenance/database.ts';
import { checkGraph } from '#main/provenance/read/check.ts';
import { ReadSession } from '#main/provenance/read/session.ts';
import { openStore } from '#main/provenance/store.ts';
import type { Changes, ProvenanceStore } from '#main/provenance/types.ts';
import { newUuid, type ComputerId, type NodeId, type Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { treeOf } from '#shared/provenance/repository-tree.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { build, temporaryStore } from '../../support/profile-database.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const countNodes = (store: ProvenanceStore): number => {
  const db = openReader(store.file);
  try {
    return db.prepare('SELECT count(*) FROM nodes').pluck().get() as number;
  } finally {
    db.close();
  }
};

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'nothing thrown';
};

const computer = (label: string) => ({
  uuid: newUuid(),
  label,
  hostname: 'localhost',
  description: '',
  schedulerType: 'core.direct',
  transportType: 'core.local',
  metadata: { workdir: '/tmp/{username}', shebang: '#!/bin/bash' },
});

describe('a transaction', () => {
  test('is all or nothing, and what it throws comes through', () => {
    const store = temporaryStore();
    const problem = new Error('half-way');
    expect(() =>
      build(store, (graph) => {
        graph.data();
        throw problem;
      }),
    ).toThrow(problem);
    expect(countNodes(store)).toBe(0);
  });

  test('goes on after a statement that was refused and caught', () => {
    const store = temporaryStore();
    build(store, (graph) => {
      const data = graph.data();
      expect(() => graph.link(data, data, 'create')).toThrow(/refused/);
      graph.data();
    });
    expect(countNodes(store)).toBe(2);
  });

  test('does not nest, is not asynchronous, and its tx is dead after it', () => {
    const store = temporaryStore();
    expect(() => store.write(() => store.write(() => 1))).toThrow(/do not nest/);
    expect(() => store.write(() => Promise.resolve())).toThrow(/not be asynchronous/);
    const kept = store.write((tx) => tx);
    expect(() => kept.setSetting('a', 1)).toThrow(/has ended/);
    expect(() => kept.removeEffect('a')).toThrow(/has ended/);
    expect(store.setting('a')).toBeUndefined();
  });

  test('that throws after it changed the user leaves the user as it was', () => {
    const store = temporaryStore();
    const before = store.user();
    expect(() =>
      store.write((tx) => {
        tx.setUser({ email: 'ada@example.org', firstName: 'Ada', lastName: '', institution: '' });
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.user()).toEqual(before);
  });
});

describe('a node', () => {
  test('is read back as it was written', () => {
    const store = temporaryStore();
    const [uuid, hash] = [newUuid(), 'ab'.repeat(32) as ObjectHash];
    const place = store.write((tx) => tx.insertComputer(computer('here')));
    const node = {
      uuid,
      nodeType: NodeType.remote,
      processType: null,
      label: 'Übung “1”',
      description: 'long\ntext',
      ctime: 1_741_064_767_000_089,
      attributes: { remote_path: '/scratch', n: 2n ** 70n },
      repository: treeOf([['a/b.txt', hash]]),
      computer: place,
    };
    const id = store.write((tx) => tx.insertNode(node));
    const found = store.write((tx) => [tx.node(id), tx.nodeByUuid(uuid)] as const);
    expect(found[0]).toEqual({
      id,
      uuid,
      nodeType: NodeType.remote,
      processType: null,
      label: 'Übung “1”',
      description: 'long\ntext',
      ctime: 1_741_064_767_000_089,
      attributes: '{"remote_path": "/scratch", "n": 1180591620717411303424}',
      repository: node.repository,
      computer: place,
      sealed: true,
    });
    expect(found[1]).toEqual(found[0]);
    expect(store.nodeId(uuid)).toBe(id);
    expect(store.nodeId(newUuid())).toBeNull();
    expect(store.write((tx) => tx.node(999 as NodeId))).toBeNull();
  });

  test('of an unknown kind, or with a UUID that is there, is refused', () => {
    const store = temporaryStore();
    expect(codeOf(() => build(store, (graph) => graph.node('thing.Thing.')))).toBe('bad-node-type');
    const node = {
      uuid: newUuid(),
      nodeType: NodeType.int,
      processType: null,
      label: '',
      description: '',
      ctime: 1,
      attributes: {},
      computer: null,
    };
    store.write((tx) => tx.insertNode(node));
    expect(codeOf(() => store.write((tx) => tx.insertNode(node)))).toBe('node-exists');
  });

  test('keeps the text of every attribute and extra that is not touched', () => {
    const store = temporaryStore();
    const calc = build(store, (graph) => graph.calculation());
    const raw = openSecondWriter(store.file);
    onTestFinished(() => void raw.close());
    const odd = '"a": 1.0, "2": 12345678901234567890, "1": [1e-07, -0.0]';
    raw.prepare('UPDATE nodes SET attributes = ?, extras = ? WHERE id = ?').run(`{${odd}}`, `{${odd}}`, calc);
    store.write((tx) => {
      tx.patchAttributes(calc, { process_state: 'running', gone: undefined }, 7);
      tx.patchExtras(calc, { mine: 'x' }, 8);
    });
    const row = raw.prepare('SELECT attributes, extras, mtime FROM nodes WHERE id = ?').raw().get(calc);
    expect(row).toEqual([`{${odd}, "process_state": "running"}`, `{${odd}, "mine": "x"}`, 8]);
  });

  test('is sealed with the attribute that says so, and then only label, description and extras change', () => {
    const store = temporaryStore();
    const calc = build(store, (graph) => {
      const id = graph.calculation();
      graph.end(id, 3);
      return id;
    });
    expect(store.write((tx) => tx.node(calc))).toMatchObject({
      sealed: true,
      attributes:
        '{"process_state": "finished", "process_label": "ArithmeticAddCalculation", "exit_status": 3, "sealed": true}',
    });
    store.write((tx) => {
      tx.setLabel(calc, 'mine', 1);
      tx.setDescription(calc, 'text', 2);
      tx.setExtras(calc, '{"a": 1}', 3);
    });
    for (const change of [
      () => store.write((tx) => tx.patchAttributes(calc, { a: 1 }, 1)),
      () => store.write((tx) => tx.setRepository(calc, treeOf([]))),
      () => store.write((tx) => tx.seal(calc)),
    ]) {
      expect(codeOf(change)).toBe('node-sealed');
    }
    expect(codeOf(() => store.write((tx) => tx.patchAttributes(999 as NodeId, {}, 1)))).toBe('node-missing');
    expect(codeOf(() => store.write((tx) => tx.setLabel(999 as NodeId, '', 1)))).toBe('node-missing');
  });
});

test('links come in the order in which they were made, from both sides', () => {
  const store = temporaryStore();
  const [a, b, calc] = build(store, (graph) => [graph.data(), graph.data(), graph.calculation()] as const);
  build(store, (graph) => {
    graph.link(b, calc, 'input_calc', 'y');
    graph.link(a, calc, 'input_calc', 'x');
  });
  const links = [
    { source: b, target: calc, type: 'input_calc', label: 'y' },
    { source: a, target: calc, type: 'input_calc', label: 'x' },
  ];
  expect(store.write((tx) => [tx.incoming(calc), tx.outgoing(a)])).toEqual([links, [links[1]]]);
});

test('what the engine keeps is there after opening again', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'stemma.sqlite');
  const first = openStore({ file });
  const [calc, key] = build(first, (graph, tx) => {
    const process = graph.calculation();
    tx.putRun({ process, state: '{"n": 1}' });
    tx.putRun({ process, state: '{"n": 2}' });
    tx.putEffect({ key: 'b', process, payload: '{}', notBefore: 5 });
    tx.putEffect({ key: 'a', process, payload: '{}', notBefore: 9 });
    tx.putEffect({ key: 'a', process, payload: '{"again": true}', notBefore: 1 });
    tx.putEffect({ key: 'c', process, payload: '{}', notBefore: 1 });
    tx.removeEffect('c');
    tx.appendJournal({ process, time: 1, event: 'one' });
    tx.appendJournal({ process, time: 2, event: 'two' });
    tx.removeInbox(tx.putInbox(process, 'gone'));
    tx.putStep({ process, label: 'relax', record: '1' });
    tx.putStep({ process, label: 'relax', record: '2' });
    tx.log({ process, time: 3, level: 'REPORT', logger: 'engine', message: 'hello' });
    return [process, tx.putInbox(process, 'wake')] as const;
  });
  first.close();
  const again = openStore({ file });
  onTestFinished(() => again.close());
  expect(again.engine.runs()).toEqual([{ process: calc, state: '{"n": 2}' }]);
  expect(again.engine.runs(0 as NodeId, 1)).toHaveLength(1);
  expect(again.engine.runs(calc, 1)).toEqual([]);
  expect(again.engine.effects()).toEqual([
    { key: 'a', process: calc, payload: '{"again": true}', notBefore: 1 },
    { key: 'b', process: calc, payload: '{}', notBefore: 5 },
  ]);
  expect(again.engine.journal(calc)).toEqual([
    { time: 1, event: 'one' },
    { time: 2, event: 'two' },
  ]);
  expect(again.engine.inbox()).toEqual([{ key, process: calc, event: 'wake' }]);
  again.engine.transaction((tx) => {
    expect(tx.step(calc, 'relax')).toEqual({ process: calc, label: 'relax', record: '2' });
    expect(tx.step(calc, 'other')).toBeNull();
    tx.removeRun(calc);
  });
  expect(again.engine.runs()).toEqual([]);
});

describe('the change feed', () => {
  const heard = (store: ProvenanceStore): Changes[] => {
    const list: Changes[] = [];
    onTestFinished(store.changes.on((changes) => list.push(changes)));
    return list;
  };

  test('tells after the commit what was touched, and nothing of what was rolled back', () => {
    const store = temporaryStore();
    let seen = 0;
    store.changes.on(() => (seen = countNodes(store)));
    const list = heard(store);
    const [data, calc] = build(store, (graph) => {
      const made = [graph.data(), graph.calculation()] as const;
      graph.link(made[0], made[1], 'input_calc', 'x');
      return made;
    });
    expect(seen).toBe(2);
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ everything: false, groups: false, computers: false, settings: false });
    expect([...(list[0]?.nodes ?? [])]).toEqual([data, calc]);
    expect([...(list[0]?.surroundings ?? [])]).toEqual([data, calc]);
    codeOf(() =>
      build(store, (graph) => {
        graph.data();
        throw new Error('no');
      }),
    );
    store.write(() => 'reads only');
    expect(list).toHaveLength(1);
  });

  test('tells of groups, computers, settings, logs and comments', () => {
    const store = temporaryStore();
    const data = build(store, (graph) => graph.data());
    const list = heard(store);
    const [group, comment] = [newUuid(), newUuid()];
    const uuid = store.write((tx) => tx.node(data))?.uuid as Uuid;
    store.write((tx) =>
      tx.insertGroup({ uuid: group, label: 'g', typeString: 'core', description: '', time: 1 }),
    );
    store.write((tx) => tx.addToGroup(group, [uuid]));
    store.write((tx) => tx.removeGroup(group));
    store.write((tx) => tx.insertComputer(computer('c')));
    store.write((tx) => tx.setSetting('k', 1));
    store.write((tx) => tx.insertComment({ uuid: comment, node: data, time: 1, content: 'hm' }));
    store.write((tx) => tx.removeComment(comment));
    const brief = list.map((one) => [one.groups, one.computers, one.settings, [...one.surroundings]]);
    expect(brief).toEqual([
      [true, false, false, []],
      [true, false, false, [data]],
      [true, false, false, [data]],
      [false, true, false, []],
      [false, false, true, []],
      [false, false, false, [data]],
      [false, false, false, [data]],
    ]);
  });

  test('says “everything” after an import', () => {
    const store = temporaryStore();
    const list = heard(store);
    store.noteImport();
    expect(list).toEqual([expect.objectContaining({ everything: true })]);
  });

  test('a listener that throws is reported; the write was done', () => {
    const errors: unknown[] = [];
    const store = temporaryStore({ onError: (error) => errors.push(error) });
    store.changes.on(() => {
      throw new Error('listener');
    });
    build(store, (graph) => graph.data());
    expect(countNodes(store)).toBe(1);
    expect(errors).toEqual([new Error('listener')]);
  });
});

describe('computers, groups, users, settings', () => {
  test('a computer is listed with how its user logs in', () => {
    const store = temporaryStore();
    const [a, b] = [computer('zeus'), computer('ajax')];
    store.write((tx) => {
      tx.insertComputer(a);
      tx.insertComputer(b);
      tx.putAuth(a.uuid, { enabled: true, params: { port: 22 } });
      tx.putAuth(a.uuid, { enabled: false, params: { port: 2222 } });
      tx.updateComputer(b.uuid, { description: 'fast', metadata: { workdir: '/scratch' } });
    });
    expect(store.computers()).toEqual([
      { ...b, id: 2, description: 'fast', metadata: { workdir: '/scratch' }, auth: null },
      { ...a, id: 1, auth: { enabled: false, params: { port: 2222 } } },
    ]);
    expect(store.computer(b.uuid)?.label).toBe('ajax');
    expect(store.computer(newUuid())).toBeNull();
    for (const { id, uuid } of store.computers()) {
      expect(store.computerId(uuid)).toBe(id);
      expect(store.computerUuid(id)).toBe(uuid);
    }
    expect(store.computerId(newUuid())).toBeNull();
    expect(store.computerUuid(99_999 as ComputerId)).toBeNull();
  });

  test('labels are taken once, and a computer that a node refers to stays', () => {
    const store = temporaryStore();
    const place = computer('zeus');
    const id = store.write((tx) => tx.insertComputer(place));
    expect(codeOf(() => store.write((tx) => tx.insertComputer(computer('zeus'))))).toBe('label-taken');
    build(store, (graph) => graph.calculation({ computer: id }));
    expect(codeOf(() => store.write((tx) => tx.removeComputer(place.uuid)))).toBe('computer-in-use');
    const unused = computer('ajax');
    store.write((tx) => tx.insertComputer(unused));
    store.write((tx) => tx.removeComputer(unused.uuid));
    expect(store.computers().map(({ label }) => label)).toEqual(['zeus']);
    expect(codeOf(() => store.write((tx) => tx.removeComputer(unused.uuid)))).toBe('computer-missing');
  });

  test('members of a group are counted when they come and go', () => {
    const store = temporaryStore();
    const group = newUuid();
    const uuids = build(store, (graph, tx) => [1, 2, 3].map(() => tx.node(graph.data())?.uuid as Uuid));
    store.write((tx) =>
      tx.insertGroup({ uuid: group, label: 'g', typeString: 'core', description: '', time: 1 }),
    );
    expect(store.write((tx) => tx.addToGroup(group, uuids.slice(0, 2)))).toBe(2);
    expect(store.write((tx) => tx.addToGroup(group, uuids))).toBe(1);
    expect(store.write((tx) => tx.removeFromGroup(group, uuids.slice(1)))).toBe(2);
    expect(store.write((tx) => tx.removeFromGroup(group, uuids.slice(1)))).toBe(0);
    expect(codeOf(() => store.write((tx) => tx.addToGroup(group, [newUuid()])))).toBe('node-missing');
    expect(codeOf(() => store.write((tx) => tx.addToGroup(newUuid(), uuids)))).toBe('group-missing');
    const other = newUuid();
    store.write((tx) =>
      tx.insertGroup({ uuid: other, label: 'h', typeString: 'core', description: '', time: 1 }),
    );
    expect(codeOf(() => store.write((tx) => tx.updateGroup(other, { label: 'g' })))).toBe('label-taken');
    store.write((tx) => tx.updateGroup(other, { label: 'i', description: 'x' }));
    store.write((tx) => tx.removeGroup(group));
    expect(countNodes(store)).toBe(3);
  });

  test('what was made before the user had a name is theirs; another e-mail is another user', () => {
    const store = temporaryStore();
    expect(store.user().email).toBe('user@localhost');
    const first = store.user().id;
    const ada = { email: 'ada@example.org', firstName: 'Ada', lastName: 'L.', institution: 'Example' };
    expect(store.write((tx) => tx.setUser(ada))).toBe(first);
    expect(store.user()).toEqual({ id: first, ...ada });
    const work = store.write((tx) => tx.setUser({ ...ada, email: 'ada@example.com' }));
    expect(work).not.toBe(first);
    expect(store.write((tx) => tx.setUser({ ...ada, institution: 'Elsewhere' }))).toBe(first);
    expect(store.user().institution).toBe('Elsewhere');
  });

  test('settings are any JSON', () => {
    const store = temporaryStore();
    store.write((tx) => tx.setSetting('window', { x: 1, list: [null, 'a'] }));
    store.write((tx) => tx.setSetting('window', { x: 2 }));
    expect(store.setting('window')).toEqual({ x: 2 });
    expect(store.setting('nothing')).toBeUndefined();
  });
});

describe('when the database is not free', () => {
  test('a write says so at once, and one that may wait is done when it is', async () => {
    const store = temporaryStore();
    const other = openSecondWriter(store.file, 0);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    expect(codeOf(() => build(store, (graph) => graph.data()))).toBe('database-busy');
    let done = false;
    const waiting = store.writeWhenFree((tx) => tx.setSetting('a', 1)).then(() => (done = true));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(done).toBe(false);
    other.exec('COMMIT');
    await waiting;
    expect(store.setting('a')).toBe(1);
  });

  test('waiting ends when it is cancelled, and an error that is none of this comes through', async () => {
    const store = temporaryStore();
    const other = openSecondWriter(store.file, 0);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const abort = new AbortController();
    const waiting = store.writeWhenFree((tx) => tx.setSetting('a', 1), abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    other.exec('ROLLBACK');
    await expect(
      store.writeWhenFree(() => {
        throw new Error('mine');
      }),
    ).rejects.toThrow('mine');
    expect(store.setting('a')).toBeUndefined();
  });

  test('whoever had the profile open before writes no more', () => {
    const first = temporaryStore();
    build(first, (graph) => graph.data());
    const second = openStore({ file: first.file });
    onTestFinished(() => second.close());
    expect(codeOf(() => build(first, (graph) => graph.data()))).toBe('profile-taken-over');
    build(second, (graph) => graph.data());
    expect(countNodes(second)).toBe(2);
  });
});

describe('when the disk fails', () => {
  test('a full one loses nothing that was acknowledged, and needs no restart', () => {
    const store = temporaryStore({ indexAfterMs: -1 });
    build(store, (graph) => graph.data());
    const pages = openSecondWriter(store.file);
    onTestFinished(() => void pages.close());
    const count = pages.pragma('page_count', { simple: true }) as number;
    // SQLITE_FULL as a full disk gives it: the file may not grow
    const full = openStore({ file: store.file, indexAfterMs: -1, maxPages: count + 2 });
    onTestFinished(() => full.close());
    const before = countNodes(full);
    expect(codeOf(() => build(full, (graph) => Array.from({ length: 2000 }, () => graph.data())))).toBe(
      'disk-full',
    );
    expect(countNodes(full)).toBe(before);
    full.write((tx) => tx.setSetting('small', true));
    expect(full.setting('small')).toBe(true);
  });

  test('a file that is no database, or a damaged one, is refused in words', () => {
    const file = join(temporaryFolder(), 'stemma.sqlite');
    const db = new Database(file);
    db.exec('CREATE TABLE a (b)');
    db.close();
    expect(codeOf(() => openStore({ file }))).toBe('not-a-profile');
    expect(codeOf(() => openStore({ file: join(temporaryFolder(), 'none', 'stemma.sqlite') }))).not.toBe(
      'nothing thrown',
    );
  });
});

test('every commit that was acknowledged survives SIGKILL', async () => {
  const file = join(temporaryFolder(), 'stemma.sqlite');
  const child = spawn(process.execPath, [join(import.meta.dirname, 'endless-writer.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === 200) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  const store = openStore({ file });
  onTestFinished(() => store.close());
  expect(acknowledged.length).toBeGreaterThanOrEqual(200);
  for (const uuid of acknowledged) expect(store.nodeId(uuid as Uuid)).not.toBeNull();
  const db = openReader(file);
  onTestFinished(() => void db.close());
  expect(checkGraph(new ReadSession(db, { hasSearchIndex: true, now: Date.now })).problems).toEqual([]);
});

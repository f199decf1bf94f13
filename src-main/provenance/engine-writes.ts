import { operationalError, userError } from '#shared/base/errors.ts';
import { cacheExtras } from '#shared/provenance/cache-extras.ts';
import { isDataType, isProcessType } from '#shared/provenance/node-types.ts';
import { isLinkLabel } from '#shared/provenance/links.ts';
import { patchJsonObject } from '#shared/provenance/json-patch.ts';
import { writePyJson } from '#shared/provenance/python-json.ts';
import {
  readRepositoryTree,
  writeRepositoryTree,
  type RepositoryTree,
} from '#shared/provenance/repository-tree.ts';
import { newUuid, type ComputerId, type NodeId, type Uuid } from '#shared/provenance/ids.ts';
import type { EngineTransaction, LinkRecord, NodeRecord } from '../engine/ports.ts';
import { DataHashes } from './data-hashes.ts';
import { translating } from './sqlite-errors.ts';
import type { NodeRow, Statements } from './statements.ts';
import type { TransactionContext } from './transaction-context.ts';

const repositoryText = (tree: RepositoryTree): string =>
  writePyJson(writeRepositoryTree(tree) as Parameters<typeof writePyJson>[0]);

/** A row as the engine reads it. @throws StemmaError `bad-repository-tree` */
export function toNodeRecord(row: NodeRow): NodeRecord {
  return {
    id: row.id as NodeId,
    uuid: row.uuid as Uuid,
    nodeType: row.node_type,
    processType: row.process_type,
    label: row.label,
    description: row.description,
    ctime: row.ctime,
    attributes: row.attributes,
    repository: readRepositoryTree(JSON.parse(row.repository_metadata)),
    computer: row.computer_id as ComputerId | null,
    sealed: row.sealed === 1,
  };
}

const noNode = (id: number): Error =>
  operationalError({
    code: 'node-missing',
    message: `There is no node ${id} in this profile.`,
    subject: String(id),
  });

const sealedNode = (id: number): Error =>
  userError({
    code: 'node-sealed',
    message: `Process ${id} has ended and never changes again.`,
    subject: String(id),
    hint: 'Launch a new process instead.',
  });

const describeLink = ({ source, target, type, label }: LinkRecord): string =>
  `${type} link “${label}” from node ${source} to node ${target}`;

/** What the engine does inside a transaction. */
export function engineWrites(statements: Statements, context: TransactionContext): EngineTransaction {
  /** The attributes of a process that may change. */
  const openContent = (id: NodeId): string => {
    const row = statements.content.get(id);
    if (row === undefined) throw noNode(id);
    if (row.sealed === 1) throw sealedNode(id);
    return row.attributes;
  };

  const hashes = new DataHashes(statements);

  return {
    insertNode(node) {
      const { changes, user } = context;
      const { nodeType, ctime } = node;
      if (!isDataType(nodeType) && !isProcessType(nodeType)) {
        throw userError({ code: 'bad-node-type', message: `“${nodeType}” is no type of data or process.` });
      }
      const extras = node.extras ?? {};
      const hash = isDataType(nodeType) ? hashes.ofNew(node) : null;
      const result = translating(
        () =>
          statements.insertNode.run(
            node.uuid,
            nodeType,
            node.processType,
            node.label,
            node.description,
            ctime,
            ctime,
            writePyJson(node.attributes),
            writePyJson(hash === null ? extras : { ...extras, [cacheExtras.hash]: hash }),
            node.repository === undefined ? '{}' : repositoryText(node.repository),
            node.computer,
            user,
            isProcessType(nodeType) ? 0 : 1,
          ),
        () => node.uuid,
      );
      const id = Number(result.lastInsertRowid) as NodeId;
      changes.nodes.add(id);
      return id;
    },

    insertLink(link) {
      const { changes } = context;
      if (!isLinkLabel(link.label)) {
        throw userError({
          code: 'link-refused',
          message: `“${link.label}” cannot be the label of a link: letters, digits and single underscores, beginning with a letter.`,
          subject: describeLink(link),
        });
      }
      translating(
        () => statements.insertLink.run(link.source, link.target, link.type, link.label),
        () => describeLink(link),
      );
      changes.surroundings.add(link.source).add(link.target);
    },

    patchAttributes(process, patch, mtime) {
      const { changes } = context;
      const attributes = patchJsonObject(openContent(process), patch);
      translating(
        () => statements.setAttributes.run(attributes, mtime, process),
        () => String(process),
      );
      changes.nodes.add(process);
    },

    setRepository(process, tree) {
      const { changes } = context;
      openContent(process);
      statements.setRepository.run(repositoryText(tree), process);
      changes.nodes.add(process);
    },

    seal(process) {
      const { changes } = context;
      const attributes = patchJsonObject(openContent(process), { sealed: true });
      statements.seal.run(attributes, process);
      changes.nodes.add(process);
    },

    log({ process, time, level, logger, message }) {
      const { changes } = context;
      statements.insertLog.run(newUuid(), time, logger, level, process, message);
      changes.surroundings.add(process);
    },

    putRun({ process, state }) {
      const { changes } = context;
      statements.putRun.run(process, state);
      changes.nodes.add(process);
    },
    removeRun(process) {
      const { changes } = context;
      statements.removeRun.run(process);
      changes.nodes.add(process);
    },
    putEffect({ key, process, payload, notBefore }) {
      context.changes.surroundings.add(process);
      statements.putEffect.run(key, process, payload, notBefore);
    },
    removeEffect(key) {
      void context.changes;
      statements.removeEffect.run(key);
    },
    appendJournal({ process, time, event }) {
      context.changes.surroundings.add(process);
      statements.appendJournal.run(process, time, event);
    },
    putInbox(process, event) {
      void context.changes;
      return Number(statements.putInbox.run(process, event).lastInsertRowid);
    },
    removeInbox(key) {
      void context.changes;
      statements.removeInbox.run(key);
    },
    putStep({ process, label, record }) {
      context.changes.surroundings.add(process);
      statements.putStep.run(process, label, record);
    },

    dataHash: (id) => hashes.of(id),
    equalCalculations: (hash, processType, exitStatuses) =>
      statements.equalCalculations.all(hash, processType, JSON.stringify(exitStatuses)).map(toNodeRecord),
    node(id) {
      const row = statements.node.get(id);
      return row === undefined ? null : toNodeRecord(row);
    },
    nodeByUuid(uuid) {
      const row = statements.nodeByUuid.get(uuid);
      return row === undefined ? null : toNodeRecord(row);
    },
    incoming: (id) => statements.incoming.all(id),
    outgoing: (id) => statements.outgoing.all(id),
    step(process, label) {
      const record = statements.step.get(process, label);
      return record === undefined ? null : { process, label, record };
    },
    steps: (process) => statements.steps.all(process).map((row) => ({ process, ...row })),
  };
}

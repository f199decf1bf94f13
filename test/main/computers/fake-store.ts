import { Emitter } from '#shared/base/emitter.ts';
import { userError } from '#shared/base/errors.ts';
import type { ComputerId, NodeId, Uuid } from '#shared/provenance/ids.ts';
import { readPyJson, writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import type { NewNode } from '#main/engine/ports.ts';
import type { Changes, ComputerRecord, ProvenanceStore, WriteTransaction } from '#main/provenance/types.ts';

const nothing: Changes = {
  everything: false,
  nodes: new Set(),
  surroundings: new Set(),
  groups: false,
  computers: false,
  settings: false,
};

/** A fake of the store: computers, settings and code nodes in memory. Everything else throws. */
export class FakeStore {
  readonly changes = new Emitter<Changes>();
  records: ComputerRecord[] = [];
  nodes: (NewNode & { readonly id: NodeId; extrasText: string })[] = [];
  readonly settings = new Map<string, unknown>();
  readonly inUse = new Set<Uuid>();

  computers(): readonly ComputerRecord[] {
    return this.records;
  }
  computer(uuid: Uuid): ComputerRecord | null {
    return this.records.find((record) => record.uuid === uuid) ?? null;
  }
  computerId(uuid: Uuid): ComputerId | null {
    return this.computer(uuid)?.id ?? null;
  }
  computerUuid(id: ComputerId): Uuid | null {
    return this.records.find((record) => record.id === id)?.uuid ?? null;
  }
  setting(key: string): unknown {
    return this.settings.get(key);
  }
  label(): string {
    return '';
  }

  nodeId(uuid: Uuid): NodeId | null {
    return this.nodes.find((node) => node.uuid === uuid)?.id ?? null;
  }

  write<T>(work: (tx: WriteTransaction) => T): T {
    const change = (uuid: Uuid, part: Partial<ComputerRecord>): void => {
      this.records = this.records.map((record) => (record.uuid === uuid ? { ...record, ...part } : record));
    };
    const node = (id: NodeId, part: object): void => {
      this.nodes = this.nodes.map((one) => (one.id === id ? { ...one, ...part } : one));
    };
    const tx: Partial<WriteTransaction> = {
      insertComputer: (computer) => {
        const id = (this.records.length + 1) as ComputerId;
        this.records = [...this.records, { ...computer, id, auth: null }];
        return id;
      },
      updateComputer: change,
      putAuth: (uuid, auth) => change(uuid, { auth }),
      removeComputer: (uuid) => {
        if (this.inUse.has(uuid)) throw userError({ code: 'computer-in-use', message: 'in use' });
        this.records = this.records.filter((record) => record.uuid !== uuid);
      },
      setSetting: (key, value) => void this.settings.set(key, value),
      insertNode: (one) => {
        const id = (this.nodes.length + 1) as NodeId;
        this.nodes = [...this.nodes, { ...one, id, extrasText: '{}' }];
        return id;
      },
      setLabel: (id, label) => node(id, { label }),
      setDescription: (id, description) => node(id, { description }),
      patchExtras: (id, patch) => {
        const before = this.nodes.find((one) => one.id === id)?.extrasText ?? '{}';
        node(id, { extrasText: writePyJson({ ...(readPyJson(before) as object), ...patch } as PyJson) });
      },
    };
    const result = work(tx as WriteTransaction);
    this.changes.emit({ ...nothing, computers: true });
    return result;
  }

  async writeWhenFree<T>(work: (tx: WriteTransaction) => T): Promise<T> {
    return this.write(work);
  }

  asStore(): ProvenanceStore {
    return this as unknown as ProvenanceStore;
  }
}

import { operationalError } from '#shared/base/errors.ts';
import type { JobOptions } from '#shared/process/job-options.ts';
import type { ComputerId, Uuid } from '#shared/provenance/ids.ts';
import type { NodeForPlugin, PreparedCalculation } from '../engine/ports.ts';
import type { ComputerRecord, ProvenanceStore } from '../provenance/types.ts';
import { configOf } from './computer-record.ts';
import { buildJobScript } from './job-script/build-job-script.ts';
import { codeSettings, type CodeSettings } from './job-script/code-settings.ts';

export interface ScriptRequest {
  readonly computer: Uuid;
  readonly options: JobOptions;
  readonly calculation: PreparedCalculation;
  readonly codes: readonly NodeForPlugin[];
}

/** Computers by either key, and the job script that a computer needs: what the engine asks of this room. */
export class StoredComputers {
  readonly #store: ProvenanceStore;

  constructor(store: ProvenanceStore) {
    this.#store = store;
  }

  uuidOf(id: ComputerId): Uuid | null {
    return this.#store.computerUuid(id);
  }

  idOf(uuid: Uuid): ComputerId | null {
    return this.#store.computerId(uuid);
  }

  /** @throws StemmaError where options, codes and computer do not fit together */
  script({ computer, options, calculation, codes }: ScriptRequest): string {
    const record = this.#store.computer(computer);
    const config = record === null ? null : configOf(record);
    if (record === null || config === null) throw notConfigured(record);
    return buildJobScript({
      computer: { ...config, useDoubleQuotes: record.metadata['use_double_quotes'] === true },
      codes: new Map(
        codes.map((node): [Uuid, CodeSettings] => [node.uuid, codeSettings(withAttributes(node))]),
      ),
      options,
      calculation,
    });
  }
}

const withAttributes = (
  node: NodeForPlugin,
): Omit<NodeForPlugin, 'attributes'> & { readonly attributes: { readonly [key: string]: unknown } } => ({
  ...node,
  attributes: JSON.parse(node.attributes) as { readonly [key: string]: unknown },
});

const notConfigured = (record: ComputerRecord | null): Error =>
  operationalError({
    code: record === null ? 'computer-missing' : 'computer-not-configured',
    message: `Nothing is known of how jobs run on ${record?.label ?? 'that computer'}.`,
    subject: record?.label,
    hint: 'Fill in the computer’s settings under Computers.',
  });

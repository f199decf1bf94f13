import { userError } from '#shared/base/errors.ts';
import type { CodeConfig, CodeRow } from '#shared/contract/areas/computers.ts';
import { newUuid, type NodeId, type Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { Reader } from '../provenance/read-api.ts';
import type { ProvenanceStore } from '../provenance/types.ts';
import type { Computers } from './computers.ts';
import { shellQuote } from './shell/quote.ts';

export interface CodesDeps {
  readonly store: ProvenanceStore;
  readonly reader: Pick<Reader, 'codes'>;
  readonly computers: Computers;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Codes: executables on computers, stored as AiiDA's InstalledCode. */
export class Codes {
  readonly #deps: CodesDeps;

  constructor(deps: CodesDeps) {
    this.#deps = deps;
  }

  /** @param filter.plugin those made for it, and those made for nothing in particular */
  async rows(filter: { readonly plugin?: string | undefined; readonly hidden: boolean }): Promise<CodeRow[]> {
    const rows = await this.#deps.reader.codes({ hidden: filter.hidden });
    return rows.filter(
      ({ defaultPlugin }) =>
        filter.plugin === undefined || defaultPlugin === '' || defaultPlugin === filter.plugin,
    );
  }

  async create(config: CodeConfig): Promise<Uuid> {
    const computer = this.#deps.store.computer(config.computer as Uuid);
    if (computer === null) {
      throw userError({
        code: 'computer-missing',
        message: 'There is no such computer.',
        subject: 'computer',
      });
    }
    await this.#checkLabel(config.label, computer.uuid, null);
    const uuid = newUuid();
    await this.#deps.store.writeWhenFree((tx) => {
      tx.insertNode({
        uuid,
        nodeType: NodeType.installedCode,
        processType: null,
        label: config.label,
        description: config.description,
        ctime: this.#now(),
        computer: computer.id,
        attributes: {
          input_plugin: config.defaultPlugin === '' ? null : config.defaultPlugin,
          append_text: config.appendText,
          prepend_text: config.prependText,
          use_double_quotes: false,
          with_mpi: config.withMpi,
          wrap_cmdline_params: false,
          filepath_executable: config.executable,
        },
      });
    });
    return uuid;
  }

  async relabel(uuid: Uuid, label: string, description: string): Promise<void> {
    const { id, row } = await this.#code(uuid);
    await this.#checkLabel(label, row.computerUuid, uuid);
    await this.#deps.store.writeWhenFree((tx) => {
      tx.setLabel(id, label, this.#now());
      tx.setDescription(id, description, this.#now());
    });
  }

  async setHidden(uuid: Uuid, hidden: boolean): Promise<void> {
    const { id } = await this.#code(uuid);
    await this.#deps.store.writeWhenFree((tx) => tx.patchExtras(id, { hidden }, this.#now()));
  }

  /** Whether the executable is there, and can be executed by the account. */
  async test(
    computer: Uuid,
    executable: string,
    signal: AbortSignal,
  ): Promise<{ readonly ok: boolean; readonly words: string; readonly hint: string }> {
    const path = shellQuote(executable);
    const runtime = this.#deps.computers.runtime(computer);
    const { stdout } = await runtime.use({ signal, mode: 'now' }, (transport) =>
      transport.exec({
        what: 'the look at an executable',
        script:
          `if [ -d ${path} ]; then echo folder; elif [ ! -e ${path} ]; then echo missing; ` +
          `elif [ ! -x ${path} ]; then echo plain; else echo good; ls -lL ${path}; fi\n` +
          `d=$(dirname ${path}); b=$(basename ${path}); p=$(command -v "$b" 2>/dev/null) && echo "path $p"\n:`,
        signal,
      }),
    );
    const [verdict = '', ...rest] = stdout.split('\n');
    const where = runtime.config.label;
    const elsewhere = rest.find((line) => line.startsWith('path /'))?.slice('path '.length);
    switch (verdict) {
      case 'good':
        return { ok: true, words: `${executable} is there and can be executed.`, hint: '' };
      case 'folder':
        return { ok: false, words: `${executable} is a folder on ${where}.`, hint: 'Give the file in it.' };
      case 'plain':
        return {
          ok: false,
          words: `${executable} is there, but this account may not execute it.`,
          hint: `chmod +x ${executable}, or ask its owner.`,
        };
      default:
        return {
          ok: false,
          words: `There is no ${executable} on ${where}.`,
          hint:
            elsewhere === undefined
              ? 'With modules: load the module there and ask “which” for the path.'
              : `There is one at ${elsewhere}.`,
        };
    }
  }

  /** As nodes have it: microseconds. */
  #now(): number {
    return this.#deps.now() * 1000;
  }

  async #code(uuid: Uuid): Promise<{ readonly id: NodeId; readonly row: CodeRow }> {
    const row = (await this.#deps.reader.codes({ hidden: true })).find((one) => one.uuid === uuid);
    const id = this.#deps.store.nodeId(uuid);
    if (row !== undefined && id !== null) return { id, row };
    throw userError({ code: 'code-missing', message: 'There is no such code.', subject: uuid });
  }

  async #checkLabel(label: string, computer: string, own: Uuid | null): Promise<void> {
    const codes = await this.#deps.reader.codes({ hidden: true });
    const taken = codes.some(
      (code) => code.label === label && code.computerUuid === computer && code.uuid !== own,
    );
    if (!taken) return;
    throw userError({
      code: 'label-taken',
      message: `There is a code called “${label}” on this computer already.`,
      subject: 'label',
      hint: 'Choose another label.',
    });
  }
}

import { openCore, type Core } from '#main/core.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { parseUuid } from '#shared/provenance/ids.ts';

/** A core at work in a profile of its own, asked as a window asks it, with a window open that follows. */
export class OurCore {
  readonly core: Core;
  readonly client: Client<Contract>;
  readonly #watching: Promise<void>;
  /** A code for bash on this machine. */
  readonly code: string;

  private constructor(core: Core, client: Client<Contract>, code: string) {
    this.core = core;
    this.client = client;
    this.code = code;
    this.#watching = (async () => {
      for await (const _ of client.listen('processes.table', {})) continue;
    })();
  }

  static async start(profileDirectory: string, plugins: readonly string[] = []): Promise<OurCore> {
    const core = await openCore({ profileDirectory, shell: 'none', plugins });
    const [near, far] = memoryPair();
    core.serve(far);
    const client = connectClient<Contract>(near);
    let computer = '';
    for await (const rows of client.listen('computers.list', {})) {
      computer = rows[0]?.uuid ?? '';
      break;
    }
    const bash = { label: 'bash', computer, executable: '/bin/bash' };
    return new OurCore(core, client, (await client.call('codes.create', bash)).uuid);
  }

  /** Launches so many together and resolves when the last has ended; {@link allWell} says how. */
  async run(
    plugin: string,
    count: number,
    inputs: (i: number) => Readonly<Record<string, number>>,
    withCode = false,
  ): Promise<void> {
    const { client, core } = this;
    const launched = await Promise.all(
      Array.from({ length: count }, (_, i) => {
        const values = Object.entries(inputs(i)).map(([name, value]) => [
          name,
          { kind: 'value', type: 'int', value } as const,
        ]);
        const code = withCode ? { code: { kind: 'node', uuid: this.code } as const } : {};
        return client.call('launch.submit', { plugin, inputs: { ...Object.fromEntries(values), ...code } });
      }),
    );
    await Promise.all(launched.map(({ uuid }) => core.engine.ended(parseUuid(uuid))));
  }

  async close(): Promise<void> {
    this.client.close();
    await this.#watching.catch(() => {});
    await this.core.close();
  }

  /** @throws where one of all that ever ran here did not finish with exit code 0 */
  async allWell(): Promise<void> {
    for await (const { counts } of this.client.listen('processes.table', { limit: 1 })) {
      const { finished, ...others } = counts;
      const wrong = Object.values(others).reduce((sum, count) => sum + count, 0);
      if (wrong > 0 || finished === 0) throw new Error(`${wrong} processes did not finish with exit code 0`);
      return;
    }
  }
}

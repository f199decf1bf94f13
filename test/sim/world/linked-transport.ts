import type { Transport } from '#main/computers/transport.ts';
import type { Life } from './life.ts';

/**
 * A connection as one life of the core has it: the core may be killed before each call and before its answer is heard,
 * and hears nothing while the machine sleeps.
 */
export function linkedTransport(transport: Transport, life: Life): Transport {
  async function heard<T>(what: string, call: () => Promise<T>): Promise<T> {
    await life.pass(`before ${what}`);
    let answer: T;
    try {
      answer = await call();
    } catch (error) {
      await life.pass(`after ${what}, which failed`);
      throw error;
    }
    await life.pass(`after ${what}`);
    return answer;
  }
  return {
    type: transport.type,
    exec: (request) => heard(request.what, () => transport.exec(request)),
    upload: (request) => heard('an upload', () => transport.upload(request)),
    manifest: (...args) => heard('a manifest', () => transport.manifest(...args)),
    fetch: (directory, files, receive, signal) =>
      heard('a fetch', () =>
        transport.fetch(
          directory,
          files,
          async (file, content) => {
            await life.pass('before a file is taken');
            await receive(file, content);
          },
          signal,
        ),
      ),
    closed: transport.closed.then(async (reason) => {
      await life.pass('after a connection ended');
      return reason;
    }),
    close: () => {
      if (!life.isDead) transport.close();
    },
  };
}

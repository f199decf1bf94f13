import { operationalError, userError } from '#shared/base/errors.ts';
import type { SecretBox } from '../core-face.ts';

/** The members of Electron's `safeStorage`; the synchronous ones are on their way out. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  getSelectedStorageBackend(): string;
  encryptStringAsync(secret: string): Promise<Buffer>;
  decryptStringAsync(sealed: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
}

/**
 * Seals secrets with the keychain of the desktop. On Linux without one Electron would only obfuscate them
 * (`basic_text`): then nothing is kept, and the person is asked each time. Call it when the app is ready.
 */
export async function openSecretBox(storage: SafeStorage, platform: NodeJS.Platform): Promise<SecretBox> {
  const unavailable = await whyUnavailable(storage, platform);
  return {
    unavailable,
    async seal(secret) {
      if (unavailable !== '') throw userError({ code: 'secrets-not-kept', message: unavailable });
      return storage.encryptStringAsync(secret);
    },
    async open(sealed) {
      if (unavailable !== '') throw userError({ code: 'secrets-not-kept', message: unavailable });
      try {
        const { result, shouldReEncrypt } = await storage.decryptStringAsync(Buffer.from(sealed));
        return { secret: result, shouldSealAgain: shouldReEncrypt };
      } catch (error) {
        throw operationalError(
          {
            code: 'secret-unreadable',
            message: 'A kept secret cannot be read any more.',
            hint: 'The keychain of this desktop may be locked or another one; give the secret again.',
          },
          error,
        );
      }
    },
  };
}

async function whyUnavailable(storage: SafeStorage, platform: NodeJS.Platform): Promise<string> {
  if (platform === 'linux') {
    const backend = storage.getSelectedStorageBackend();
    if (backend === 'basic_text' || backend === 'unknown') {
      return 'This desktop has no keychain, so passwords are not kept: you are asked for them each time.';
    }
  }
  return (await storage.isAsyncEncryptionAvailable())
    ? ''
    : 'The keychain of this desktop does not answer, so passwords are not kept: you are asked for them each time.';
}

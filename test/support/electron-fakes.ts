/**
 * Fakes of the few members of Electron that the shell uses: they record what they are told and let a test play the
 * other side. Not a mock of the module: each function takes its members as an argument.
 */
export interface FakeEmitter {
  on(event: string, listener: (...args: never[]) => void): void;
  /** Calls every listener, as Electron would. */
  emit(event: string, ...args: unknown[]): void;
}

export function fakeEmitter(): FakeEmitter {
  const listeners = new Map<string, ((...args: unknown[]) => void)[]>();
  return {
    on(event, listener) {
      listeners.set(event, [...(listeners.get(event) ?? []), listener as (...args: unknown[]) => void]);
    },
    emit(event, ...args) {
      for (const listener of listeners.get(event) ?? []) listener(...args);
    },
  };
}

/** An event that knows whether it was prevented. */
export function fakeEvent<Details extends object>(
  details: Details,
): Details & { readonly wasPrevented: () => boolean; preventDefault(): void } {
  let prevented = false;
  return { ...details, wasPrevented: () => prevented, preventDefault: () => void (prevented = true) };
}

export interface FakeFrame {
  readonly url: string;
  readonly parent: unknown;
}

export const ownFrame: FakeFrame = { url: 'app://main/index.html', parent: null };

/** `ipcMain`, with `ask` and `tell` to play a page. */
export function fakeIpcMain<Contents>() {
  const handlers = new Map<
    string,
    (event: { senderFrame: FakeFrame | null; sender: Contents }, input: unknown) => Promise<unknown>
  >();
  const emitter = fakeEmitter();
  return {
    handle(name: string, handler: Parameters<typeof handlers.set>[1]) {
      handlers.set(name, handler);
    },
    on: emitter.on,
    async ask(
      name: string,
      input: unknown,
      sender: Contents,
      senderFrame: FakeFrame | null = ownFrame,
    ): Promise<unknown> {
      const handler = handlers.get(name);
      if (handler === undefined) throw new Error(`Nobody handles ${name}`);
      return handler({ senderFrame, sender }, input);
    },
    tell: (name: string, sender: Contents, senderFrame: FakeFrame | null = ownFrame) =>
      emitter.emit(name, { senderFrame, sender }),
  };
}

import { isOwnAddress } from './app-scheme.ts';

/** What our own page may do beyond showing itself. */
const allowed: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen', 'notifications']);

/** The members of Electron's `Session` that decide on permissions. */
export interface PermissionSession {
  setPermissionRequestHandler(
    handler: (
      contents: unknown,
      permission: string,
      callback: (granted: boolean) => void,
      details: { readonly requestingUrl?: string; readonly isMainFrame?: boolean },
    ) => void,
  ): void;
  setPermissionCheckHandler(
    handler: (contents: unknown, permission: string, requestingOrigin: string) => boolean,
  ): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  setDisplayMediaRequestHandler(handler: null): void;
}

/** Denies every permission but three, and those to every page but ours. */
export function guardPermissions(session: PermissionSession, onDenied: (permission: string) => void): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const granted =
      allowed.has(permission) && details.isMainFrame === true && isOwnAddress(details.requestingUrl ?? '');
    if (!granted) onDenied(permission);
    callback(granted);
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => allowed.has(permission) && isOwnAddress(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
}

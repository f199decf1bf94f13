import { readFileSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Why a place is a bad one for a profile. Shown once a start, never a refusal: some people have no other place. */
export interface PlaceWarning {
  readonly code: 'network-file-system' | 'synchronised-folder';
  readonly message: string;
}

export interface PlaceProbe {
  /** The text of `/proc/self/mountinfo`; empty where there is none. */
  readonly mountInfo: () => string;
  readonly exists: (path: string) => boolean;
}

const here: PlaceProbe = {
  mountInfo() {
    try {
      return readFileSync('/proc/self/mountinfo', 'utf8');
    } catch {
      return '';
    }
  },
  exists: (path) => statSync(path, { throwIfNoEntry: false }) !== undefined,
};

/** Empty for a good place, as far as can be told: file systems are known on Linux only, services by their folders. */
export function placeWarnings(directory: string, probe: PlaceProbe = here): readonly PlaceWarning[] {
  const type = fileSystemOf(directory, probe.mountInfo());
  const service = synchronisedBy(directory, probe.exists);
  const warnings: PlaceWarning[] = [];
  if (isNetwork(type)) {
    warnings.push({
      code: 'network-file-system',
      message: `The profile at ${directory} lies on a network file system (${type}). Its locks and its write order are not dependable; keep the profile on a local disk.`,
    });
  }
  if (service !== null) {
    warnings.push({
      code: 'synchronised-folder',
      message: `The profile at ${directory} lies in a folder that ${service} synchronises. Copying a database while it is written can damage it; move the profile out of that folder and share archives instead.`,
    });
  }
  return warnings;
}

const network =
  /^(nfs\d?|cifs|smb\d?|smbfs|afs|ncpfs|lustre|gpfs|beegfs|ceph|glusterfs|9p|davfs|pvfs2|orangefs)$/;
const isNetwork = (type: string): boolean =>
  network.test(type) ||
  /^fuse\.(sshfs|davfs2?|rclone|glusterfs|ceph|s3fs|gcsfuse|curlftpfs|cephfs)/.test(type);

/**
 * The type of the file system that holds `path`: of the longest mount point that contains it; of the last one of
 * several, which hides the others. Format: proc(5), `/proc/pid/mountinfo`, with octal escapes for blanks.
 */
export function fileSystemOf(path: string, mountInfo: string): string {
  let best = { length: -1, type: '' };
  for (const line of mountInfo.split('\n')) {
    const [left, right] = line.split(' - ');
    const point = left
      ?.split(' ')[4]
      ?.replaceAll(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    const type = right?.split(' ')[0];
    if (point === undefined || type === undefined) continue;
    const inside = point === '/' || path === point || path.startsWith(`${point}/`);
    if (inside && point.length >= best.length) best = { length: point.length, type };
  }
  return best.type;
}

const byName: readonly (readonly [RegExp, string])[] = [
  [/^Dropbox( \(.*\))?$/i, 'Dropbox'],
  [/^OneDrive( - .*)?$/i, 'OneDrive'],
  [/^(Google ?Drive|GoogleDrive-.*)$/i, 'Google Drive'],
  [/^(iCloud ?Drive|Mobile Documents)$/i, 'iCloud Drive'],
  [/^Nextcloud\d*$/i, 'Nextcloud'],
  [/^ownCloud$/i, 'ownCloud'],
  [/^(pCloud ?Drive|MEGAsync|Seafile|Syncthing)$/i, 'a synchronisation service'],
];

const byMarker: readonly (readonly [string, string])[] = [
  ['.dropbox.cache', 'Dropbox'],
  ['.stfolder', 'Syncthing'],
  ['.owncloudsync.log', 'ownCloud'],
  ['.nextcloudsync.log', 'Nextcloud'],
  ['.sync/ID', 'Resilio Sync'],
];

function synchronisedBy(directory: string, exists: (path: string) => boolean): string | null {
  for (const part of directory.split(sep)) {
    const named = byName.find(([pattern]) => pattern.test(part));
    if (named !== undefined) return named[1];
  }
  for (let at = directory; ; at = dirname(at)) {
    const marked = byMarker.find(([marker]) => exists(join(at, marker)));
    if (marked !== undefined) return marked[1];
    if (dirname(at) === at) return null;
  }
}

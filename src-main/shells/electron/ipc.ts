/** The names of messages between the preload and the shell. Each carries plain data, parsed where it arrives. */
export const ipc = {
  openChannel: 'stemma:open-channel',
  port: 'stemma:port',
  chooseFiles: 'stemma:choose-files',
  chooseSave: 'stemma:choose-save',
  handleOfPath: 'stemma:handle-of-path',
  deliver: 'stemma:deliver',
  openExternal: 'stemma:open-external',
  openFile: 'stemma:open-file',
  /** The page listens for files to open: what came before is sent now. */
  readyForFiles: 'stemma:ready-for-files',
  command: 'stemma:command',
} as const;

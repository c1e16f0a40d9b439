/** Every error code of the command line itself. */
export type CommandErrorCode =
  | 'usage/invalid'
  | 'usage/missing'
  | 'usage/configuration'
  | 'gate/failed'
  | 'command/wrong-kind'
  | 'command/interrupted'
  | 'command/terminated'
  | 'command/not-writable';

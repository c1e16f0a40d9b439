/** Every error code of the command line itself. */
export const commandErrorCodes = [
  'usage/invalid',
  'usage/missing',
  'usage/configuration',
  'gate/failed',
  'command/interrupted',
  'command/terminated',
  'command/not-writable',
] as const;

export type CommandErrorCode = (typeof commandErrorCodes)[number];

import type { CommandName } from '../../face/kind-flags.ts';
import type { FlagName } from './flags.ts';
import type { Interrupt } from './interrupt.ts';
import type { Terminal } from './terminal.ts';

/** What a command is given beside its options: the ways to its user, and how it is stopped. */
export interface Run extends Terminal, Interrupt {
  readonly command: CommandName;
  /** Flags that the user has written. */
  readonly given: readonly FlagName[];
}

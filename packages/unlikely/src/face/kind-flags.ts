import type { ArgumentsOf, FlagUses, ValuesOf } from '../command/run/declaration.ts';
import type { Kind } from '@unlikely/detect';
import type { commands } from '../command/run/commands.ts';
import { imageFlags } from './image/flags.ts';
import { tableFlags } from './table/flags.ts';

export type { Kind };

export type CommandName = keyof typeof commands;

/** The flags that are for one kind of input alone, by command: parsed, refused and documented from here. */
export const kindFlags: {
  readonly [Each in Kind]: { readonly [Name in CommandName]?: FlagUses };
} = { table: tableFlags, image: imageFlags };

type Own<Flags, Name> = Name extends keyof Flags ? ValuesOf<Flags[Name]> : unknown;

/** The options and arguments of a command, with those of every kind of input. */
export type CommandOptions<Name extends CommandName> = ArgumentsOf<
  (typeof commands)[Name]['arguments']
> &
  ValuesOf<(typeof commands)[Name]['flags']> &
  Own<typeof tableFlags, Name> &
  Own<typeof imageFlags, Name>;

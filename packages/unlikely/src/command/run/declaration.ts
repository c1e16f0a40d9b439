import type { FileUse, FlagName, FlagValue, flags } from './flags.ts';

/** How a command uses a flag. */
export interface FlagUse {
  /** What it does here, where its own sentence does not say it. */
  readonly says?: string;
  /** Is a setting of models, which says what it is and what it is by default. */
  readonly isParameter?: true;
  readonly default?: unknown;
  readonly required?: true;
  /** Flags that it cannot stand beside. */
  readonly excludes?: readonly FlagName[];
  /** How it was spelled before: still taken, with a warning. */
  readonly former?: string;
  /** What its path is for, where it is not for what it is elsewhere. */
  readonly file?: FileUse;
  /** Those of its choices that make sense here. Default: all. */
  readonly choices?: readonly string[];
  /** What it has an effect with alone: values of other flags, or INPUT where that may be left out. */
  readonly when?: { readonly [Name in FlagName | 'input']?: readonly string[] };
}

export type FlagUses = { readonly [Name in FlagName]?: FlagUse };

/** Everything that is said of a command before it runs. */
export interface Declaration {
  readonly description: string;
  readonly group?: 'making';
  readonly arguments: readonly ArgumentName[];
  readonly flags: FlagUses;
  readonly examples?: readonly string[];
}

/** The arguments of commands; in brackets, one that may be left out. */
export type ArgumentName = 'MODEL' | 'INPUT' | '[INPUT]' | 'CODES';

/** Flags that have a value even where they are not written. */
type Certain<Uses> = {
  readonly [Name in keyof Uses & FlagName]: Uses[Name] extends
    { readonly default: unknown } | { readonly required: true }
    ? Name
    : (typeof flags)[Name]['type'] extends 'off'
      ? Name
      : never;
}[keyof Uses & FlagName];

/** The values of flags, typed from how they are declared. */
export type ValuesOf<Uses> = {
  readonly [Name in Certain<Uses>]: FlagValue<Name>;
} & {
  readonly [Name in Exclude<keyof Uses & FlagName, Certain<Uses>>]?: FlagValue<Name>;
};

/** The values of arguments by their names in small letters. */
export type ArgumentsOf<Names extends readonly ArgumentName[]> = {
  readonly [Name in Exclude<Names[number], '[INPUT]'> as Lowercase<Name>]: string;
} & ('[INPUT]' extends Names[number] ? { readonly input?: string } : unknown);

import { commandError } from '../../command-error.ts';
import type { CommandName, CommandOptions } from '../../face/kind-flags.ts';
import type { FlagUse } from './declaration.ts';
import { flags } from './flags.ts';
import type { FlagName } from './flags.ts';

/** Values as the parser found them, by the names of its attributes. */
export interface GivenOptions {
  readonly values: Record<string, unknown>;
  readonly isGiven: (attribute: string) => boolean;
}

interface ReadOptions {
  readonly options: CommandOptions<CommandName>;
  readonly given: readonly FlagName[];
  readonly warnings: readonly string[];
}

/**
 * The options of a command: former names have become the present ones, and what would do nothing is
 * refused.
 *
 * @throws UnlikelyError `usage/missing`, `usage/invalid`.
 */
export function readOptions(
  name: CommandName,
  uses: readonly { readonly flag: FlagName; readonly use: FlagUse }[],
  { values, isGiven }: GivenOptions,
): ReadOptions {
  const warnings: string[] = [];
  const given: FlagName[] = [];
  for (const { flag, use } of uses) {
    if (use.former === undefined) continue;
    const attribute = attributeOf(use.former);
    const value = values[attribute];
    if (!isGiven(attribute) || use.former.startsWith('--no-') !== (value === false)) continue;
    const present = longName(flags[flag].spelling);
    if (isGiven(flag)) {
      throw commandError('usage/invalid', `expected ${present} once, got ${use.former}, too`, {
        help: `${use.former} is its former name: leave it out.`,
      });
    }
    delete values[attribute];
    values[flag] = value;
    given.push(flag);
    warnings.push(`${use.former} of unlikely ${name} is called ${present} now`);
  }
  for (const { flag, use } of uses) {
    const spelling = longName(flags[flag].spelling);
    if (use.required === true && values[flag] === undefined) {
      throw commandError('usage/missing', `expected ${flags[flag].spelling}, got none`, {
        help: `unlikely ${name} --help lists the options.`,
      });
    }
    if (isGiven(flag) && values[flag] !== undefined) given.push(flag);
    if (given.includes(flag)) refuseWithout(spelling, use, values);
  }
  // The declarations say what the parsers give.
  return { options: values as CommandOptions<CommandName>, given, warnings };
}

/** Throws `usage/invalid` for a flag that has an effect with other options alone. */
function refuseWithout(
  spelling: string,
  { when = {} }: FlagUse,
  values: Readonly<Record<string, unknown>>,
): void {
  for (const [other, wanted] of Object.entries(when)) {
    const value = values[other];
    if (other === 'input' ? value !== undefined : wanted.includes(String(value))) continue;
    const needed =
      other === 'input'
        ? 'INPUT'
        : `${longName(flags[other as FlagName].spelling)} ${wanted.join(' or ')}`;
    throw commandError(
      'usage/invalid',
      `expected ${spelling} with ${needed} alone, got ${value === undefined ? 'none' : String(value)}`,
      { help: `Leave out ${spelling}.` },
    );
  }
}

/** `--test-share` of `--test-share <share>`, `--output` of `-o, --output <file>`. */
export function longName(spelling: string): string {
  return /--[\w-]+/.exec(spelling)![0];
}

/** What the parser calls the value: `testShare` of `--test-share`, `label` of `--no-label`. */
export function attributeOf(spelling: string): string {
  return longName(spelling)
    .replace(/^--(no-)?/, '')
    .replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

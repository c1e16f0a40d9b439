import type { Option } from 'commander';
import type { PathKind } from '@unlikely/detect';
import type { Declare } from './command-line.ts';

/** What the declarations of all commands share. */
export interface SharedOptions {
  readonly command: Declare;
  readonly input: readonly [string, string];
  readonly optionalInput: readonly [string, string];
  readonly model: readonly [string, string];
  readonly threadsOption: () => Option;
  readonly jsonOption: () => Option;
}

/** Above the commands of the generative side in the help. */
export const generativeGroup = 'Making rows and images:';

/** Named here as well, so that help does not load the library. */
export const pathKinds: readonly PathKind[] = ['linear', 'spherical'];

/** What stands below the help of a command. */
export function example(...lines: readonly string[]): string {
  return `\n${lines.length > 1 ? 'Examples' : 'Example'}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

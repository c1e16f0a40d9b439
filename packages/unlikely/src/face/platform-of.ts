import type { Platform } from '@unlikely/detect';
import { defined } from '../command/defined.ts';
import type { Terminal } from '../command/run/terminal.ts';
import { warn } from '../command/tell/warn.ts';
import { nodePlatform } from '../platform.ts';

/** This machine's runtimes, for a command. */
export function platformOf(
  { threads }: { readonly threads?: number },
  terminal: Terminal,
): Platform {
  return nodePlatform({ ...defined({ threads }), onFallback: warn(terminal) });
}

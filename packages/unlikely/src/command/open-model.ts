import { Detector } from '@unlikely/detect';
import { nodePlatform } from '../platform.ts';
import { defined } from './defined.ts';
import type { Terminal } from './run/terminal.ts';
import { warn } from './warn.ts';

/** The detector of a MODEL argument, on this machine's runtime. */
export function openModel(
  { model, threads }: { readonly model: string; readonly threads?: number },
  terminal: Terminal,
): Promise<Detector> {
  const platform = nodePlatform({ ...defined({ threads }), onFallback: warn(terminal) });
  return Detector.load(model, platform);
}

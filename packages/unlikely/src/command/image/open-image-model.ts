import { ImageDetector } from '@unlikely/detect';
import { nodePlatform } from '../../platform.ts';
import { defined } from '../defined.ts';
import type { Terminal } from '../run/terminal.ts';
import { warn } from '../warn.ts';

/** The detector of a MODEL argument that is about images, on this machine's runtime. */
export function openImageModel(
  { model, threads }: { readonly model: string; readonly threads?: number },
  terminal: Terminal,
): Promise<ImageDetector> {
  const platform = nodePlatform({ ...defined({ threads }), onFallback: warn(terminal) });
  return ImageDetector.load(model, platform);
}

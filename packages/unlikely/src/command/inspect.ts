import { stat } from 'node:fs/promises';
import { formatNumber, formatShare } from '@unlikely/report/words';
import { faceOfModel } from '../face/faces.ts';
import type { CommandOptions } from '../face/kind-flags.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';
import { attributeLine } from './tell/attribute-line.ts';
import { labelled } from './tell/labelled.ts';
import { storedWords } from './tell/stored-words.ts';
import { formatBytes } from './tell/units.ts';

/** `unlikely inspect`: what a model file says of itself. */
export async function inspect(options: CommandOptions<'inspect'>, run: Run): Promise<ExitCode> {
  const { words, open } = await faceOfModel('inspect', options, run);
  await using session = await open(options.model, {}, run);
  const { model } = session;
  const { page } = run;
  const { head, loss, figures, tables, facts } = session.inspection(page);
  const { size } = await stat(options.model);
  if (options.json === true) {
    await run.data(`${JSON.stringify({ model: options.model, bytes: size, ...facts })}\n`);
    return exitCodes.done;
  }
  const { history, version, fingerprint } = model.manifest;
  const threshold = (rate: number): string => {
    try {
      return `${formatNumber(model.threshold(rate))} (${formatShare(rate)})`;
    } catch {
      return `none (${formatShare(rate)}: too few calibration ${words.many})`;
    }
  };
  const file = `${options.model}, ${formatBytes(size)}, written by Unlikely ${version}`;
  const [first, last] = [history.loss[0] ?? NaN, history.loss.at(-1) ?? NaN];
  await run.print([
    labelled(page, 'model', file),
    ...head,
    labelled(page, 'loss', `${formatNumber(first)} at first, ${formatNumber(last)} at last${loss}`),
    ...figures,
    labelled(page, 'thresholds', [0.05, 0.01, 0.001].map(threshold).join('   ')),
    ...Object.entries(model.latent.attributes).map(([name, attribute]) =>
      labelled(page, 'attribute', attributeLine(name, attribute)),
    ),
    labelled(page, 'stored', storedWords(model.manifest, words)),
    labelled(page, 'trained on', `${words.many} with the fingerprint ${fingerprint.slice(0, 16)}`),
    ...tables,
  ]);
  return exitCodes.done;
}

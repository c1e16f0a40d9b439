import { formatCount, formatShare } from '@unlikely/report/words';
import { commandError } from '../command-error.ts';
import type { FieldDrift } from '@unlikely/detect';
import { faceOfModel } from '../face/faces.ts';
import type { CommandOptions } from '../face/kind-flags.ts';
import { falsePositiveRate } from './flag-rule.ts';
import { isMoreThanPromised } from './more-than-promised.ts';
import type { Flagged } from './more-than-promised.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';
import { movedBy, movedWords, promiseWords } from './tell/drift-words.ts';
import { labelled } from './tell/labelled.ts';
import { shown } from './tell/shown.ts';
import { textTable } from './tell/text-table.ts';

/** `unlikely drift`: which columns have moved since the training, and whether the promise still holds. */
export async function drift(options: CommandOptions<'drift'>, run: Run): Promise<ExitCode> {
  const { words, input, open } = await faceOfModel('drift', options, run);
  await using session = await open(options.model, options, run);
  if (session.drift === undefined) {
    throw commandError('command/wrong-kind', `expected a model of a table, got one of ${input}`, {
      help: 'Score some and compare what is flagged with the rate that was promised.',
    });
  }
  const { drift: found, scores } = await session.drift(options);
  const { model } = session;
  const rate = falsePositiveRate(model, options.fpr);
  const flagged =
    rate === undefined ? undefined : await countFlagged(scores(), model.threshold(rate), rate);
  const isBroken =
    flagged !== undefined && isMoreThanPromised(flagged, model.manifest.rows.calibration);
  const hasMoved = isBroken || found.fields.some((field) => field.hasMoved);
  if (options.json === true) {
    const { rows, fields } = found;
    const result = {
      rows,
      hasMoved,
      flagged: flagged?.flagged ?? null,
      rate: rate ?? null,
      fields,
    };
    await run.data(`${JSON.stringify(result)}\n`);
  } else {
    await run.print([
      labelled(run.page, words.many, formatCount(found.rows)),
      ...(flagged === undefined
        ? []
        : [
            labelled(
              run.page,
              'flagged',
              `${formatCount(flagged.flagged)}, ${formatShare(flagged.flagged / Math.max(1, flagged.rows))} where of normal ${words.many} ${formatShare(flagged.rate)} are`,
            ),
          ]),
      labelled(run.page, 'drift', hasMoved ? verdict(found.fields) : 'none'),
      '',
      ...fieldTable(found.fields, run),
    ]);
  }
  if (options.failOn === 'drift' && hasMoved) {
    const why = isBroken ? promiseWords(flagged!, words) : `these moved: ${movedWords(found)}`;
    throw commandError(
      'gate/failed',
      `expected ${words.many} like those of the training, but ${why}`,
      {
        help: 'Train again on rows of today, or look at what flags them with `unlikely score --explain 3`.',
      },
    );
  }
  return exitCodes.done;
}

async function countFlagged(
  batches: AsyncIterable<Float64Array>,
  threshold: number,
  rate: number,
): Promise<Flagged> {
  let [rows, flagged] = [0, 0];
  for await (const scores of batches) {
    rows += scores.length;
    flagged += scores.reduce((sum, score) => sum + Number(score > threshold), 0);
  }
  return { rows, flagged, rate };
}

function verdict(fields: readonly FieldDrift[]): string {
  const count = fields.filter(({ hasMoved }) => hasMoved).length;
  return count === 0
    ? 'no column by itself has moved, but more is flagged than promised'
    : `${formatCount(count)} of ${formatCount(fields.length)} have moved`;
}

function fieldTable(fields: readonly FieldDrift[], { page }: Run): string[] {
  const right = { align: 'right' } as const;
  return textTable(
    [{ maximum: 28 }, right, right, right, { maximum: 60 }],
    ['column', 'shift', 'new', 'missing', ''],
    fields.map((field) => [
      shown(field.field),
      formatShare(field.shift),
      formatShare(field.news),
      formatShare(field.missing),
      field.hasMoved ? movedBy(field) : '',
    ]),
    { paintHead: page.paint.dim },
  );
}

import type { RowFilter } from '@unlikely/data';
import { Detector, tableWords } from '@unlikely/detect';
import type { TrainingEvent } from '@unlikely/detect';
import { formatCount, formatRows } from '@unlikely/report/words';
import { commandError } from '../../command-error.ts';
import { defined } from '../../command/defined.ts';
import { promisableRate } from '../../library/prediction.ts';
import { openInput } from '../../command/input.ts';
import type { Run } from '../../command/run/run.ts';
import { labelled } from '../../command/tell/labelled.ts';
import { defaultTestShare } from '../../command/tell/test-lines.ts';
import { trainingDisplay } from '../../command/tell/training-display.ts';
import type { Trained, TrainingPlan } from '../face.ts';
import type { CommandOptions } from '../kind-flags.ts';
import { platformOf } from '../platform-of.ts';
import { contaminationLines } from './contamination-lines.ts';
import { modelLines } from './model-lines.ts';
import { refuseNormalAlone } from './label-options.ts';
import { schemaTable } from './schema-table.ts';
import { writeSuspects } from './write-suspects.ts';

type TrainOptions = CommandOptions<'train'>;

/** Learns the normal rows of a table. */
export async function trainOnTable(
  options: TrainOptions,
  { configuration, checkpoint }: TrainingPlan,
  run: Run,
): Promise<Trained> {
  const { signal } = run;
  refuseNormalAlone(options);
  checkSuspects(options);
  const share = testShareOf(options);
  const platform = platformOf(options, run);
  await using from =
    options.from === undefined ? undefined : await Detector.load(options.from, platform);
  if (from?.manifest.knownRows !== undefined && !options.storedRows) {
    throw commandError(
      'usage/invalid',
      `expected --no-stored-rows without --from, got ${options.from}, which stores rows`,
      { help: 'Train from the start: what is stored of the former rows would stay.' },
    );
  }
  const table = await openInput(options.input, run, options);
  try {
    const detector = await Detector.train(
      table,
      {
        ...configuration,
        ...defined({
          label: options.label,
          normal: options.normal,
          testShare: share,
          ignore: options.ignore,
          kinds: options.kind,
          contaminated: options.contaminated,
          seed: options.seed,
          steps: options.steps,
          members: options.members,
          storedRows: options.storedRows ? undefined : 0,
          falsePositiveRate: options.testFpr,
          threads: options.threads,
          from,
          checkpoint,
          resume: options.resume,
        }),
        signal,
        onEvent: shownTraining(run),
      },
      platform,
    );
    const { manifest } = detector;
    return {
      model: detector,
      testShare: share,
      async writeMore() {
        if (options.suspects === undefined) return;
        const count = await writeSuspects(options.suspects, detector, table, signal);
        run.note(labelled(run, 'suspects', `${count} rows in ${options.suspects}`));
      },
      async test() {
        const { column, normal } = manifest.label!;
        const filter: RowFilter = { column, in: normal };
        const { training, test } = await table.split(share, filter);
        return detector.evaluate(test, {
          label: options.label!,
          reference: training,
          // They are none of those that it learnt from, however alike; but a former training may have had them.
          allRows: options.from === undefined,
          normalShare: share,
          signal,
          ...defined({ falsePositiveRate: promisableRate(detector, options.testFpr) }),
        });
      },
      lines: (canvas) => [...modelLines(manifest, canvas), ...contaminationLines(manifest, canvas)],
      facts: {
        rows: manifest.rows,
        ...defined({ label: manifest.label, contamination: manifest.contamination }),
        columns: manifest.schema.columns,
        configuration: manifest.configuration,
        klPerUnit: manifest.history.klPerUnit,
      },
      async [Symbol.asyncDispose]() {
        await detector.dispose();
        await table[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await table[Symbol.asyncDispose]();
    throw error;
  }
}

/** Shows a training, and the columns as they are taken. */
function shownTraining(run: Run): (event: TrainingEvent) => void {
  const show = trainingDisplay(run, tableWords);
  return (event) => {
    if (event.kind !== 'schema') {
      show(event);
      return;
    }
    const { columns, rows } = event.schema;
    const used = columns.filter(({ kind }) => kind !== 'ignored').length;
    const counts = `${formatRows(rows)}, ${formatRows(columns.length, 'column')}`;
    run.note(
      labelled(
        run,
        'table',
        `${counts}, of which ${formatCount(used)} ${used === 1 ? 'is' : 'are'} used`,
      ),
    );
    run.note();
    for (const line of schemaTable(event.schema, run)) run.note(line);
    run.note();
  };
}

/** Throws `usage/invalid` where there is nothing to test, or the rows that stand out are to be named. */
function testShareOf({ label, contaminated, testShare }: TrainOptions): number {
  if (testShare === undefined || testShare === 0) {
    return testShare ?? (label === undefined || contaminated === true ? 0 : defaultTestShare);
  }
  if (label !== undefined && contaminated !== true) return testShare;
  throw commandError(
    'usage/invalid',
    label === undefined
      ? 'expected --label with --test-share, got rows whose label is not known'
      : 'expected --test-share without --contaminated, which names rows of the whole table',
    {
      help:
        label === undefined
          ? 'For instance: --label fraud --test-share 0.3'
          : 'Leave out --test-share, or --contaminated.',
    },
  );
}

/** Throws `usage/invalid`. */
function checkSuspects({ suspects, contaminated }: TrainOptions): void {
  if (suspects === undefined || (contaminated === true && suspects !== '-')) return;
  throw commandError(
    'usage/invalid',
    suspects === '-'
      ? 'expected a file for --suspects, got standard output'
      : 'expected --contaminated with --suspects, got a training on normal rows',
    { help: 'For instance: --contaminated --suspects suspects.csv' },
  );
}

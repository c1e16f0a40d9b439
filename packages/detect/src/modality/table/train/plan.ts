import { fillIntegers, fillNormal, RandomStream } from '@unlikely/graph';
import type { RuntimeTensor } from '@unlikely/runtime';
import type { EncodedRows } from '../column/feature.ts';
import { detectError } from '../../../detect-error.ts';
import type { ModelCore } from '../core.ts';
import { initialise } from '../network/initialise.ts';
import { trainingObjective } from '../objective.ts';
import { farthestField } from './farthest-field.ts';
import { foldOf } from './folds.ts';
import type { Feeds, TrainingPlan } from '../../../train/training-plan.ts';

/**
 * The training of a table: every member draws its own rows with replacement, none of its fold, and its
 * own noise.
 *
 * @param heldOut Rows that decide when to stop, where `earlyStopping` is on.
 */
export function tablePlan(core: ModelCore, rows: EncodedRows, heldOut?: EncodedRows): TrainingPlan {
  const { configuration, shape, fields } = core;
  const { members, latentSize } = shape;
  const { earlyStopping } = configuration;
  const isStopped = earlyStopping !== undefined && heldOut !== undefined;
  const batchRows = Math.min(configuration.batchSize, rows.rows);
  return {
    objective: trainingObjective(core, {
      batchRows,
      missing: hasMissing(rows) || (isStopped && hasMissing(heldOut)),
    }),
    schedule: configuration,
    members,
    rows: rows.rows,
    batchRows,
    stepBytes: members * batchRows * (fields.length * 8 + latentSize * 4),
    initialise: () => initialise(shape, configuration.seed),
    feeds: (first, count) => feedsOf(core, rows, { first, count, batchRows, purpose: 'train' }),
    ...(isStopped
      ? {
          stopping: {
            ...earlyStopping,
            heldOut: (count) =>
              feedsOf(core, heldOut, { first: 0, count, batchRows, purpose: 'held-out' }),
          },
        }
      : {}),
    notFinite: (step) => {
      const column = farthestField(core, rows);
      return detectError(
        'detect/not-finite',
        `expected a finite loss, got none at step ${step}; the values farthest out are in column ${column}`,
        {
          help: `Look at ${column}, ignore it, or lower the learning rate.`,
          details: { column, step },
        },
      );
    },
  };
}

interface Steps {
  readonly first: number;
  readonly count: number;
  readonly batchRows: number;
  readonly purpose: 'train' | 'held-out';
}

function feedsOf(core: ModelCore, rows: EncodedRows, steps: Steps): Feeds {
  const { shape, fields, configuration } = core;
  const { members, latentSize } = shape;
  const { first, count, batchRows, purpose } = steps;
  const lead = members === 1 ? [count, batchRows] : [count, members, batchRows];
  const drawn = drawnRows(core, rows.rows, steps);
  const width = fields.length;
  const data = new Float64Array(drawn.length * width);
  for (let index = 0; index < drawn.length; index++) {
    const start = drawn[index]! * width;
    const target = index * width;
    for (let field = 0; field < width; field++) data[target + field] = rows.data[start + field]!;
  }
  const table: RuntimeTensor = { type: 'float64', dimensions: [...lead, width], data };
  if (!shape.variational) return { rows: table };
  const noise = new Float32Array(drawn.length * latentSize);
  const stream = new RandomStream(configuration.seed, purpose, 'noise');
  fillNormal(noise, stream, first * members * batchRows * latentSize);
  return {
    rows: table,
    noise: { type: 'float32', dimensions: [...lead, latentSize], data: noise },
  };
}

/** Numbers of rows, [count, members, batchRows]. */
function drawnRows(
  { shape: { members }, configuration }: ModelCore,
  rows: number,
  { first, count, batchRows, purpose }: Steps,
): Int32Array {
  const stepRows = members * batchRows;
  const drawn = new Int32Array(count * stepRows);
  const stream = new RandomStream(configuration.seed, purpose, 'rows');
  if (purpose === 'held-out') {
    fillIntegers(drawn, rows, stream, first * stepRows);
    return drawn;
  }
  const folds = Array.from({ length: members }, (_, member) => foldOf(configuration, rows, member));
  const size = folds[0]!.end - folds[0]!.start;
  fillIntegers(drawn, rows - size, stream, first * stepRows);
  for (let index = 0; index < drawn.length; index++) {
    const member = Math.floor(index / batchRows) % members;
    if (drawn[index]! >= folds[member]!.start) drawn[index]! += size;
  }
  return drawn;
}

function hasMissing({ data }: EncodedRows): boolean {
  return data.some(Number.isNaN);
}

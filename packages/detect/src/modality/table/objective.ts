import { reduceSum } from '@unlikely/graph';
import type { TrainingObjective } from '@unlikely/graph';
import { standardise } from './column/standardise.ts';
import { negativeLogLikelihoods } from './likelihood/blocks.ts';
import type { ModelCore } from './core.ts';
import { decode, encode, encodePoint } from './network/network.ts';
import { evidenceLowerBound } from '../../objective/evidence-lower-bound.ts';

/** What goes into a chunk of steps beside the optimiser's state. */
export interface ObjectiveShape {
  readonly batchRows: number;
  /** Whether rows may have missing values; without them two nodes a step are saved. */
  readonly missing: boolean;
}

/** The evidence lower bound of the rows of a table. Missing values are left out of the sum. */
export function trainingObjective(core: ModelCore, options: ObjectiveShape): TrainingObjective {
  const { configuration, shape, fields, features, blocks } = core;
  const { batchRows, missing } = options;
  const lead = shape.members === 1 ? [batchRows] : [shape.members, batchRows];
  const standardised = { shape: [...lead, features.length] };
  return evidenceLowerBound(
    { ...core, ...shape, maximumGradientNorm: configuration.maximumGradientNorm },
    {
      batch: { features: standardised, ...(missing ? { present: standardised } : {}) },
      prepare: {
        inputs: { rows: { shape: [...lead, fields.length], type: 'float64' } },
        build: ({ rows }) => {
          const { features: x, present } = standardise(rows!, features);
          return { features: x, ...(missing ? { present } : {}) };
        },
      },
      encode: (parameters, batch) => encode(shape, parameters, batch['features']!),
      encodePoint: (parameters, batch) => encodePoint(shape, parameters, batch['features']!),
      surprise: (parameters, codes, { features: x, present }) => {
        const decoded = decode(shape, parameters, codes);
        const perFeature = negativeLogLikelihoods(
          blocks,
          features,
          decoded,
          x!,
          configuration,
          present,
        );
        return reduceSum(reduceSum(perFeature, { axes: [-1] }));
      },
    },
    batchRows,
  );
}

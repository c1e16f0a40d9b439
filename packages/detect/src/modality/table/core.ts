import type { Field } from '@unlikely/data/source';
import { parameterCount } from '@unlikely/graph';
import type { ParameterLayout } from '@unlikely/graph';
import { detectError } from '../../detect-error.ts';
import type { Feature } from './column/feature.ts';
import type { Configuration } from './configuration.ts';
import { blocksOf, outputCount } from './likelihood/blocks.ts';
import type { Block } from './likelihood/blocks.ts';
import { networkLayout, networkShape } from './network/network.ts';
import type { NetworkShape } from './network/network.ts';

/** The parts of a model that follow from its fields, features and configuration alone. */
export interface ModelCore {
  readonly fields: readonly Field[];
  readonly features: readonly Feature[];
  readonly configuration: Configuration;
  readonly blocks: readonly Block[];
  readonly shape: NetworkShape;
  readonly layout: ParameterLayout;
  readonly parameterCount: number;
}

/** Indicators are spread by a matrix of fields × features. */
const mostFeatures = 65_536;
/** Rows that are scored at once at least, and numbers of them in the largest tensor: 512 MB. */
const fewestRows = 16;
const mostElements = 2 ** 27;

/**
 * @throws UnlikelyError `detect/configuration` for a model that would need gigabytes to score a row,
 *   `detect/no-fields` where no column can be modelled.
 */
export function modelCore(
  fields: readonly Field[],
  features: readonly Feature[],
  configuration: Configuration,
): ModelCore {
  if (features.length === 0) {
    throw detectError('detect/no-fields', 'expected at least one usable column, got none', {
      help: 'Every column was left out; `--kind COLUMN=KIND` takes one in.',
    });
  }
  if (features.length > mostFeatures) {
    throw detectError(
      'detect/configuration',
      `expected at most ${mostFeatures} features, got ${features.length}`,
      { help: 'Leave out columns, or keep fewer categories of each.' },
    );
  }
  const blocks = blocksOf(fields, features, configuration);
  const shape = networkShape(configuration, features.length, outputCount(blocks));
  const widest = Math.max(shape.outputs, ...shape.encoderSizes, ...shape.decoderSizes);
  const draws = shape.members * Math.max(1, configuration.samples);
  if (fewestRows * draws * widest > mostElements) {
    throw detectError(
      'detect/configuration',
      `expected members × samples × widest layer to be at most ${mostElements / fewestRows}, got ${shape.members} × ${Math.max(1, configuration.samples)} × ${widest}`,
      { help: 'Take fewer members, samples or units: a score would need gigabytes of memory.' },
    );
  }
  const layout = networkLayout(shape);
  return {
    fields,
    features,
    configuration,
    blocks,
    shape,
    layout,
    parameterCount: parameterCount(layout),
  };
}

import type { Field } from '@unlikely/data';
import { parameterCount, UnlikelyError } from '@unlikely/graph';
import type { ParameterLayout } from '@unlikely/graph';
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

/** @throws UnlikelyError `detect/no-fields` where no column can be modelled. */
export function modelCore(
  fields: readonly Field[],
  features: readonly Feature[],
  configuration: Configuration,
): ModelCore {
  if (features.length === 0) {
    throw new UnlikelyError('detect/no-fields', 'expected at least one usable column, got none', {
      help: 'Every column was left out; `--kind COLUMN=KIND` takes one in.',
    });
  }
  const blocks = blocksOf(fields, features, configuration);
  const shape = networkShape(configuration, features.length, outputCount(blocks));
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

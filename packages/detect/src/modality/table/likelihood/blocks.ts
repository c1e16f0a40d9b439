import { concat, gather, multiply, slice, split } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { Field } from '@unlikely/data/source';
import type { Feature } from '../column/feature.ts';
import type { Configuration } from '../configuration.ts';
import { likelihoods } from './likelihoods.ts';
import type { Likelihood, LikelihoodContext, LikelihoodKind } from './likelihood.ts';

/** Features that share a likelihood, in the order in which the decoder gives them. */
export interface Block {
  readonly likelihood: LikelihoodKind;
  /** Indices into the features. */
  readonly features: readonly number[];
}

/** Which likelihood the features of each kind of field get. */
const likelihoodOf: {
  readonly [K in Field['kind']]: (configuration: Configuration) => LikelihoodKind;
} = {
  numeric: ({ likelihoods: chosen }) => chosen.numeric,
  count: ({ likelihoods: chosen }) => chosen.count,
  binary: ({ likelihoods: chosen }) => chosen.binary,
  categorical: ({ likelihoods: chosen }) => chosen.categorical,
  cyclic: ({ likelihoods: chosen }) => chosen.categorical,
};

/** Groups the features by likelihood; each softmax is a block of its own. */
export function blocksOf(
  fields: readonly Field[],
  features: readonly Feature[],
  configuration: Configuration,
): Block[] {
  const blocks = new Map<string, { likelihood: LikelihoodKind; features: number[] }>();
  features.forEach((feature, index) => {
    const likelihood =
      configuration.model === 'autoencoder'
        ? 'squared-error'
        : likelihoodOf[fields[feature.field]!.kind](configuration);
    const key = likelihood === 'categorical' ? `${likelihood} ${feature.field}` : likelihood;
    const block = blocks.get(key) ?? { likelihood, features: [] };
    block.features.push(index);
    blocks.set(key, block);
  });
  return [...blocks.values()];
}

/** Numbers that the decoder gives for one row. */
export function outputCount(blocks: readonly Block[]): number {
  return blocks.reduce(
    (sum, { likelihood, features }) => sum + likelihoods[likelihood].parameters * features.length,
    0,
  );
}

interface BlockView {
  readonly likelihood: Likelihood;
  readonly outputs: readonly Tensor[];
  readonly indices: readonly number[];
  readonly context: LikelihoodContext;
}

/** The decoder's numbers [..., outputs], cut into the parameters of each block. */
function viewsOf(
  blocks: readonly Block[],
  features: readonly Feature[],
  decoded: Tensor,
  { deviationFloor }: Pick<Configuration, 'deviationFloor'>,
): BlockView[] {
  const sizes = blocks.flatMap((block) =>
    Array.from({ length: likelihoods[block.likelihood].parameters }, () => block.features.length),
  );
  const parts = [...split(decoded, sizes, -1)];
  return blocks.map((block) => {
    const likelihood = likelihoods[block.likelihood];
    return {
      likelihood,
      outputs: parts.splice(0, likelihood.parameters),
      indices: block.features,
      context: { features: block.features.map((index) => features[index]!), deviationFloor },
    };
  });
}

function pick(x: Tensor, indices: readonly number[]): Tensor {
  const size = x.shape.at(-1);
  const inOrder = indices.every((value, index) => index === 0 || value === indices[index - 1]! + 1);
  if (indices.length === size && inOrder) return x;
  if (inOrder) return slice(x, indices[0]!, indices.at(-1)! + 1, -1);
  return gather(x, indices, -1);
}

/** The order of the features within the results of the functions below. */
export function blockOrder(blocks: readonly Block[]): number[] {
  return blocks.flatMap(({ features }) => features);
}

/**
 * −log p of every feature, [..., features] in block order. Missing values give 0 where `present`
 * (1 or 0, [..., features]) is given.
 */
export function negativeLogLikelihoods(
  blocks: readonly Block[],
  features: readonly Feature[],
  decoded: Tensor,
  x: Tensor,
  configuration: Pick<Configuration, 'deviationFloor'>,
  present?: Tensor,
): Tensor {
  const parts = viewsOf(blocks, features, decoded, configuration).map(
    ({ likelihood, outputs, indices, context }) => {
      const surprise = likelihood.negativeLogLikelihood(pick(x, indices), outputs, context);
      return present === undefined ? surprise : multiply(surprise, pick(present, indices));
    },
  );
  return concat(parts, -1);
}

/** Mean and variance of every feature in standardised units, [..., features] in block order. */
export function featureMoments(
  blocks: readonly Block[],
  features: readonly Feature[],
  decoded: Tensor,
  configuration: Pick<Configuration, 'deviationFloor'>,
): { mean: Tensor; variance: Tensor } {
  const parts = viewsOf(blocks, features, decoded, configuration).map(
    ({ likelihood, outputs, context }) => likelihood.moments(outputs, context),
  );
  return {
    mean: concat(
      parts.map(({ mean }) => mean),
      -1,
    ),
    variance: concat(
      parts.map(({ variance }) => variance),
      -1,
    ),
  };
}

import { constant, matMul, transpose } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { ModelCore } from '../core.ts';

/**
 * Which field each feature belongs to, as a matrix [features, fields] of zeros and of the powers of
 * the features, 1 where there are none; undefined where each feature is the field of its place.
 *
 * @param order The features, in the order of the tensors that are to be summed.
 * @param powers Of all features, in their own order.
 */
export function fieldOwners(
  order: readonly number[],
  { fields, features }: Pick<ModelCore, 'fields' | 'features'>,
  powers?: Float32Array,
): Tensor | undefined {
  const owners = order.map((index) => features[index]!.field);
  const inPlace = owners.every((field, index) => field === index);
  if (owners.length === fields.length && inPlace) return undefined;
  const matrix = new Float32Array(owners.length * fields.length);
  owners.forEach((field, index) => {
    matrix[index * fields.length + field] = powers?.[order[index]!] ?? 1;
  });
  return constant(matrix, { shape: [owners.length, fields.length] });
}

/** [..., features] → its weighted sums over the features of each field, [..., fields]. */
export function toFields(x: Tensor, owners: Tensor | undefined): Tensor {
  return owners === undefined ? x : matMul(x, owners);
}

/** [..., fields] → the value of each feature's field times its weight, [..., features]. */
export function toFeatures(x: Tensor, owners: Tensor | undefined): Tensor {
  return owners === undefined ? x : matMul(x, transpose(owners, [1, 0]));
}

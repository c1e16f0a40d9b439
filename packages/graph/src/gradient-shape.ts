import { expand, fixedSize, multiply, reduceSum, reshape } from './build.ts';
import type { ReduceParameters, Shape, Tensor } from './tensor.ts';
import { sameShape } from './tensor.ts';

/** Gives a gradient the full shape of its tensor. */
export function materialize(gradient: Tensor, shape: Shape): Tensor {
  return sameShape(gradient.shape, shape) ? gradient : expand(gradient, shape.map(fixedSize));
}

/** Sums a gradient of the broadcast shape `from` over the axes along which `to` was repeated. */
export function unbroadcast(gradient: Tensor, from: Shape, to: Shape): Tensor {
  if (sameShape(from, to)) return gradient;
  const lead = from.length - to.length;
  const axes = from.flatMap((size, axis) =>
    axis < lead || (to[axis - lead] === 1 && size !== 1) ? [axis] : [],
  );
  const present = axes.filter((axis) => gradient.shape[axis] !== 1);
  // Along an axis where the gradient itself is still one number, its sum is that number times the size.
  const repeats = axes
    .filter((axis) => !present.includes(axis))
    .reduce((product, axis) => product * fixedSize(from[axis]), 1);
  let result =
    present.length === 0 ? gradient : reduceSum(gradient, { axes: present, keepDimensions: true });
  if (repeats !== 1) result = multiply(result, repeats);
  return lead > 0 ? reshape(result, result.shape.slice(lead)) : result;
}

/** The result or the gradient of a reduction of `x` with the reduced axes put back as size 1. */
export function keepReduced(reduced: Tensor, x: Tensor, parameters: ReduceParameters): Tensor {
  const { axes, keepDimensions } = parameters;
  if (keepDimensions) return reduced;
  let next = 0;
  const shape = x.shape.map((_, axis) => (axes.includes(axis) ? 1 : reduced.shape[next++]!));
  return reshape(reduced, shape);
}

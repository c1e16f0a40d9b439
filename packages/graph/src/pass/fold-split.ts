import { concat, split } from '../build.ts';
import type { Replacement } from '../rewrite.ts';
import type { Node, Tensor } from '../tensor.ts';

/**
 * `split(concat(a, b, …))` along one axis, cut wherever both have a boundary: what is only put
 * together to be taken apart again passes through.
 */
export function foldSplit(node: Node): Replacement {
  const { axis, sizes } = (node as Node<'split'>).parameters;
  const source = node.inputs[0]!.node;
  if (source.kind !== 'concat' || (source as Node<'concat'>).parameters.axis !== axis) {
    return undefined;
  }
  const results: Tensor[] = [];
  let [parts, wanted]: [Tensor[], number[]] = [[], []];
  let [given, taken, next] = [0, 0, 0];
  let groups = 0;
  for (const part of source.inputs) {
    parts.push(part);
    given += part.shape[axis] as number;
    while (taken < given && next < sizes.length) {
      wanted.push(sizes[next]!);
      taken += sizes[next++]!;
    }
    if (taken !== given) continue;
    results.push(...split(concat(parts, axis), wanted, axis));
    [parts, wanted] = [[], []];
    groups++;
  }
  return groups > 1 ? results : undefined;
}

import { graphError } from './graph-error.ts';
import { add, constant } from './build.ts';
import { internalError } from './error.ts';
import { gradientRules, notDifferentiable } from './gradient-rules.ts';
import type { GradientRule } from './gradient-rules.ts';
import { materialize } from './gradient-shape.ts';
import type { OperatorKind, Node, Tensor } from './tensor.ts';
import { elementCount, isFloating, printShape } from './tensor.ts';
import { topologicalOrder } from './walk.ts';

/**
 * Reverse-mode differentiation, graph → graph: the gradients of a scalar by other tensors, each of
 * the shape of its tensor. Nodes that do not depend on `by` get no gradient at all.
 *
 * @throws UnlikelyError `graph/shape` where `loss` is no scalar; `graph/not-differentiable` where
 *   the loss does not depend on one of `by`, or only through an operator without a gradient.
 */
export function differentiate(loss: Tensor, by: readonly Tensor[]): Tensor[] {
  if (elementCount(loss.shape) !== 1) {
    throw graphError(
      'graph/shape',
      `expected a loss with one element, got ${printShape(loss.shape)}`,
    );
  }
  const order = topologicalOrder([loss]);
  const targets = new Set(by);
  const depends = new Set<Node>();
  for (const node of order) {
    if (
      node.outputs.some((output) => targets.has(output)) ||
      node.inputs.some((x) => depends.has(x.node))
    ) {
      depends.add(node);
    }
  }

  const gradients = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, gradient: Tensor): void => {
    const sum = gradients.get(tensor);
    gradients.set(tensor, sum === undefined ? gradient : add(sum, gradient));
  };
  accumulate(loss, constant([1], { type: loss.type, shape: loss.shape.map(() => 1) }));
  for (const node of order.reverse()) {
    if (!depends.has(node)) continue;
    const outer = node.outputs.map((output) => gradients.get(output));
    if (outer.every((gradient) => gradient === undefined)) continue;
    const rule = gradientRules[node.kind] as GradientRule<OperatorKind> | typeof notDifferentiable;
    if (rule === notDifferentiable) continue;
    rule(outer, node).forEach((gradient, index) => {
      const x = node.inputs[index];
      if (x === undefined) throw internalError(`${node.kind} has more gradients than inputs`);
      if (gradient !== undefined && depends.has(x.node) && isFloating(x.type)) {
        accumulate(x, gradient);
      }
    });
  }
  return by.map((tensor) => {
    const gradient = gradients.get(tensor);
    if (gradient === undefined) {
      throw graphError(
        'graph/not-differentiable',
        `the loss does not depend smoothly on a tensor of shape ${printShape(tensor.shape)}`,
      );
    }
    return materialize(gradient, tensor.shape);
  });
}

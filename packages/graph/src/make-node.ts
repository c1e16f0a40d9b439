import type { OperatorKind, OperatorParameters } from './operator.ts';
import { shapeRules } from './shape-rules.ts';
import type { ShapeRule } from './shape-rules.ts';
import type { Node, Tensor } from './tensor.ts';

/** Applies an operator: the shape rule checks the inputs and names what does not fit. */
export function makeNode<K extends OperatorKind>(
  kind: K,
  inputs: readonly Tensor[],
  parameters: OperatorParameters[K],
): Node<K> {
  const rule: ShapeRule<K> = shapeRules[kind];
  const outputs: Tensor[] = [];
  const node: Node<K> = {
    kind,
    inputs: Object.freeze([...inputs]),
    parameters: Object.freeze(parameters) as OperatorParameters[K],
    outputs,
  };
  rule(inputs, parameters).forEach(({ type, shape }, index) => {
    outputs.push(
      Object.freeze({ node: node as Node, index, type, shape: Object.freeze([...shape]) }),
    );
  });
  Object.freeze(outputs);
  return Object.freeze(node);
}

/** Applies an operator with one output. */
export function apply<K extends OperatorKind>(
  kind: K,
  inputs: readonly Tensor[],
  parameters: OperatorParameters[K],
): Tensor {
  return makeNode(kind, inputs, parameters).outputs[0] as Tensor;
}

import { graphError } from './graph-error.ts';
import type { OperatorKind, OperatorParameters, Dimension, Node, Shape, Tensor } from './tensor.ts';
import { shapeRules } from './shape-rules.ts';
import type { ShapeRule } from './shape-rules.ts';
import { printShape } from './tensor.ts';

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
  rule(inputs, parameters, kind).forEach(({ type, shape }, index) => {
    requireDimensions(shape, kind);
    outputs.push(
      Object.freeze({ node: node as Node, index, type, shape: Object.freeze([...shape]) }),
    );
  });
  Object.freeze(outputs);
  return Object.freeze(node);
}

/** Sizes are positive, since ONNX reads a 0 in the shape of a reshape as "keep". */
function requireDimensions(shape: Shape, kind: string): void {
  const fits = (dimension: Dimension): boolean =>
    typeof dimension === 'string'
      ? dimension !== ''
      : Number.isSafeInteger(dimension) && dimension > 0;
  if (!shape.every(fits)) {
    throw graphError(
      'graph/shape',
      `${kind}: expected sizes from 1 up or names, got ${printShape(shape)}`,
    );
  }
}

/** Applies an operator with one output. */
export function apply<K extends OperatorKind>(
  kind: K,
  inputs: readonly Tensor[],
  parameters: OperatorParameters[K],
): Tensor {
  return makeNode(kind, inputs, parameters).outputs[0] as Tensor;
}

import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as graph from '@unlikely/graph';
import type { Graph, OperatorKind, Tensor, TensorData } from '@unlikely/graph';
import { gradientRules, notDifferentiable } from '../../src/gradient-rules.ts';
import { loadModel, numbers, runGraph } from '../support/run-graph.ts';
import type { NamedValues, Values } from '../support/run-graph.ts';
import { operatorExamples } from './operator-examples.ts';
import type { Domain, Example } from './operator-examples.ts';

const seed = 20260716;
const runs = 12;

interface Built {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly feeds: NamedValues;
}

const inputName = (index: number): string => `x${index}`;

function build({ inputs, build: apply }: Example, draw: number, batch?: string): Built {
  const tensors = inputs.map(({ shape, type, batch: free }, index) => {
    const symbolic = batch !== undefined && free;
    return graph.input(inputName(index), symbolic ? [batch, ...shape.slice(1)] : shape, type);
  });
  const feeds = inputs.map(({ shape, type, domain }, index): [string, Values] => {
    const stream = new graph.RandomStream(draw, 'operator', index);
    const list = draws(domain, graph.elementCount(shape)!, stream, (index + 1) / 8);
    return [inputName(index), { type, shape, data: toData(list, type) }];
  });
  return { inputs: tensors, outputs: apply(tensors), feeds: Object.fromEntries(feeds) };
}

/** `shift` is another one for each input, so that distinct values differ between inputs too. */
function draws(domain: Domain, count: number, stream: graph.RandomStream, shift: number): number[] {
  switch (domain) {
    case 'any':
      return Array.from({ length: count }, () => 1.5 * stream.normal());
    case 'positive':
      return Array.from({ length: count }, () => 0.3 + 2 * stream.uniform());
    case 'boolean':
      return Array.from({ length: count }, () => stream.integer(2));
    case 'distinct':
      return Array.from(
        stream.permutation(count),
        (rank) => 0.4 * (rank - Math.floor(count / 2) + shift),
      );
    default:
      return domain satisfies never;
  }
}

function toData(list: readonly number[], type: Values['type']): TensorData {
  switch (type) {
    case 'float32':
      return Float32Array.from(list);
    case 'float64':
      return Float64Array.from(list);
    case 'int64':
      return BigInt64Array.from(list, (value) => BigInt(Math.round(value)));
    case 'uint8':
    case 'bool':
      return Uint8Array.from(list);
    default:
      return type satisfies never;
  }
}

const close = (name: string, { inputs, outputs }: Built): Graph =>
  graph.makeGraph(
    name,
    inputs,
    Object.fromEntries(outputs.map((output, index) => [`y${index}`, output])),
  );

/**
 * Scalars that pull gradients of every size back into a tensor: full weights, one number, a row, a
 * column, and a mean between two broadcasts.
 */
const heads: readonly ((y: Tensor, weights: (shape: readonly number[]) => Tensor) => Tensor)[] = [
  (y, weights) => graph.reduceSum(graph.multiply(y, weights(fixed(y)))),
  (y) => graph.reduceSum(y),
  (y, weights) => graph.reduceSum(graph.multiply(y, weights(fixed(y).slice(-1)))),
  (y, weights) =>
    graph.reduceSum(
      graph.multiply(
        y,
        weights(fixed(y).map((size, axis) => (axis === y.shape.length - 1 ? 1 : size))),
      ),
    ),
  (y, weights) => {
    const mean = graph.reduceMean(y, { axes: y.shape.length === 0 ? [] : [-1] });
    return graph.reduceSum(graph.multiply(graph.add(mean, weights([1])), weights([])));
  },
  (y, weights) => graph.reduceSumSquare(graph.add(graph.reduceMean(y), weights([1, 3]))),
];

const fixed = (tensor: Tensor): number[] => tensor.shape.map(Number);

/** A scalar of all outputs, by the head that `choice` names; booleans and integers become numbers. */
function lossOf(outputs: readonly Tensor[], type: 'float32' | 'float64', choice: number): Tensor {
  const stream = new graph.RandomStream(choice, 'weights');
  const weights = (shape: readonly number[]): Tensor => {
    const count = graph.elementCount(shape)!;
    const list = Array.from({ length: count }, () => stream.normal());
    return graph.constant(toData(list, type), { shape });
  };
  const head = heads[choice % heads.length]!;
  return outputs
    .map((output) => head(graph.cast(output, type), weights))
    .reduce((sum, term) => graph.add(sum, term));
}

const isFloating = (tensor: Tensor): boolean => tensor.type.startsWith('float');

const examine = (
  kind: OperatorKind,
  law: (example: Example, draw: number) => Promise<void>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(
      operatorExamples[kind].map((example) =>
        Object.assign(example, { toString: (): string => example.note }),
      ),
      fc.nat(10_000),
      law,
    ),
    { seed, numRuns: runs, endOnFailure: false },
  );

/** The laws of one operator; every operator takes the same examination. */
export function describeOperator(kind: OperatorKind): void {
  it('has the type and the shape that ONNX Runtime finds', () =>
    examine(kind, async (example, draw) => {
      const built = build(example, draw);
      const results = await runGraph(graph.verify(close('shapes', built)), built.feeds);
      built.outputs.forEach((output, index) => {
        const { type, shape } = results[`y${index}`]!;
        expect({ type, shape }).toEqual({ type: output.type, shape: output.shape });
      });

      // With an axis of unknown size the same numbers come out.
      const symbolic = build(example, draw, 'n');
      const again = await runGraph(graph.verify(close('shapes', symbolic)), built.feeds);
      symbolic.outputs.forEach((output, index) => {
        const size = example.inputs.find(({ batch }) => batch)?.shape[0];
        const shape = output.shape.map((dimension) => (dimension === 'n' ? size : dimension));
        expect(again[`y${index}`]!.shape).toEqual(shape);
        expect(numbers(again[`y${index}`])).toEqual(numbers(results[`y${index}`]));
      });
    }));

  it('is the same after writing and reading', () =>
    examine(kind, async (example, draw) => {
      for (const batch of [undefined, 'n']) {
        const written = close('written', build(example, draw, batch));
        const bytes = graph.writeModel(written);
        const read = graph.verify(graph.readModel(bytes).graph);
        expect(graph.printGraph(read)).toBe(graph.printGraph(written));
        expect(graph.writeModel(read)).toEqual(bytes);
      }
    }));

  if (gradientRules[kind] === notDifferentiable) {
    it('says that it has no gradient', () =>
      examine(kind, async (example, draw) => {
        const { inputs, outputs } = build(example, draw);
        const loss = lossOf(outputs, 'float32', draw);
        const given = inputs.filter((tensor) => tensor.node.kind === 'input');
        expect(() => graph.differentiate(loss, given)).toThrow(
          expect.objectContaining({ code: 'graph/not-differentiable' }),
        );
      }));
    return;
  }

  it('has the gradient that central differences find, with passes off and on', () =>
    examine(kind, async (example, draw) => {
      const built = build(example, draw);
      const by = built.inputs.filter(isFloating);
      const smooth = built.outputs.filter(isFloating);
      if (by.length === 0 || smooth.length === 0) return; // A cast to or from what has no gradient.
      const type = smooth.some((output) => output.type === 'float64') ? 'float64' : 'float32';
      const loss = lossOf(smooth, type, draw);
      const gradients = graph.differentiate(loss, by);
      gradients.forEach((gradient, index) => {
        expect([gradient.type, gradient.shape]).toEqual([by[index]!.type, by[index]!.shape]);
      });
      const named = Object.fromEntries(gradients.map((gradient, i) => [`d${i}`, gradient]));
      const whole = graph.verify(graph.makeGraph('whole', built.inputs, { loss, ...named }));

      const model = await loadModel(graph.writeModel(whole));
      const analytic = await model.run(built.feeds);
      const forward = await loadModel(
        graph.writeModel(graph.makeGraph('loss', built.inputs, { loss })),
      );
      for (const [index, tensor] of by.entries()) {
        const numeric = await centralDifference(forward, built.feeds, tensor);
        expectClose(numbers(analytic[`d${index}`]), numeric, tensor.type === 'float64');
      }

      let passed = whole;
      for (const pass of [graph.foldConstants, graph.shareSubexpressions]) {
        passed = graph.verify(pass(passed));
      }
      expect(graph.nodesOf(passed).length).toBeLessThanOrEqual(graph.nodesOf(whole).length);
      const optimised = await runGraph(passed, built.feeds);
      for (const name of Object.keys(analytic)) {
        expect(numbers(optimised[name])).toEqual(numbers(analytic[name]));
      }
    }));
}

async function centralDifference(
  forward: Awaited<ReturnType<typeof loadModel>>,
  feeds: NamedValues,
  by: Tensor,
): Promise<number[]> {
  const name = graph.inputNameOf(by);
  const values = feeds[name]!;
  // Wide in single precision, where the rounding of the loss counts more than its curvature.
  const step = by.type === 'float64' ? 1e-5 : 2e-2;
  const at = async (element: number, change: number): Promise<number> => {
    const data = (values.data as Float64Array).slice();
    data[element] = data[element]! + change;
    const result = await forward.run({ ...feeds, [name]: { ...values, data } });
    return numbers(result['loss'])[0]!;
  };
  const differences: number[] = [];
  for (let element = 0; element < values.data.length; element++) {
    const difference = (await at(element, step)) - (await at(element, -step));
    differences.push(difference / (2 * step));
  }
  return differences;
}

function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  double: boolean,
): void {
  const scale = Math.max(1, ...expected.map(Math.abs));
  const tolerance = (double ? 1e-7 : 4e-3) * scale;
  const worst = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
  expect(actual.length).toBe(expected.length);
  expect(worst, `${actual.join()} for ${expected.join()}`).toBeLessThanOrEqual(tolerance);
}

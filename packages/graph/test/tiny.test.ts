// Read this first: the whole package in one small example.
import { describe, expect, it } from 'vitest';
import {
  add,
  differentiate,
  input,
  makeGraph,
  matMul,
  printGraph,
  readModel,
  reduceSum,
  relu,
  writeModel,
} from '@unlikely/graph';
import { float32, numbers, runGraph } from './support/run-graph.ts';

describe('y = relu(x · w + b)', () => {
  // Tensors are symbolic: a type and a shape, no values.
  const x = input('x', [2, 2]);
  const w = input('w', [2, 1]);
  const b = input('b', [1]);
  const y = relu(add(matMul(x, w), b));

  it('prints what it computes', () => {
    expect(printGraph(makeGraph('layer', [x, w, b], { y }))).toBe(
      [
        'graph layer {',
        '  %0 = input x : float32[2, 2]',
        '  %1 = input w : float32[2, 1]',
        '  %2 = input b : float32[1]',
        '  %3 = matMul %0 %1 : float32[2, 1]',
        '  %4 = add %3 %2 : float32[2, 1]',
        '  %5 = relu %4 : float32[2, 1]',
        '  return y=%5',
        '}',
      ].join('\n'),
    );
  });

  it('is differentiated into another graph, which ONNX Runtime executes', async () => {
    const [dw, db] = differentiate(reduceSum(y), [w, b]);
    const graph = makeGraph('layer', [x, w, b], { y, dw: dw!, db: db! });
    const result = await runGraph(graph, {
      x: float32([1, 2, 3, 4], [2, 2]),
      w: float32([1, -1], [2, 1]),
      b: float32([1.25], [1]),
    });
    // Row 0: 1 − 2 + 1.25 = 0.25, row 1: 3 − 4 + 1.25 = 0.25; both pass, so dw sums the rows.
    expect(numbers(result['y'])).toEqual([0.25, 0.25]);
    expect(numbers(result['dw'])).toEqual([4, 6]);
    expect(numbers(result['db'])).toEqual([2]);

    const other = await runGraph(graph, {
      x: float32([1, 2, 3, 4], [2, 2]),
      w: float32([-1, 1], [2, 1]),
      b: float32([-2], [1]),
    });
    // Both rows: 1 − 2 < 0, so nothing passes.
    expect(numbers(other['y'])).toEqual([0, 0]);
    expect(numbers(other['dw'])).toEqual([0, 0]);
  });

  it('is written as an ONNX file and read again', () => {
    const graph = makeGraph('layer', [x, w, b], { y });
    const { graph: read, metadata } = readModel(writeModel(graph, { author: 'me' }));
    expect(printGraph(read)).toBe(printGraph(graph));
    expect(metadata).toEqual({ author: 'me' });
  });
});

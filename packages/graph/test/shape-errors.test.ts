import { describe, expect, it } from 'vitest';
import * as g from '@unlikely/graph';

const x = g.input('x', [2, 3]);
const n = g.input('n', ['n', 3]);
const image = g.input('image', [1, 2, 5, 5]);
const kernel = g.input('kernel', [4, 2, 3, 3]);
const flag = g.input('flag', [3], 'bool');
const double = g.input('double', [3], 'float64');
const index = g.input('index', [3], 'int64');

const identity = (shape: readonly number[]) => {
  const state = g.input('state', shape);
  const step = g.input('step', [3]);
  return g.makeGraph('body', [state, step], { next: state, sum: g.reduceSum(step) });
};

describe('what does not fit is named when the graph is built', () => {
  it.each<[() => unknown, string, string]>([
    [() => g.add(x, g.input('y', [2])), 'graph/shape', 'add: [2, 3] and [2] do not broadcast'],
    [() => g.add(n, g.input('m', ['m', 3])), 'graph/shape', '[n, 3] and [m, 3]'],
    [() => g.add(x, double), 'graph/type', 'add: expected float32, got float64'],
    [() => g.exp(index), 'graph/type', 'exp: expected floating, got int64'],
    [() => g.softplus(double), 'graph/type', 'softplus: expected float32, got float64'],
    [() => g.and(x, x), 'graph/type', 'and: expected bool, got float32'],
    [() => g.add(1, 2), 'graph/type', 'expected at least one tensor'],
    [() => g.where(x, x, x), 'graph/type', 'where: expected bool, got float32'],
    [() => g.where(flag, flag, flag), 'graph/type', 'where: expected numbers'],
    [() => g.matMul(x, x), 'graph/shape', 'matMul: [2, 3] times [2, 3]'],
    [() => g.matMul(x, double), 'graph/type', 'matMul: expected float32, got float64'],
    [() => g.gemm(x, x), 'graph/shape', 'gemm: [2, 3] times [2, 3]'],
    [
      () => g.gemm(x, x, g.input('b', [3]), { transposeB: true }),
      'graph/shape',
      'gemm: [2, 2] and [3] do not broadcast',
    ],
    [
      () => g.gemm(x, x, g.input('b', [1, 1, 1]), { transposeB: true }),
      'graph/shape',
      'gemm: bias [1, 1, 1] does not fit [2, 2]',
    ],
    [() => g.transpose(x, [0, 0]), 'graph/shape', 'transpose: [0, 0] permutes no [2, 3]'],
    [() => g.reshape(x, [4]), 'graph/shape', 'reshape: [2, 3] to [4]'],
    [() => g.reshape(n, ['m', 3]), 'graph/shape', 'reshape: [n, 3] to [m, 3]'],
    [() => g.reshape(x, ['n', 3]), 'graph/shape', 'reshape: [2, 3] to [n, 3]'],
    [() => g.expand(x, [2, 1]), 'graph/shape', 'expand: [2, 3] to [2, 1]'],
    [() => g.concat([], 0), 'graph/shape', 'nothing to join'],
    [() => g.concat([x, n], 0), 'graph/shape', 'concat: needs a fixed size, got n'],
    [() => g.concat([x, g.input('y', [3])], 0), 'graph/shape', 'concat: [3] beside [2, 3]'],
    [() => g.concat([double, index], 0), 'graph/type', 'concat: expected float64, got int64'],
    [() => g.concat([x, x], 2), 'graph/shape', 'concat: axis 2 is not in [2, 3]'],
    [() => g.split(x, [1, 1], 1), 'graph/shape', 'split: [1, 1] does not add up'],
    [() => g.split(x, [4, -1], 1), 'graph/shape', 'split: expected sizes from 1 up'],
    [() => g.slice(x, 1, 4, 1), 'graph/shape', 'slice: 1…4 is not within axis 1'],
    [() => g.slice(x, 0, 1, 5), 'graph/shape', 'slice: axis 5 is not in [2, 3]'],
    [() => g.gather(x, [3], 1), 'graph/shape', 'gather: 3 is not within axis 1'],
    [() => g.pad(x, [1, 1]), 'graph/shape', 'pad: 2 pads for [2, 3]'],
    [() => g.pad(x, [1, 0, -1, 0]), 'graph/shape', 'pad: expected integers from 0 up'],
    [() => g.reduceSum(x, { axes: [2] }), 'graph/shape', 'axis 2 is not in [2, 3]'],
    [() => g.reduceSum(x, { axes: [1, -1] }), 'graph/shape', 'expected ascending axes, got [1, 1]'],
    [() => g.reduceSum(index), 'graph/type', 'reduceSum: expected floating, got int64'],
    [() => g.softmax(x, 4), 'graph/shape', 'softmax: axis 4 is not in [2, 3]'],
    [() => g.gatherRows(x, x), 'graph/type', 'gatherRows: expected int64, got float32'],
    [() => g.argMax(flag, 0), 'graph/type', 'argMax: expected floating, got bool'],
    [() => g.constant([1, 2], { shape: [3] }), 'graph/shape', '2 values do not fill [3]'],
    [() => g.input('y', [0]), 'graph/shape', 'input: expected sizes from 1 up or names, got [0]'],
    [() => g.input('y', [1.5]), 'graph/shape', 'got [1.5]'],
    [() => g.input('y', ['']), 'graph/shape', 'expected sizes from 1 up or names'],
    [() => g.convolution(x, kernel), 'graph/shape', 'convolution: [2, 3] with kernel [4, 2, 3, 3]'],
    [() => g.convolutionTranspose(image, kernel), 'graph/shape', '[1, 2, 5, 5] with kernel'],
    [
      () => g.convolution(image, kernel, g.input('b', [2])),
      'graph/shape',
      'bias [2] with kernel [4, 2, 3, 3]',
    ],
    [
      () => g.convolution(image, kernel, undefined, { dilations: [3, 3] }),
      'graph/shape',
      'is larger than',
    ],
    [
      () => g.convolution(image, kernel, undefined, { strides: [0, 1] }),
      'graph/shape',
      'strides and dilations: expected integers from 1 up, got [0, 1, 1, 1]',
    ],
    [
      () => g.convolution(g.input('y', [1, 2, 'height', 5]), kernel),
      'graph/shape',
      'needs a fixed size, got height',
    ],
    [
      () =>
        g.convolutionTranspose(g.input('y', [1, 4, 5, 5]), kernel, undefined, {
          outputPadding: [1, 0],
        }),
      'graph/shape',
      'output paddings below the strides',
    ],
    [() => g.scan(identity([3]), [], []), 'graph/shape', 'scan: 0 inputs for a body with 2'],
    [
      () => g.scan(identity([2]), [double], [x]),
      'graph/shape',
      'scan: input 0 is float64[3], the body takes float32[2]',
    ],
  ])('%s', (build, code, message) => {
    expect(build).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('a state that changes its shape is no state', () => {
    const state = g.input('state', [1]);
    const step = g.input('step', [3]);
    const body = g.makeGraph('body', [state, step], { next: g.add(state, step) });
    expect(() => g.scan(body, [g.input('first', [1])], [x])).toThrow(
      'state 0 is float32[1], the body gives float32[3]',
    );
  });

  it('scan inputs have the same number of steps', () => {
    const a = g.input('a', [3]);
    const b = g.input('b', [3]);
    const body = g.makeGraph('body', [a, b], { sum: g.add(a, b) });
    expect(() => g.scan(body, [], [x, g.input('other', [4, 3])])).toThrow('has 4 steps');
  });
});

describe('makeGraph', () => {
  it.each<[string, () => unknown, string]>([
    ['an input that is computed', () => g.makeGraph('g', [g.exp(x)], {}), 'exp is no input'],
    [
      'two inputs of one name',
      () => g.makeGraph('g', [x, g.input('x', [1])], {}),
      'two inputs are named x',
    ],
    [
      'an input that is used and not listed',
      () => g.makeGraph('g', [], { y: g.exp(x) }),
      'input x is not listed',
    ],
  ])('refuses %s', (_, build, message) => {
    expect(build).toThrow(
      expect.objectContaining({ code: 'graph/invalid', message: expect.stringContaining(message) }),
    );
  });
});

describe('an error', () => {
  it('carries its code, help, details and cause', () => {
    const cause = new Error('inner');
    const error = new g.UnlikelyError('graph/shape', 'message', {
      help: 'do this',
      details: { axis: 1 },
      cause,
    });
    expect(error).toMatchObject({ name: 'UnlikelyError', code: 'graph/shape', help: 'do this' });
    expect(error.details).toEqual({ axis: 1 });
    expect(error.cause).toBe(cause);
    expect(g.internalError('broken').message).toBe('internal: broken');
  });
});

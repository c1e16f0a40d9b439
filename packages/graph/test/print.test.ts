import { describe, expect, it } from 'vitest';
import * as g from '@unlikely/graph';

describe('printGraph', () => {
  it('prints parameters, symbolic sizes, constants and several outputs', () => {
    const x = g.input('x', ['n', 4]);
    const [left, right] = g.split(x, [1, 3], 1);
    const mean = g.reduceMean(right!, { axes: [1], keepDimensions: true });
    const scaled = g.multiply(mean, g.constant([0.5, 1, 2, 4, 8, 16, 32], { name: 'scale' }));
    const graph = g.makeGraph('columns', [x], {
      left: left!,
      scaled,
      index: g.argMax(scaled, 1),
      missing: g.isNaN(g.reshape(x, ['n', 2, 2])),
      double: g.cast(mean, 'float64'),
    });
    expect(g.printGraph(graph)).toMatchInlineSnapshot(`
      "graph columns {
        %0 = input x : float32[n, 4]
        %1, %2 = split %0 axis=1 sizes=[1, 3] : float32[n, 1], float32[n, 3]
        %3 = reduceMean %2 axes=[1] keepDimensions=true : float32[n, 1]
        %4 = constant scale {0.5, 1, 2, 4, 8, 16, …} : float32[7]
        %5 = multiply %3 %4 : float32[n, 7]
        %6 = argMax %5 axis=1 keepDimensions=false : int64[n]
        %7 = reshape %0 : float32[n, 2, 2]
        %8 = isNaN %7 : bool[n, 2, 2]
        %9 = cast %3 : float64[n, 1]
        return left=%1, scaled=%5, index=%6, missing=%8, double=%9
      }"
    `);
  });

  it('prints the body of a scan where it runs', () => {
    const sum = g.input('sum', []);
    const value = g.input('value', []);
    const next = g.add(sum, value);
    const body = g.makeGraph('step', [sum, value], { next, running: next });
    const first = g.input('first', []);
    const values = g.input('values', ['steps']);
    const [last, running] = g.scan(body, [first], [values]);
    const graph = g.makeGraph('total', [first, values], { last: last!, running: running! });
    expect(g.printGraph(graph)).toMatchInlineSnapshot(`
      "graph total {
        %0 = input first : float32[]
        %1 = input values : float32[steps]
        %2, %3 = scan %0 %1 states=1 graph step {
          %0 = input sum : float32[]
          %1 = input value : float32[]
          %2 = add %0 %1 : float32[]
          return next=%2, running=%2
        } : float32[], float32[steps]
        return last=%2, running=%3
      }"
    `);
  });

  it('prints a gradient', () => {
    const w = g.input('w', [3]);
    const x = g.input('x', [2, 3]);
    const loss = g.reduceMean(g.multiply(x, w));
    const [dw] = g.differentiate(loss, [w]);
    expect(g.printGraph(g.optimise(g.makeGraph('slope', [x, w], { dw: dw! }))))
      .toMatchInlineSnapshot(`
      "graph slope {
        %0 = input x : float32[2, 3]
        %1 = input w : float32[3]
        %2 = constant {0.1666666716337204} : float32[1, 1]
        %3 = multiply %2 %0 : float32[2, 3]
        %4 = reduceSum %3 axes=[0] keepDimensions=true : float32[1, 3]
        %5 = reshape %4 : float32[3]
        return dw=%5
      }"
    `);
  });
});

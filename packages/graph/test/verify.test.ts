import { describe, expect, it } from 'vitest';
import * as g from '@unlikely/graph';
import type { Graph, Node, Tensor } from '@unlikely/graph';

const refusal = (message: string) =>
  expect.objectContaining({ code: 'internal', message: expect.stringContaining(message) });

/** A node made without its rule. */
function forge(
  kind: string,
  inputs: readonly Tensor[],
  shapes: readonly (readonly number[])[],
  { frozen = true, parameters = {} }: { frozen?: boolean; parameters?: object } = {},
): Tensor {
  const freeze = <T>(value: T): T => (frozen ? Object.freeze(value) : value);
  const outputs: Tensor[] = [];
  const node = { kind, inputs: freeze([...inputs]), parameters: freeze(parameters), outputs };
  shapes.forEach((shape, index) => {
    outputs.push(freeze({ node: node as Node, index, type: 'float32', shape: freeze([...shape]) }));
  });
  freeze(outputs);
  freeze(node);
  return outputs[0]!;
}

const x = g.input('x', [2, 3]);
const of = (y: Tensor, inputs: readonly Tensor[] = [x]): Graph => ({
  name: 'broken',
  inputs,
  outputs: [{ name: 'y', tensor: y }],
});

describe('verify', () => {
  it('returns a legal graph', () => {
    const graph = g.makeGraph('legal', [x], { y: g.exp(x) });
    expect(g.verify(graph)).toBe(graph);
  });

  it.each<[string, Graph, string]>([
    ['a wrong shape', of(forge('exp', [x], [[3, 2]])), 'exp should give float32[2, 3]'],
    [
      'a missing output',
      of(
        forge(
          'add',
          [x, x],
          [
            [2, 3],
            [2, 3],
          ],
        ),
      ),
      'add should have 1 outputs',
    ],
    [
      'inputs that do not fit',
      of(forge('matMul', [x, x], [[2, 2]])),
      'matMul: [2, 3] times [2, 3]',
    ],
    ['an unknown operator', of(forge('gelu', [x], [[2, 3]])), 'gelu is no operator'],
    ['a node that is not frozen', of(forge('exp', [x], [[2, 3]], { frozen: false })), 'not frozen'],
    ['an input that is not listed', of(g.exp(x), []), 'x is used but is no input'],
    ['an input that is computed', of(g.exp(x), [x, g.exp(x)]), 'exp is given as an input'],
    [
      'an output of another node',
      (() => {
        const node = { ...g.exp(x).node, outputs: Object.freeze([g.exp(x)]) };
        const stray = Object.freeze({ ...g.exp(x), node: Object.freeze(node) });
        return of(stray);
      })(),
      'belongs to another node',
    ],
    [
      'a broken scan body',
      (() => {
        const body = of(forge('exp', [x], [[9]]));
        const inputs = [g.input('state', [2, 3])];
        return of(forge('scan', inputs, [[9]], { parameters: { body, states: 1 } }), inputs);
      })(),
      'exp should give',
    ],
    [
      'a body that reaches out of itself',
      (() => {
        const inside = g.input('inside', [2, 3]);
        const body = of(g.add(inside, x), [inside]);
        const state = g.input('state', [2, 3]);
        const step = g.input('step', [4, 2, 3]);
        const parameters = { body, states: 0 };
        return of(forge('scan', [step], [[4, 2, 3]], { parameters }), [state, step]);
      })(),
      'x is used but is no input',
    ],
  ])('refuses %s', (_, graph, message) => {
    expect(() => g.verify(graph)).toThrow(refusal(message));
  });

  it('prints the graph with its complaint', () => {
    expect(() => g.verify(of(forge('exp', [x], [[3, 2]])))).toThrow('graph broken {');
  });
});

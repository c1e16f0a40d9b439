import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as g from '@unlikely/graph';
import type { Graph } from '@unlikely/graph';
import { writeModelMessage } from '../src/onnx/message.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../src/onnx/message.ts';
import { float32, loadModel, numbers } from './support/run-graph.ts';

/** Small, and with each part of a file: constants with and without names, a scan, two outputs. */
function sample(): Graph {
  const state = g.input('state', [2]);
  const step = g.input('step', [2]);
  const next = g.add(g.multiply(state, 0.5), step);
  const body = g.makeGraph('body', [state, step], { next, last: step });
  const first = g.input('first', [2]);
  const steps = g.input('steps', ['n', 2]);
  const [end, all] = g.scan(body, [first], [steps]);
  const bias = g.constant([1, 2], { name: 'bias' });
  return g.makeGraph('sample', [first, steps], {
    end: g.add(end!, bias),
    flat: g.reshape(g.slice(g.multiply(all!, 2), 0, 1, 1), ['n']),
    same: first,
  });
}

const feeds = { first: float32([1, -1], [2]), steps: float32([1, 2, 3, 4], [2, 2]) };

const onnxError = expect.objectContaining({
  name: 'UnlikelyError',
  code: expect.stringMatching(/^onnx\/(corrupt|unsupported)$/),
});

/** Reads bytes that may be broken: a graph that is legal, or an error of ours. */
function readOrRefuse(bytes: Uint8Array): 'read' | 'refused' {
  try {
    g.verify(g.readModel(bytes).graph);
    return 'read';
  } catch (error) {
    expect(error).toEqual(onnxError);
    return 'refused';
  }
}

describe('a written model', () => {
  it('gives its numbers in ONNX Runtime', async () => {
    const model = await loadModel(g.writeModel(sample(), { note: 'kept' }));
    const { end, flat, same } = await model.run(feeds);
    // ((1, −1) / 2 + (1, 2)) / 2 + (3, 4) + (1, 2)
    expect(numbers(end)).toEqual([4.75, 6.75]);
    expect(numbers(flat)).toEqual([2, 6]);
    expect(numbers(same)).toEqual([1, -1]);
  });

  it('is the same bytes each time, and after reading', () => {
    const bytes = g.writeModel(sample(), { b: '1', a: '2' });
    expect(g.writeModel(sample(), { b: '1', a: '2' })).toEqual(bytes);
    const read = g.readModel(bytes);
    expect(g.writeModel(read.graph, read.metadata)).toEqual(bytes);
    expect(g.printGraph(g.verify(read.graph))).toBe(g.printGraph(sample()));
  });

  it('keeps bytes as bytes', async () => {
    const x = g.input('x', [3]);
    const bytes = g.constant(Uint8Array.of(0, 7, 255), { type: 'uint8', name: 'levels' });
    const graph = g.makeGraph('bytes', [x], { y: g.multiply(x, g.cast(bytes, 'float32')) });
    const written = g.writeModel(graph);
    expect(g.writeModel(g.readModel(written).graph)).toEqual(written);
    const model = await loadModel(written);
    const { y } = await model.run({ x: float32([1, 2, 3], [3]) });
    expect(numbers(y)).toEqual([0, 14, 765]);
  });

  it('declares operator set 17 and IR version 8', () => {
    expect([g.onnxOperatorSet, g.onnxIrVersion]).toEqual([17, 8]);
    // Field 1 of the model (IR version), a varint.
    expect(g.writeModel(sample()).slice(0, 2)).toEqual(Uint8Array.of(8, 8));
  });

  it.each(['b0_x', '_x', 'c0', 't1', 'i_2', 'größe', 'a b/c'])(
    'keeps the name %s',
    async (name) => {
      const x = g.input(name, [2]);
      const twice = g.multiply(g.add(x, 1), g.constant([3, 3], { name: `${name}!` }));
      const graph = g.makeGraph('names', [x], { [`${name}?`]: g.reshape(g.exp(twice), [2, 1]) });
      const bytes = g.writeModel(graph);
      expect(g.printGraph(g.readModel(bytes).graph)).toBe(g.printGraph(graph));
      await loadModel(bytes);
    },
  );

  it('keeps apart the names of bodies within bodies', async () => {
    const scanOf = (depth: number): Graph => {
      const sum = g.input('sum', [1]);
      const x = g.input(
        'x',
        Array.from({ length: depth + 1 }, () => 2),
      );
      const factor = g.constant([2], { name: 'factor' });
      if (depth === 0) {
        const next = g.add(g.multiply(sum, factor), g.reduceSum(x));
        return g.makeGraph('inner', [sum, x], { next });
      }
      const [next] = g.scan(scanOf(depth - 1), [sum], [x]);
      const [other] = g.scan(scanOf(depth - 1), [g.multiply(next!, factor)], [x]);
      return g.makeGraph('outer', [sum, x], { next: other! });
    };
    const graph = scanOf(2);
    const bytes = g.writeModel(graph);
    const { graph: read } = g.readModel(bytes);
    expect(g.printGraph(g.verify(read))).toBe(g.printGraph(graph));
    expect(g.writeModel(read)).toEqual(bytes);
    const model = await loadModel(bytes);
    const result = await model.run({
      sum: float32([1], [1]),
      x: float32(
        Array.from({ length: 8 }, () => 1),
        [2, 2, 2],
      ),
    });
    expect(Number.isFinite(numbers(result['next'])[0])).toBe(true);
  });

  it.each<[string, () => Graph]>([
    ['an input and an output', () => g.makeGraph('g', [g.input('x', [1])], { x: g.constant([1]) })],
    [
      'an input and a constant',
      () => {
        const x = g.input('x', [1]);
        return g.makeGraph('g', [x], { y: g.add(x, g.constant([1], { name: 'x' })) });
      },
    ],
    ['no name', () => g.makeGraph('g', [g.input('', [1])], {})],
    ['a name of the writer', () => g.makeGraph('g', [g.input('__t0', [1])], {})],
  ])('is refused where names meet: %s', (_, build) => {
    expect(() => g.writeModel(build())).toThrow(expect.objectContaining({ code: 'graph/invalid' }));
  });
});

describe('metadata', () => {
  it.each([
    ['unicode', { 'größe 📈': 'naïve — “quoted” 漢字 \u0000 \n', empty: '' }],
    ['a megabyte', { manifest: `${'ä'.repeat(500_000)}{}` }],
    ['a name of the language itself', JSON.parse('{"__proto__":"x","toString":"y"}') as object],
  ])('comes back as it was: %s', async (_, metadata) => {
    const bytes = g.writeModel(sample(), metadata as Record<string, string>);
    expect(Object.entries(g.readMetadata(bytes))).toEqual(Object.entries(metadata));
    expect(Object.entries(g.readModel(bytes).metadata)).toEqual(Object.entries(metadata));
    await loadModel(bytes);
  });
});

describe('a broken file', () => {
  const bytes = g.writeModel(sample(), { key: 'value' });

  it('is refused at every cut', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(readOrRefuse(bytes.slice(0, length)), `cut at ${length}`).toBe('refused');
    }
  });

  it('is read or refused, never anything else, when bits flip (seed 5)', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 8 }),
        (bits) => {
          const damaged = bytes.slice();
          for (const bit of bits) damaged[bit >> 3]! ^= 1 << (bit & 7);
          if (readOrRefuse(damaged) === 'refused') refused++;
        },
      ),
      { seed: 5, numRuns: 4000 },
    );
    expect(refused).toBeGreaterThan(2000);
  });

  it('is refused when every single byte is set to an extreme', () => {
    let refused = 0;
    for (let index = 0; index < bytes.length; index++) {
      for (const value of [0, 0x7f, 0x80, 0xff]) {
        const damaged = bytes.slice();
        damaged[index] = value;
        if (readOrRefuse(damaged) === 'refused') refused++;
      }
    }
    expect(refused).toBeGreaterThan(bytes.length);
  });

  it('is refused where a part runs over the end of the whole around it', () => {
    const head = [0x08, 8, 0x42, 4, 0x0a, 0, 0x10, 17];
    const name = [0x12, 2, 0x61, 0x61];
    expect(readOrRefuse(Uint8Array.from([...head, 0x3a, 4, ...name]))).toBe('read');
    expect(readOrRefuse(Uint8Array.from([...head, 0x3a, 2, ...name]))).toBe('refused');
  });

  it('is refused when it holds something else (seed 6)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (random) => {
        expect(() => g.readModel(random)).toThrow(onnxError);
        expect(() => g.readMetadata(random)).toThrow(onnxError);
      }),
      { seed: 6, numRuns: 1000 },
    );
  });
});

describe('a foreign model', () => {
  const vector = (name: string) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 2 }] } } },
  });
  const model = (
    node: OnnxNode,
    { initializer = [], ...rest }: Partial<OnnxModel> & { initializer?: OnnxTensor[] } = {},
  ): Uint8Array =>
    writeModelMessage({
      irVersion: 8,
      opsetImport: [{ domain: '', version: 17 }],
      graph: {
        name: 'foreign',
        node: [{ output: ['y'], ...node }],
        initializer,
        input: [vector('x')],
        output: [vector('y')],
      },
      ...rest,
    });
  const int64 = (name: string, value: number): OnnxTensor => ({
    name,
    dims: [1],
    dataType: 7,
    rawData: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer),
  });

  it('is read where it uses what we know', () => {
    const bytes = model({ opType: 'Exp', input: ['x'] });
    expect(g.printGraph(g.readModel(bytes).graph)).toContain('exp %0 : float32[2]');
  });

  it.each<[string, Uint8Array, string, string]>([
    ['an operator', model({ opType: 'Gelu', input: ['x'] }), 'onnx/unsupported', 'Gelu'],
    [
      'an operator of another domain',
      model({ opType: 'Exp', domain: 'com.microsoft', input: ['x'] }),
      'onnx/unsupported',
      'com.microsoft Exp',
    ],
    [
      'an attribute',
      model({ opType: 'Softmax', input: ['x'], attribute: [{ name: 'beta', i: 3 }] }),
      'onnx/unsupported',
      'Softmax without the attribute beta',
    ],
    [
      'an input of an operator',
      model(
        { opType: 'Pad', input: ['x', 'pads', 'fill'] },
        { initializer: [int64('pads', 1), int64('fill', 1)] },
      ),
      'onnx/unsupported',
      'Pad with 2 inputs, got 3',
    ],
    [
      'a parameter that is computed',
      model({ opType: 'Reshape', input: ['x', 'x'] }),
      'onnx/unsupported',
      'expected a constant input',
    ],
    [
      'a type to cast to',
      model({ opType: 'Cast', input: ['x'], attribute: [{ name: 'to', i: 10 }] }),
      'onnx/unsupported',
      'cast to a type of ours',
    ],
    [
      'a newer operator set',
      model({ opType: 'Exp', input: ['x'] }, { opsetImport: [{ domain: '', version: 21 }] }),
      'onnx/unsupported',
      'got 21 and 8',
    ],
    [
      'a newer IR version',
      model({ opType: 'Exp', input: ['x'] }, { irVersion: 10 }),
      'onnx/unsupported',
      'got 17 and 10',
    ],
    [
      'a value from another file',
      model(
        { opType: 'Exp', input: ['x'] },
        { initializer: [{ name: 'stray', dims: [2], dataType: 1, dataLocation: 1 }] },
      ),
      'onnx/unsupported',
      'reference to another file',
    ],
    [
      'a type of its values',
      model(
        { opType: 'Add', input: ['x', 'half'] },
        { initializer: [{ name: 'half', dims: [1], dataType: 10, rawData: new Uint8Array(2) }] },
      ),
      'onnx/unsupported',
      'half of a type of ours',
    ],
    [
      'a name that nothing produces',
      model({ opType: 'Exp', input: ['missing'] }),
      'onnx/corrupt',
      'reads missing',
    ],
    [
      'too few values',
      model(
        { opType: 'Add', input: ['x', 'w'] },
        { initializer: [{ name: 'w', dims: [3], dataType: 1, rawData: new Uint8Array(8) }] },
      ),
      'onnx/corrupt',
      'expected 3 values in w, got 2',
    ],
    [
      'shapes that do not fit',
      model({ opType: 'MatMul', input: ['x', 'x'] }),
      'onnx/corrupt',
      'matMul: [2] times [2]',
    ],
  ])('is refused by name for %s', (_, bytes, code, message) => {
    expect(() => g.readModel(bytes)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('is refused when its bodies are nested beyond reason, without overflowing the stack', () => {
    // A graph (field 6) in an attribute (5) in a node (1), a hundred thousand deep.
    let bytes = new Uint8Array();
    const parts: Uint8Array[] = [];
    const varint = (value: number): number[] => {
      const out: number[] = [];
      let rest = value;
      for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
      return [...out, rest];
    };
    let size = 0;
    for (let depth = 0; depth < 20_000; depth++) {
      for (const tag of [0x32, 0x2a, 0x0a]) {
        const head = Uint8Array.from([tag, ...varint(size)]);
        parts.push(head);
        size += head.length;
      }
    }
    bytes = Uint8Array.from([0x3a, ...varint(size), ...parts.reverse().flatMap((p) => [...p])]);
    expect(() => g.readModel(bytes)).toThrow(onnxError);
  });
});

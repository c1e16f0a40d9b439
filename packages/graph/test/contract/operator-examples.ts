import fc from 'fast-check';
import * as graph from '@unlikely/graph';
import type { DataType, OperatorKind, Tensor } from '@unlikely/graph';

/** Which values an input gets: all of them are away from the kinks and poles of their operator. */
export type Domain = 'any' | 'positive' | 'distinct' | 'boolean';

export interface ExampleInput {
  readonly shape: readonly number[];
  readonly type: DataType;
  readonly domain: Domain;
  /** Axis 0 may be symbolic. */
  readonly batch: boolean;
}

/** One use of an operator, on random shapes. */
export interface Example {
  readonly inputs: readonly ExampleInput[];
  readonly build: (inputs: readonly Tensor[]) => readonly Tensor[];
  readonly note: string;
}

type Size = 1 | 2 | 3 | 4;

const size: fc.Arbitrary<Size> = fc.constantFrom(1, 1, 2, 3, 4);
const shapes = (least = 0, most = 3): fc.Arbitrary<number[]> =>
  fc.array(size, { minLength: least, maxLength: most });

const print = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

const given = (
  shape: readonly number[],
  type: DataType,
  domain: Domain = 'any',
  batch = shape.length > 0,
): ExampleInput => ({ shape, type, domain, batch });

const unary = (build: (x: Tensor) => Tensor, domain: Domain = 'any', type: DataType = 'float64') =>
  shapes().map((shape): Example => ({
    inputs: [given(shape, type, domain)],
    build: ([x]) => [build(x!)],
    note: print(shape),
  }));

/** The shapes of `count` operands that broadcast to one shape. */
function operandShapes(count: number): fc.Arbitrary<{ result: number[]; operands: number[][] }> {
  const choice = fc.record({ lead: fc.integer({ min: 0, max: 3 }), ones: fc.nat(7) });
  return fc
    .tuple(shapes(0, 3), fc.array(choice, { minLength: count, maxLength: count }))
    .map(([full, choices]) => {
      const operands = choices.map(({ lead, ones }, index) =>
        // One operand in two is full, so that most results have the full shape.
        index % 2 === ones % 2
          ? full
          : full.map((s, axis) => ((ones >> axis) & 1 ? 1 : s)).slice(Math.min(lead, full.length)),
      );
      return { result: full, operands };
    });
}

const broadcasting = (
  count: number,
  build: (inputs: readonly Tensor[]) => Tensor,
  domains: readonly Domain[],
  type: DataType = 'float64',
): fc.Arbitrary<Example> =>
  operandShapes(count).map(({ result, operands }) => ({
    inputs: operands.map((shape, index) => {
      const domain = domains[index]!;
      const isBatch = shape.length === result.length && shape[0] === result[0];
      return given(
        shape,
        domain === 'boolean' ? 'bool' : type,
        domain,
        isBatch && shape.length > 0,
      );
    }),
    build: (inputs) => [build(inputs)],
    note: operands.map(print).join(' '),
  }));

const binary = (
  build: (a: Tensor, b: Tensor) => Tensor,
  domains: readonly [Domain, Domain] = ['any', 'any'],
): fc.Arbitrary<Example> => broadcasting(2, ([a, b]) => build(a!, b!), domains);

const withAxis = (
  build: (x: Tensor, axis: number, random: number) => readonly Tensor[],
  options: { domain?: Domain; least?: number; batchIsFree?: boolean; type?: DataType } = {},
): fc.Arbitrary<Example> =>
  fc.tuple(shapes(1, 3), fc.nat(2), fc.nat(11)).map(([drawn, axisDraw, random]) => {
    const axis = axisDraw % drawn.length;
    const shape = drawn.map((s, a) => (a === axis ? Math.max(s, options.least ?? 1) : s));
    return {
      inputs: [
        given(
          shape,
          options.type ?? 'float64',
          options.domain,
          options.batchIsFree === true || axis > 0,
        ),
      ],
      build: ([x]) => build(x!, axis, random),
      note: `${print(shape)} axis ${axis} draw ${random}`,
    };
  });

type Reduce = (x: Tensor, options?: graph.ReduceOptions) => Tensor;

const reduction = (build: Reduce, domain: Domain = 'any'): fc.Arbitrary<Example> =>
  fc
    .tuple(shapes(0, 4), fc.nat(15), fc.boolean(), fc.boolean())
    .map(([shape, mask, keepDimensions, all]) => {
      const chosen = [...shape.keys()].filter((axis) => (mask >> axis) & 1);
      const axes = chosen.length === 0 ? undefined : chosen;
      const options = { ...(all || axes === undefined ? {} : { axes }), keepDimensions };
      return {
        inputs: [given(shape, 'float64', domain)],
        build: ([x]) => [build(x!, options)],
        note: `${print(shape)} ${JSON.stringify(options)}`,
      };
    });

const matMul = fc
  .record({
    m: size,
    k: size,
    n: size,
    batch: fc.constantFrom<[number[], number[]]>(
      [[], []],
      [[3], []],
      [[], [2]],
      [[2], [1]],
      [[1], [3]],
      [
        [2, 1],
        [1, 3],
      ],
      [[2, 3], [3]],
    ),
  })
  .map(({ m, k, n, batch: [left, right] }): Example => ({
    inputs: [
      given([...left, m, k], 'float64', 'any', right.length === 0),
      given([...right, k, n], 'float64', 'any', false),
    ],
    build: ([a, b]) => [graph.matMul(a!, b!)],
    note: `${print([...left, m, k])} ${print([...right, k, n])}`,
  }));

const gemm = fc
  .record({ m: size, k: size, n: size, transposeA: fc.boolean(), transposeB: fc.boolean() })
  .chain(({ m, k, n, transposeA, transposeB }) =>
    fc
      .constantFrom<number[] | undefined>(undefined, [m, n], [n], [1, n], [m, 1], [1], [1, 1], [])
      .map((bias): Example => {
        const a = transposeA ? [k, m] : [m, k];
        const b = transposeB ? [n, k] : [k, n];
        return {
          inputs: [
            given(a, 'float64', 'any', !transposeA && bias?.[0] !== m),
            given(b, 'float64', 'any', false),
            ...(bias === undefined ? [] : [given(bias, 'float64', 'any', false)]),
          ],
          build: ([x, y, z]) => [graph.gemm(x!, y!, z, { transposeA, transposeB })],
          note: `${print(a)} ${print(b)} bias ${bias === undefined ? 'none' : print(bias)}`,
        };
      }),
  );

const two = (least: number, most: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }));

const window = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  channels: fc.integer({ min: 1, max: 2 }),
  filters: fc.integer({ min: 1, max: 3 }),
  kernel: two(1, 3),
  strides: two(1, 3),
  dilations: two(1, 2),
  before: two(0, 2),
  after: two(0, 2),
  extra: two(0, 3),
  hasBias: fc.boolean(),
});

const pads = (
  before: readonly [number, number],
  after: readonly [number, number],
): [number, number, number, number] => [...before, ...after];

/** Sizes that the stride does not divide are among them: the extent is the least one plus `extra`. */
const convolution = window.map((w): Example => {
  const extent = (axis: 0 | 1): number =>
    Math.max(1, w.dilations[axis] * (w.kernel[axis] - 1) + 1 - w.before[axis] - w.after[axis]) +
    w.extra[axis];
  const { strides, dilations } = w;
  const parameters = { strides, dilations, pads: pads(w.before, w.after) };
  return {
    inputs: [
      given([w.batch, w.channels, extent(0), extent(1)], 'float32'),
      given([w.filters, w.channels, ...w.kernel], 'float32', 'any', false),
      ...(w.hasBias ? [given([w.filters], 'float32', 'any', false)] : []),
    ],
    build: ([x, kernel, bias]) => [graph.convolution(x!, kernel!, bias, parameters)],
    note: JSON.stringify(w),
  };
});

const convolutionTranspose = window.map((w): Example => {
  const outputPadding = w.extra.map((extra, axis) => extra % w.strides[axis]!) as [number, number];
  const reach = (axis: 0 | 1): number =>
    w.extra[axis] * w.strides[axis] +
    w.dilations[axis] * (w.kernel[axis] - 1) +
    1 +
    outputPadding[axis];
  // Crops that would leave nothing are made smaller.
  const before = w.before.map((p, axis) => Math.min(p, reach(axis as 0 | 1) - 1));
  const after = w.after.map((p, axis) =>
    Math.min(p, reach(axis as 0 | 1) - 1 - before[axis as 0 | 1]!),
  );
  const { strides, dilations } = w;
  const crop = pads(before as [number, number], after as [number, number]);
  return {
    inputs: [
      given([w.batch, w.channels, w.extra[0] + 1, w.extra[1] + 1], 'float32'),
      given([w.channels, w.filters, ...w.kernel], 'float32', 'any', false),
      ...(w.hasBias ? [given([w.filters], 'float32', 'any', false)] : []),
    ],
    build: ([x, kernel, bias]) => [
      graph.convolutionTranspose(x!, kernel!, bias, {
        strides,
        dilations,
        pads: crop,
        outputPadding,
      }),
    ],
    note: JSON.stringify({ ...w, crop, outputPadding }),
  };
});

/** state ← tanh(state · w) + x, and the squared state of each step. */
const scan = fc.tuple(size, size).map(([steps, width]): Example => ({
  inputs: [given([width], 'float32', 'any', false), given([steps, width], 'float32')],
  build: ([first, xs]) => {
    const state = graph.input('state', [width]);
    const x = graph.input('x', [width]);
    const next = graph.add(graph.multiply(graph.tanh(state), 0.5), x);
    const body = graph.makeGraph('step', [state, x], {
      next,
      square: graph.multiply(next, next),
    });
    return graph.scan(body, [first!], [xs!]);
  },
  note: `${steps} steps of ${width}`,
}));

/** At least one example of every operator; a new one without it does not compile. */
export const operatorExamples: { readonly [K in OperatorKind]: fc.Arbitrary<Example> } = {
  input: unary((x) => x),
  constant: shapes().map((shape) => ({
    inputs: [],
    build: () => {
      const count = shape.reduce((product, s) => product * s, 1);
      const data = Float64Array.from({ length: count }, (_, i) => 0.1 * i - 0.2);
      return [graph.constant(data, { shape })];
    },
    note: print(shape),
  })),

  negate: unary(graph.negate),
  exp: unary(graph.exp),
  log: unary(graph.log, 'positive'),
  sqrt: unary(graph.sqrt, 'positive'),
  reciprocal: unary(graph.reciprocal, 'distinct'),
  abs: unary(graph.abs, 'distinct'),
  sign: unary(graph.sign, 'distinct'),
  floor: unary(graph.floor, 'distinct'),
  relu: unary(graph.relu, 'distinct'),
  sigmoid: unary(graph.sigmoid),
  tanh: unary(graph.tanh),
  softplus: unary(graph.softplus, 'any', 'float32'),
  not: unary(graph.not, 'boolean', 'bool'),
  isNaN: unary(graph.isNaN),
  cast: fc.oneof(
    unary((x) => graph.cast(x, 'float64'), 'any', 'float32'),
    unary((x) => graph.cast(x, 'float64'), 'boolean', 'bool'),
    unary((x) => graph.cast(x, 'int64'), 'any', 'float32'),
  ),

  add: binary(graph.add),
  subtract: binary(graph.subtract),
  multiply: binary(graph.multiply),
  divide: binary(graph.divide, ['any', 'distinct']),
  power: binary(graph.power, ['positive', 'any']),
  maximum: binary(graph.maximum, ['distinct', 'distinct']),
  minimum: binary(graph.minimum, ['distinct', 'distinct']),
  equal: binary(graph.equal, ['distinct', 'distinct']),
  less: binary(graph.less, ['distinct', 'distinct']),
  greater: binary(graph.greater, ['distinct', 'distinct']),
  and: binary(graph.and, ['boolean', 'boolean']),
  or: binary(graph.or, ['boolean', 'boolean']),
  where: broadcasting(3, ([c, a, b]) => graph.where(c!, a!, b!), ['boolean', 'any', 'any']),

  matMul,
  gemm,

  transpose: fc.tuple(shapes(0, 3), fc.nat(5)).map(([shape, draw]) => {
    const permutation = [...shape.keys()];
    for (let last = permutation.length - 1, rest = draw; last > 0; last--) {
      const other = rest % (last + 1);
      rest = Math.floor(rest / (last + 1));
      [permutation[last], permutation[other]] = [permutation[other]!, permutation[last]!];
    }
    return {
      inputs: [given(shape, 'float64')],
      build: ([x]) => [graph.transpose(x!, permutation)],
      note: `${print(shape)} by ${print(permutation)}`,
    };
  }),
  reshape: fc.tuple(size, size, size, fc.nat(3)).map(([a, b, c, way]) => ({
    inputs: [given([a, b, c], 'float64', 'any', way < 2)],
    build: ([x]) => {
      const first = x!.shape[0]!;
      const targets = [[first, b * c], [1, first, c, b], [a * b * c], [a * b, 1, c]];
      return [graph.reshape(x!, targets[way]!)];
    },
    note: `${print([a, b, c])} way ${way}`,
  })),
  expand: operandShapes(2).map(({ result, operands }) => {
    const shape = operands.find((operand) => operand !== result) ?? result;
    return {
      inputs: [given(shape, 'float64', 'any', false)],
      build: ([x]) => [graph.expand(x!, result)],
      note: `${print(shape)} to ${print(result)}`,
    };
  }),
  concat: fc
    .tuple(shapes(1, 3), fc.nat(2), fc.array(size, { minLength: 2, maxLength: 3 }))
    .map(([shape, draw, sizes]) => {
      const axis = draw % shape.length;
      const parts = sizes.map((s) => shape.map((d, a) => (a === axis ? s : d)));
      return {
        inputs: parts.map((part) => given(part, 'float64', 'any', axis > 0)),
        build: (inputs) => [graph.concat(inputs, axis)],
        note: `${parts.map(print).join(' ')} axis ${axis}`,
      };
    }),
  split: withAxis(
    (x, axis, random) => {
      const total = x.shape[axis] as number;
      const first = 1 + (random % (total - 1));
      return graph.split(x, [first, total - first], axis);
    },
    { least: 2 },
  ),
  slice: withAxis(
    (x, axis, random) => {
      const total = x.shape[axis] as number;
      const start = random % total;
      const end = start + 1 + (random % (total - start));
      return [graph.slice(x, start, end, axis)];
    },
    { least: 2 },
  ),
  gather: withAxis((x, axis, random) => {
    const total = x.shape[axis] as number;
    return [graph.gather(x, [random % total, 0, (random + 1) % total], axis)];
  }),
  gatherRows: fc.tuple(size, size, shapes(0, 2)).map(([rows, count, rest]) => ({
    inputs: [
      given([count, ...rest], 'float64', 'any', false),
      given([rows, count], 'float64', 'distinct'),
    ],
    build: ([x, wanted]) => [graph.gatherRows(x!, graph.argMax(wanted!, 1, true))],
    note: `${print([count, ...rest])} by ${rows}`,
  })),
  pad: withAxis((x, axis, random) => {
    const rank = x.shape.length;
    const amounts = Array.from({ length: 2 * rank }, (_, i) =>
      i % rank === axis ? (random + i) % 3 : 0,
    );
    return [graph.pad(x, amounts)];
  }),

  reduceSum: reduction(graph.reduceSum),
  reduceMean: reduction(graph.reduceMean),
  reduceMax: reduction(graph.reduceMax, 'distinct'),
  reduceSumSquare: reduction(graph.reduceSumSquare),
  reduceL2: reduction(graph.reduceL2, 'positive'),
  reduceLogSumExp: reduction(graph.reduceLogSumExp),
  argMax: withAxis((x, axis, random) => [graph.argMax(x, axis, random % 2 === 0)], {
    domain: 'distinct',
    batchIsFree: true,
  }),
  softmax: withAxis((x, axis) => [graph.softmax(x, axis)], { batchIsFree: true }),
  logSoftmax: withAxis((x, axis) => [graph.logSoftmax(x, axis)], { batchIsFree: true }),

  convolution,
  convolutionTranspose,
  scan,
};

import { VAE } from '@unlikely/detect';
import type { Matrix, TrainingEvent } from '@unlikely/detect';
import {
  constant,
  differentiate,
  exp,
  gemm,
  input,
  logSoftmax,
  makeGraph,
  multiply,
  RandomStream,
  reduceSum,
  tanh,
  writeModel,
} from '@unlikely/graph';
import type { Runtime } from '@unlikely/runtime';
import { formatNumber } from '@unlikely/report/words';
import { nodePlatform } from '../platform.ts';

export interface Check {
  readonly name: string;
  readonly isGood: boolean;
  /** What was found, in words. */
  readonly finding: string;
  readonly value: number;
}

/** The fallback is told once, by who runs the checks. */
const onFallback = (): void => {};

/** The gradient of a small network by differentiation and by central differences. */
export async function checkGradient(runtime: Runtime): Promise<Check> {
  const [rows, width] = [4, 6];
  const stream = new RandomStream(1, 'doctor');
  const draw = (count: number): Float64Array =>
    Float64Array.from({ length: count }, () => stream.normal());
  const x = input('x', [rows, width], 'float64');
  const weights = constant(draw(width * width), { shape: [width, width], type: 'float64' });
  const hidden = gemm(tanh(x), weights);
  const loss = reduceSum(multiply(tanh(hidden), exp(logSoftmax(hidden, 1))));
  const graph = makeGraph('doctor', [x], { loss, gradient: differentiate(loss, [x])[0]! });
  await using session = await runtime.createSession(writeModel(graph));
  const run = async (data: Float64Array): Promise<Record<string, Float64Array>> => {
    const results = await session.run({ x: { type: 'float64', dimensions: [rows, width], data } });
    return Object.fromEntries(
      Object.entries(results).map(([name, { data: values }]) => [name, values as Float64Array]),
    );
  };
  const at = draw(rows * width);
  const { gradient } = await run(at.slice());
  const step = 1e-5;
  let worst = 0;
  for (const [index, value] of at.entries()) {
    const above = await run(at.with(index, value + step));
    const below = await run(at.with(index, value - step));
    const difference = (above['loss']![0]! - below['loss']![0]!) / (2 * step);
    worst = Math.max(worst, Math.abs(difference - gradient![index]!));
  }
  return {
    name: 'gradients',
    isGood: worst < 1e-6,
    finding: `differ from central differences by at most ${worst.toExponential(0)}`,
    value: worst,
  };
}

/** Scores of two rows after a short training: made by this code on Linux x64, ONNX Runtime 1.30. */
const golden = { usual: -3.219, unusual: 33.083 };

/** Trains in a child process and scores in a worker, and compares with scores of another machine. */
export async function checkGolden(): Promise<Check> {
  const stream = new RandomStream(2, 'doctor');
  const rows = 200;
  const data = new Float32Array(3 * rows);
  for (let row = 0; row < rows; row++) {
    const value = stream.normal();
    data.set([value, -value + 0.1 * stream.normal(), value * value], 3 * row);
  }
  await using vae = new VAE(
    { encoderSizes: [8], latentSize: 2, steps: 600, members: 1, seed: 3 },
    nodePlatform({ threads: 1, onFallback }),
  );
  await vae.fit({ data, rows, columns: 3 });
  const probes: Matrix = { data: Float32Array.of(1, -1, 1, 1, 1, 1), rows: 2, columns: 3 };
  const { score } = await vae.reconstructionProbability(probes);
  const [usual, unusual] = score as unknown as [number, number];
  const distance = Math.max(Math.abs(usual - golden.usual), Math.abs(unusual - golden.unusual));
  return {
    name: 'training',
    // Rounding differs between processors, and training carries it on; WebAssembly is 0.002 away.
    isGood: distance < 0.2,
    finding: `a trained model gives a usual row ${usual.toFixed(3)}, an unusual one ${unusual.toFixed(3)}`,
    value: distance,
  };
}

/** Time of a training step on a common shape: 30 features, 128–64, 8 latent units, 128 rows. */
export async function measureSteps(): Promise<Check> {
  const stream = new RandomStream(4, 'doctor');
  const [rows, columns, steps] = [1000, 30, 2000];
  const data = Float32Array.from({ length: rows * columns }, () => stream.normal());
  const shape = { encoderSizes: [128, 64], latentSize: 8, batchSize: 128, members: 1 };
  await using vae = new VAE({ ...shape, steps, seed: 1 }, nodePlatform({ onFallback }));
  const marks: Extract<TrainingEvent, { kind: 'progress' }>[] = [];
  await vae.fit(
    { data, rows, columns },
    {
      onEvent(event) {
        if (event.kind === 'progress') marks.push(event);
      },
    },
  );
  // The first chunks warm the engine up and find the size of a chunk.
  const from = marks.find(({ step }) => step >= steps / 4) ?? marks[0]!;
  const to = marks.at(-1)!;
  const milliseconds = (1000 * (to.seconds - from.seconds)) / Math.max(1, to.step - from.step);
  return {
    name: 'speed',
    isGood: true,
    finding: `${formatNumber(milliseconds)} ms a training step (30 features, 128–64–8, batch 128)`,
    value: milliseconds,
  };
}

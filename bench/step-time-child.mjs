// One shape of bench/step-time.mjs: prints "unlikely N ms/step", the best of several chunks.
import { execFileSync } from 'node:child_process';
import * as graph from '@unlikely/graph';
import { nativeRuntime } from '@unlikely/runtime/node';

const { D, H, Z, B } = JSON.parse(process.argv[2]);
const threads = Number(process.argv[3]);
if (threads === 1) {
  try {
    execFileSync('taskset', ['-ap', '-c', '0', String(process.pid)], { stdio: 'ignore' });
  } catch {
    // Without taskset the one thread may move between cores.
  }
}

const sizes = { encoder: [D, ...H, 2 * Z], decoder: [Z, ...[...H].reverse(), D] };
const layout = Object.entries(sizes).flatMap(([network, widths]) =>
  widths.slice(1).flatMap((outputs, layer) => [
    { name: `${network}${layer}.weight`, shape: [widths[layer], outputs] },
    { name: `${network}${layer}.bias`, shape: [outputs] },
  ]),
);
const parameterCount = graph.parameterCount(layout);

function forward(network, parameters, input) {
  let x = input;
  const last = sizes[network].length - 2;
  for (let layer = 0; layer <= last; layer++) {
    const name = `${network}${layer}`;
    x = graph.gemm(x, parameters[`${name}.weight`], parameters[`${name}.bias`]);
    if (layer < last) x = graph.relu(x);
  }
  return x;
}

// The loss of the peers: ½ (Σ (x − m)² + Σ (μ² + σ² − 1 − log σ²)) / B.
const program = graph.trainingProgram({
  parameterCount,
  parameterSizes: layout.map(({ shape }) => shape.reduce((product, size) => product * size, 1)),
  batch: { x: { shape: [B, D] }, noise: { shape: [B, Z] } },
  scheduled: [],
  optimiser: graph.adam(),
  build: (theta, { x, noise }) => {
    const parameters = graph.splitParameters(theta, layout);
    const [mean, logVariance] = graph.split(forward('encoder', parameters, x), [Z, Z], 1);
    const deviation = graph.exp(graph.multiply(logVariance, 0.5));
    const code = graph.add(mean, graph.multiply(deviation, noise));
    const error = graph.subtract(forward('decoder', parameters, code), x);
    const variance = graph.multiply(deviation, deviation);
    const kl = graph.add(
      graph.reduceSumSquare(mean),
      graph.reduceSum(graph.subtract(variance, logVariance)),
    );
    const loss = graph.add(graph.reduceSumSquare(error), graph.subtract(kl, B * Z));
    return { loss: graph.multiply(loss, 0.5 / B), metrics: {} };
  },
});

const runtime = await nativeRuntime();
const session = await runtime.createSession(graph.writeModel(program.graph), { threads });
const steps = Math.max(10, Math.min(1000, Math.round(2e8 / (B * parameterCount))));
const stream = new graph.RandomStream(1, 'bench');
const uniform = (...dimensions) => {
  const data = new Float32Array(dimensions.reduce((product, size) => product * size, 1));
  graph.fillUniform(data, stream, 0);
  return { type: 'float32', dimensions, data: data.map((value) => 2 * value - 1) };
};
let state = {
  theta: { ...uniform(parameterCount) },
  slot0: { type: 'float32', dimensions: [parameterCount], data: new Float32Array(parameterCount) },
  slot1: { type: 'float32', dimensions: [parameterCount], data: new Float32Array(parameterCount) },
};
state.theta.data = state.theta.data.map((value) => 0.1 * value);
const batches = { x: uniform(steps, B, D), noise: uniform(steps, B, Z) };
const times = [];
const rounds = Math.max(4, Math.min(12, Math.round(600 / steps)));
for (let round = 0; round < rounds; round++) {
  const schedule = Float32Array.from(
    { length: steps },
    (_, step) => graph.adam().schedule(1e-3, round * steps + step)[0],
  );
  const started = performance.now();
  const outputs = await session.run({
    ...state,
    ...batches,
    schedule: { type: 'float32', dimensions: [steps, 1], data: schedule },
  });
  times.push((performance.now() - started) / steps);
  state = { theta: outputs.next_theta, slot0: outputs.next_slot0, slot1: outputs.next_slot1 };
}
console.log(`unlikely ${Math.min(...times).toFixed(4)} ms/step`);
await session.dispose();
await runtime.dispose();

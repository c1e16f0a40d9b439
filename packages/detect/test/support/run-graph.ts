import { makeGraph, writeModel } from '@unlikely/graph';
import type { Graph, Tensor } from '@unlikely/graph';
import type { RuntimeTensor } from '@unlikely/runtime';
import { testRuntime } from './platform.ts';

export const float32 = (values: ArrayLike<number>, ...dimensions: number[]): RuntimeTensor => ({
  type: 'float32',
  dimensions: dimensions.length === 0 ? [values.length] : dimensions,
  data: Float32Array.from(values),
});

export const float64 = (values: ArrayLike<number>, ...dimensions: number[]): RuntimeTensor => ({
  type: 'float64',
  dimensions: dimensions.length === 0 ? [values.length] : dimensions,
  data: Float64Array.from(values),
});

/** The outputs of a graph as arrays of numbers. */
export async function runGraph(
  graph: Graph,
  feeds: Readonly<Record<string, RuntimeTensor>>,
): Promise<Record<string, number[]>> {
  return runProgram(writeModel(graph), feeds);
}

export async function runProgram(
  program: Uint8Array,
  feeds: Readonly<Record<string, RuntimeTensor>>,
): Promise<Record<string, number[]>> {
  await using runtime = await testRuntime();
  await using session = await runtime.createSession(program, { threads: 1 });
  const outputs = await session.run(feeds);
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data as Float64Array)]),
  );
}

/** The values of tensors that depend on the given inputs. */
export function evaluate(
  inputs: readonly Tensor[],
  outputs: Readonly<Record<string, Tensor>>,
  feeds: Readonly<Record<string, RuntimeTensor>>,
): Promise<Record<string, number[]>> {
  return runGraph(makeGraph('evaluate', inputs, outputs), feeds);
}

import { InferenceSession, Tensor as EngineTensor } from 'onnxruntime-node';
import { writeModel } from '@unlikely/graph';
import type { DataType, Graph, TensorData } from '@unlikely/graph';

/** A tensor with its values. */
export interface Values {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export type NamedValues = Readonly<Record<string, Values>>;

export interface LoadedModel {
  run(feeds: NamedValues): Promise<NamedValues>;
}

/** Loads the bytes of a model in ONNX Runtime as they are: its own optimisations off. */
export async function loadModel(bytes: Uint8Array): Promise<LoadedModel> {
  const session = await InferenceSession.create(bytes, {
    logSeverityLevel: 4,
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
  });
  return {
    run: async (feeds) => {
      const results = await session.run(
        Object.fromEntries(
          Object.entries(feeds).map(([name, { type, data, shape }]) => [
            name,
            new EngineTensor(type, data as never, shape),
          ]),
        ),
      );
      return Object.fromEntries(
        Object.entries(results).map(([name, { type, dims, data }]) => [
          name,
          { type: type as DataType, shape: [...dims], data: data as TensorData },
        ]),
      );
    },
  };
}

export async function runGraph(graph: Graph, feeds: NamedValues): Promise<NamedValues> {
  const model = await loadModel(writeModel(graph));
  return model.run(feeds);
}

/** Numbers of an output, to compare. */
export function numbers(values: Values | undefined): number[] {
  return Array.from(values!.data as Float32Array, Number);
}

export function float32(values: readonly number[], shape: readonly number[]): Values {
  return { type: 'float32', shape, data: Float32Array.from(values) };
}

export function float64(values: readonly number[], shape: readonly number[]): Values {
  return { type: 'float64', shape, data: Float64Array.from(values) };
}

import type { UnlikelyError } from '@unlikely/graph/error';
import { runtimeError } from './runtime-error.ts';
import type { RuntimeErrorCode } from './error-code.ts';

/** The element types that pass in and out of a program. `bool` is one byte, 0 or 1. */
export type TensorType = 'float32' | 'float64' | 'int64' | 'int32' | 'bool' | 'uint8';

export type TensorData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;

/** A dense row-major tensor; `data` holds the product of `dimensions` elements. */
export interface RuntimeTensor {
  readonly type: TensorType;
  readonly dimensions: readonly number[];
  readonly data: TensorData;
}

const arrayOfType = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  bool: Uint8Array,
  uint8: Uint8Array,
} as const satisfies Record<TensorType, unknown>;

export function isTensorType(type: string): type is TensorType {
  return Object.hasOwn(arrayOfType, type);
}

/** Throws unless the data of a feed has the class and the length that its type and dimensions ask for. */
export function checkTensor(name: string, tensor: RuntimeTensor): void {
  const { type, dimensions, data } = tensor;
  if (!isTensorType(type)) {
    const known = Object.keys(arrayOfType).join(', ');
    throw invalidInput(`Input "${name}" must have one of the types ${known}; "${type}" came.`);
  }
  const expectedArray = arrayOfType[type];
  if (!(data instanceof expectedArray)) {
    const came = (data as object | undefined)?.constructor.name ?? 'nothing';
    throw invalidInput(
      `Input "${name}" of type ${type} must hold a ${expectedArray.name}; ${came} came.`,
    );
  }
  if (!dimensions.every((size) => Number.isInteger(size) && size >= 0)) {
    throw invalidInput(
      `The dimensions of input "${name}" must be integers from 0; [${dimensions.join(', ')}] came.`,
    );
  }
  const count = dimensions.reduce((product, size) => product * size, 1);
  if (data.length !== count) {
    throw invalidInput(
      `Input "${name}" with dimensions [${dimensions.join(', ')}] must hold ${count} values; ${data.length} came.`,
      data.length === 0
        ? 'An empty array is also what remains of a feed that was given up to a worker in an earlier run.'
        : undefined,
    );
  }
}

export function invalidInput(
  message: string,
  help = 'Compare the feeds and outputs with the inputs and outputs of the program.',
): UnlikelyError<RuntimeErrorCode> {
  return runtimeError('runtime/invalid-input', message, { help });
}

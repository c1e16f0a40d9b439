import { runtimeError } from './runtime-error.ts';
import type { OrtValueMetadata } from './ort-module.ts';
import { checkTensor, invalidInput, isTensorType } from './tensor.ts';
import type { RuntimeTensor, TensorType } from './tensor.ts';

/** What a program says of one input or output; a free dimension is given by its name. */
export interface ValueSignature {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly (number | string)[];
}

/** Throws `runtime/invalid-program` for sequences, texts and the other types that are not carried. */
export function readSignature(metadata: readonly OrtValueMetadata[]): readonly ValueSignature[] {
  return metadata.map((value) => {
    if (value.isTensor && isTensorType(value.type)) return { ...value, type: value.type };
    throw runtimeError(
      'runtime/invalid-program',
      `Value "${value.name}" of the program must be a tensor of float32, float64, int64, int32, bool or uint8; it is ${value.isTensor ? `a tensor of ${value.type}` : 'not a tensor'}.`,
      { help: 'Cast inside the program to one of these types.' },
    );
  });
}

/**
 * Throws unless the feeds are exactly the inputs, with their types and shapes. ONNX Runtime checks
 * too, but it ignores surplus feeds and its messages do not name what came.
 */
export function checkFeeds(
  inputs: readonly ValueSignature[],
  feeds: Readonly<Record<string, RuntimeTensor>>,
): void {
  const known = `the inputs are ${inputs.map(print).join(', ')}`;
  for (const name of Object.keys(feeds)) {
    if (inputs.some((input) => input.name === name)) continue;
    throw invalidInput(`"${name}" is not an input of the program; ${known}.`);
  }
  for (const input of inputs) {
    const feed = feeds[input.name];
    if (feed === undefined) {
      throw invalidInput(`Input "${input.name}" is missing from the feeds; ${known}.`);
    }
    checkTensor(input.name, feed);
    if (feed.type !== input.type || !fits(feed.dimensions, input.shape)) {
      throw invalidInput(
        `Input ${print(input)} was expected; ${feed.type}[${feed.dimensions.join(', ')}] came.`,
      );
    }
  }
}

export function checkOutputs(names: readonly string[], wanted: readonly string[]): void {
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalidInput(
      `"${unknown}" is not an output of the program; the outputs are ${names.join(', ')}.`,
    );
  }
  if (wanted.length === 0) throw invalidInput('At least one output must be asked for; none was.');
}

function fits(dimensions: readonly number[], shape: ValueSignature['shape']): boolean {
  return (
    dimensions.length === shape.length &&
    shape.every((size, axis) => typeof size === 'string' || size === dimensions[axis])
  );
}

function print({ name, type, shape }: ValueSignature): string {
  return `"${name}" ${type}[${shape.map((size) => (size === '' ? '?' : size)).join(', ')}]`;
}

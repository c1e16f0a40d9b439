import { graphError } from '../graph-error.ts';
import { reshape, split } from '../build.ts';
import { elementCount } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';

/** Where each named parameter lies in the one flat vector θ: in order, without gaps. */
export type ParameterLayout = readonly ParameterSlot[];

export interface ParameterSlot {
  readonly name: string;
  readonly shape: readonly number[];
}

export function parameterCount(layout: ParameterLayout): number {
  return layout.reduce((sum, { shape }) => sum + elementCount(shape)!, 0);
}

/** θ [P] → its parameters by name: one `split` and a `reshape` each. */
export function splitParameters(
  theta: Tensor,
  layout: ParameterLayout,
): Readonly<Record<string, Tensor>> {
  const sizes = layout.map(({ shape }) => elementCount(shape)!);
  const parts = split(theta, sizes, 0);
  return Object.fromEntries(
    layout.map(({ name, shape }, index) => [name, reshape(parts[index]!, shape)]),
  );
}

/**
 * The range of a parameter in θ, to initialise or read it on the host.
 *
 * @throws UnlikelyError `graph/invalid` for an unknown name.
 */
export function parameterRange(
  layout: ParameterLayout,
  name: string,
): { readonly start: number; readonly end: number } {
  let start = 0;
  for (const slot of layout) {
    const end = start + elementCount(slot.shape)!;
    if (slot.name === name) return { start, end };
    start = end;
  }
  throw graphError('graph/invalid', `no parameter is named ${name}`);
}

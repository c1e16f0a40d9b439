import { add, divide, multiply, sqrt, subtract } from '../build.ts';
import type { Tensor } from '../tensor.ts';
import type { Optimiser, OptimiserInput } from './optimiser.ts';

export interface AdamOptions {
  /** Decay of the mean of gradients, default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, default 0.999. */
  readonly beta2?: number;
  /** Keeps the division finite, default 1e-8. */
  readonly epsilon?: number;
}

/**
 * The slots hold M = m / (1 − β₁) and V = v / (1 − β₂), the moments without their weights, which
 * saves two passes over the parameters. What is left, (1 − β₁) / √(1 − β₂), is part of the step size
 * beside both bias corrections, √(1 − β₂ᵗ) / (1 − β₁ᵗ) (Kingma & Ba 2015, end of §2).
 */
function stepScale({ beta1, beta2 }: Required<AdamOptions>, step: number): number {
  const correction = Math.sqrt(1 - beta2 ** (step + 1)) / (1 - beta1 ** (step + 1));
  return (correction * (1 - beta1)) / Math.sqrt(1 - beta2);
}

function moments(
  { gradient, slots }: OptimiserInput,
  { beta1, beta2, epsilon }: Required<AdamOptions>,
): { mean: Tensor; square: Tensor; direction: Tensor } {
  const [oldMean, oldSquare] = slots as readonly [Tensor, Tensor];
  const mean = add(multiply(oldMean, beta1), gradient);
  const square = add(multiply(oldSquare, beta2), multiply(gradient, gradient));
  const root = add(sqrt(square), epsilon / Math.sqrt(1 - beta2));
  return { mean, square, direction: divide(mean, root) };
}

const defaults: Required<AdamOptions> = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/**
 * Adam (Kingma & Ba 2015, algorithm 1 in the order of the end of §2, where the bias corrections are
 * part of the step size and ε is added to the uncorrected root).
 */
export function adam(options: AdamOptions = {}): Optimiser {
  const constants = { ...defaults, ...options };
  return {
    name: 'adam',
    slots: 2,
    scheduled: ['stepSize'],
    schedule: (learningRate, step) => [learningRate * stepScale(constants, step)],
    update: (input) => {
      const { mean, square, direction } = moments(input, constants);
      return {
        parameters: subtract(input.parameters, multiply(direction, input.schedule['stepSize']!)),
        slots: [mean, square],
      };
    },
  };
}

/**
 * AdamW: Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2), all parameters
 * shrunk by `learningRate · weightDecay` a step.
 *
 * @param options.weightDecay Default 0.01.
 */
export function adamW(options: AdamOptions & { readonly weightDecay?: number } = {}): Optimiser {
  const { weightDecay = 0.01, ...rest } = options;
  const constants = { ...defaults, ...rest };
  return {
    name: 'adamW',
    slots: 2,
    scheduled: ['stepSize', 'keep'],
    schedule: (learningRate, step) => [
      learningRate * stepScale(constants, step),
      1 - learningRate * weightDecay,
    ],
    update: (input) => {
      const { mean, square, direction } = moments(input, constants);
      const kept = multiply(input.parameters, input.schedule['keep']!);
      return {
        parameters: subtract(kept, multiply(direction, input.schedule['stepSize']!)),
        slots: [mean, square],
      };
    },
  };
}

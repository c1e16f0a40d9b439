import { add, multiply, subtract } from '../build.ts';
import type { Optimiser } from './optimiser.ts';

/**
 * Stochastic gradient descent, θ ← θ − α v with v ← μ v + g (Polyak 1964); plain descent at μ = 0.
 *
 * @param momentum μ in [0, 1), default 0.
 */
export function sgd({ momentum = 0 }: { momentum?: number } = {}): Optimiser {
  return {
    name: 'sgd',
    slots: momentum === 0 ? 0 : 1,
    scheduled: ['stepSize'],
    schedule: (learningRate) => [learningRate],
    update: ({ parameters, gradient, slots, schedule }) => {
      const velocity =
        slots[0] === undefined ? gradient : add(multiply(slots[0], momentum), gradient);
      return {
        parameters: subtract(parameters, multiply(velocity, schedule['stepSize']!)),
        slots: slots.length === 0 ? [] : [velocity],
      };
    },
  };
}

import type { History } from '../artifact/manifest.ts';
import type { Codes } from '../score/aggregate-posterior.ts';
import type { TrainingState } from './training-state.ts';

/** A unit whose mean code varies less than this is inactive (Burda et al. 2016, §3.3). */
const activeAbove = 0.01;

/** How the training went, with the KL and the activity of each latent unit on `rows` reference rows. */
export function historyOf(
  core: {
    readonly shape: {
      readonly members: number;
      readonly latentSize: number;
      readonly variational: boolean;
    };
  },
  state: TrainingState,
  codes: Codes,
  rows: number,
): History {
  const { members, latentSize, variational } = core.shape;
  const klPerUnit = Array.from({ length: latentSize }, () => 0);
  let active = 0;
  for (let member = 0; member < members; member++) {
    for (let unit = 0; unit < latentSize; unit++) {
      let sum = 0;
      let square = 0;
      let kl = 0;
      for (let row = 0; row < rows; row++) {
        const at = (member * rows + row) * latentSize + unit;
        const mean = codes.mean[at]!;
        sum += mean;
        square += mean * mean;
        const logVariance = codes.logVariance[at]!;
        kl += 0.5 * (mean * mean + Math.exp(logVariance) - 1 - logVariance);
      }
      if (square / rows - (sum / rows) ** 2 > activeAbove) active++;
      klPerUnit[unit]! += variational ? kl / rows / members : 0;
    }
  }
  const { step, loss, reconstruction, kl, learningRate } = state.history;
  return { step, loss, reconstruction, kl, learningRate, klPerUnit, activeUnits: active / members };
}

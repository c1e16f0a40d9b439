/** A number that depends on the 0-based step. */
export type Schedule = (step: number) => number;

export function constantSchedule(value: number): Schedule {
  return () => value;
}

/** Rises linearly to 1 over the first `steps` steps: min(1, (s + 1) / steps). */
export function linearWarmUp(steps: number): Schedule {
  return (step) => Math.min(1, (step + 1) / Math.max(1, steps));
}

/**
 * Linear warm-up, then half a cosine down to a share of the peak (Loshchilov & Hutter 2017 without
 * restarts): `peak · min(1, (s + 1)/warmUp) · (floor + (1 − floor) · ½(1 + cos(π s / total)))`.
 * From `totalSteps` on it stays at the floor.
 *
 * @param options.floor Share of the peak that is left at the end, default 0.02.
 */
export function warmUpCosine(options: {
  readonly peak: number;
  readonly warmUpSteps: number;
  readonly totalSteps: number;
  readonly floor?: number;
}): Schedule {
  const { peak, warmUpSteps, totalSteps, floor = 0.02 } = options;
  const warmUp = linearWarmUp(warmUpSteps);
  return (step) => {
    const cosine = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, step / totalSteps)));
    return peak * warmUp(step) * (floor + (1 - floor) * cosine);
  };
}

import {
  collapseFinding,
  distinctShare,
  isCollapsed,
  leastDistinctShare,
} from '../../health/rules.ts';
import { mean } from '../../statistics.ts';

/** Whether an image model can be trusted, with what was found in words. */
export interface ImageHealth {
  readonly verdict: 'good' | 'weak' | 'collapsed';
  readonly findings: readonly string[];
  /** Latent units that carry something. */
  readonly activeUnits: number;
  /** Mean squared error of held-out images as a share of their variance: 1 is no better than one grey. */
  readonly unexplained: number;
  /** How much larger the error of held-out images is than that of training images, as a ratio. */
  readonly gap: number;
  /** Mean AUROC against injected anomalies; null where the score was asked for. */
  readonly power: number | null;
  /** Share of different values among the scores of the calibration images. */
  readonly distinctScores: number;
}

export interface ImageHealthInput {
  readonly variational: boolean;
  readonly activeUnits: number;
  /** Σ (x − x̂)² an image. */
  readonly trainingErrors: Float64Array;
  readonly referenceErrors: Float64Array;
  /** Σ (x − mean)² an image, of pixels about the mean of all. */
  readonly spread: number;
  readonly power: number | null;
  readonly calibrationScores: Float64Array;
}

export function imageHealthOf(input: ImageHealthInput): ImageHealth {
  const { variational, activeUnits, power, calibrationScores } = input;
  const unexplained = mean(input.referenceErrors) / Math.max(input.spread, 1e-12);
  const gap = mean(input.referenceErrors) / Math.max(mean(input.trainingErrors), 1e-12);
  const distinctScores = distinctShare(calibrationScores);
  const findings: string[] = [];
  const collapsed = isCollapsed(variational, activeUnits);
  if (collapsed) findings.push(collapseFinding('image'));
  if (!collapsed && unexplained > 0.9) {
    findings.push(
      `The model explains ${((1 - unexplained) * 100).toFixed(0)} % of what differs between pixels; more steps or more images may help.`,
    );
  }
  if (gap > 1.5) {
    findings.push(
      `The error of images that the model has not seen is ${gap.toFixed(1)} times that of those it has: it has learnt images by heart; more images or fewer steps help.`,
    );
  }
  if (power !== null && power < 0.6) {
    findings.push(
      `The score hardly finds anomalies that were injected on purpose (AUROC ${power.toFixed(2)}).`,
    );
  }
  if (distinctScores < leastDistinctShare) {
    findings.push(
      'Most scores repeat themselves: the images do, too, and thresholds come in steps.',
    );
  }
  return {
    verdict: collapsed ? 'collapsed' : findings.length > 0 ? 'weak' : 'good',
    findings,
    activeUnits,
    unexplained,
    gap,
    power,
    distinctScores,
  };
}

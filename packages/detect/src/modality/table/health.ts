import type { ModelCore } from './core.ts';
import { baselineTitles } from '../../baseline/baseline.ts';
import type { BaselinePower, PowerTest } from './power/power-test.ts';
import { moments } from '../../statistics.ts';
import {
  collapseFinding,
  distinctShare,
  isCollapsed,
  leastDistinctShare,
} from '../../health/rules.ts';

/** Whether a model can be trusted, with what was found in words. */
export interface Health {
  /**
   * `collapsed`: the code carries nothing. `useless`: every simple detector finds more of the injected
   * anomalies. `weak`: something else speaks against it.
   */
  readonly verdict: 'good' | 'weak' | 'useless' | 'collapsed';
  /** What was found, each a sentence. */
  readonly findings: readonly string[];
  /** Latent units that carry something, mean over members. */
  readonly activeUnits: number;
  /** Share of numeric fields whose predicted deviation sits at the floor. */
  readonly atFloor: number;
  /** Share of numeric fields whose predicted deviation is that of the column: nothing was learnt of them. */
  readonly atCap: number;
  /** Share of different values among the scores of the calibration rows. */
  readonly distinctScores: number;
  /** Mean score of calibration rows less that of training rows, in standard deviations of the scores. */
  readonly gap: number;
  /** What it finds of injected anomalies, beside trivial detectors; absent where no rows were held out. */
  readonly power?: PowerTest;
}

export interface HealthInput {
  readonly core: ModelCore;
  readonly activeUnits: number;
  /** Mean predicted deviation of each numeric field in standard deviations of its column. */
  readonly deviations: readonly number[];
  readonly trainingScores: Float64Array;
  readonly calibrationScores: Float64Array;
  readonly power?: PowerTest | undefined;
}

/** By how much the AUROC of a simple detector must be higher to count: half of that is chance. */
const clearlyBetter = 0.03;

/** What the figures of a model of rows say of it. */
export function healthOf(input: HealthInput): Health {
  const { core, activeUnits, deviations, trainingScores, calibrationScores, power } = input;
  const { deviationFloor, model } = core.configuration;
  const share = (test: (deviation: number) => boolean): number =>
    deviations.length === 0 ? 0 : deviations.filter(test).length / deviations.length;
  const atFloor = share((deviation) => deviation < 1.5 * deviationFloor);
  const atCap = share((deviation) => deviation > 0.95);
  const distinctScores = distinctShare(calibrationScores);
  const spread = moments(trainingScores);
  const gap =
    calibrationScores.length === 0
      ? 0
      : (moments(calibrationScores).mean - spread.mean) / Math.max(spread.deviation, 1e-12);

  const findings: string[] = [];
  const collapsed = isCollapsed(model === 'variational', activeUnits);
  if (collapsed) findings.push(collapseFinding('row'));
  if (!collapsed && atCap > 0.8) {
    findings.push(
      `The model predicts ${percent(atCap)} of the numeric columns no better than their mean; it sees single columns, not how they belong together.`,
    );
  }
  if (distinctScores < leastDistinctShare) {
    findings.push(
      `Only ${percent(distinctScores)} of the scores differ: the rows repeat themselves, and thresholds come in steps.`,
    );
  }
  const useless = power !== undefined && power.baselines.every(({ auroc }) => auroc > power.auroc);
  if (useless) {
    findings.push(
      `Every simple method ranks injected anomalies better, even those that learn nothing: ${aurocs(power)}.`,
    );
  } else if (power !== undefined && bestOf(power).auroc > power.auroc + clearlyBetter) {
    findings.push(
      `A simple method, ${baselineTitles[bestOf(power).name]}, ranks injected anomalies better: AUROC ${bestOf(power).auroc.toFixed(3)} against ${power.auroc.toFixed(3)}.`,
    );
  }
  if (gap > 1) {
    findings.push(
      `Rows that the model has not seen score ${gap.toFixed(1)} deviations higher than those it has: it has learnt rows by heart; more rows or fewer steps help.`,
    );
  }
  return {
    verdict: collapsed ? 'collapsed' : useless ? 'useless' : findings.length > 0 ? 'weak' : 'good',
    findings,
    activeUnits,
    atFloor,
    atCap,
    distinctScores,
    gap,
    ...(power === undefined ? {} : { power }),
  };
}

/** The simple detector that ranks injected anomalies best. */
function bestOf({ baselines }: PowerTest): BaselinePower {
  return baselines.reduce((best, each) => (each.auroc > best.auroc ? each : best));
}

function aurocs({ auroc, baselines }: PowerTest): string {
  const others = baselines.map((each) => `${baselineTitles[each.name]} ${each.auroc.toFixed(3)}`);
  return `AUROC ${auroc.toFixed(3)}; ${others.join(', ')}`;
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.01 ? 1 : 0)} %`;

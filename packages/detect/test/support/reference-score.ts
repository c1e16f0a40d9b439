import { elementCount, quasiNormal } from '@unlikely/graph';
import type { ModelCore } from '../../src/modality/table/core.ts';
import type { PlainScoreKind } from '../../src/modality/table/score-kind.ts';

/**
 * The scores of Gaussian fields in plain double arithmetic, written from the equations: what the
 * scoring program is compared with. Rows are standardised [features]; NaN is missing.
 */
export interface ReferenceDraw {
  /** −log p(x_j | z). */
  readonly surprise: number[];
  readonly squaredError: number[];
  readonly code: number[];
  readonly decodedMean: number[];
}

export interface ReferenceMember {
  readonly mean: number[];
  readonly logVariance: number[];
  readonly draws: ReferenceDraw[];
}

/** A dense layer after another, ReLU between them. */
function forward(
  core: ModelCore,
  theta: Float32Array,
  member: number,
  prefix: string,
  x: number[],
): number[] {
  const own = core.layout.filter(({ name }) => name.startsWith(prefix));
  let value = x;
  for (let layer = 0; layer < own.length / 2; layer++) {
    const weight = parameter(core, theta, member, `${prefix}${layer}.weight`);
    const bias = parameter(core, theta, member, `${prefix}${layer}.bias`);
    const last = layer === own.length / 2 - 1;
    value = Array.from(bias, (offset, output) => {
      const sum = value.reduce(
        (total, v, i) => total + v * weight[i * bias.length + output]!,
        offset,
      );
      return last ? sum : Math.max(0, sum);
    });
  }
  return value;
}

function parameter(
  core: ModelCore,
  theta: Float32Array,
  member: number,
  wanted: string,
): Float32Array {
  let from = 0;
  for (const { name, shape } of core.layout) {
    const size = elementCount(shape)!;
    const one = size / core.shape.members;
    if (name === wanted) return theta.subarray(from + member * one, from + (member + 1) * one);
    from += size;
  }
  throw new Error(`no parameter ${wanted}`);
}

/** Every member's posterior and draws for one standardised row. */
export function referenceMembers(
  core: ModelCore,
  theta: Float32Array,
  row: readonly number[],
): ReferenceMember[] {
  const { members, latentSize } = core.shape;
  const { samples, deviationFloor } = core.configuration;
  const offsets = samples === 0 ? new Float32Array(latentSize) : quasiNormal(samples, latentSize);
  return Array.from({ length: members }, (_, member) => {
    // Missing values are filled by encoding and decoding twice, from the mean on.
    let x = row.map((value) => (Number.isNaN(value) ? 0 : value));
    for (let pass = 0; pass < 2; pass++) {
      const guess = forward(core, theta, member, 'encoder', x).slice(0, latentSize);
      const expected = forward(core, theta, member, 'decoder', guess);
      x = row.map((value, j) => (Number.isNaN(value) ? expected[j]! : value));
    }
    const out = forward(core, theta, member, 'encoder', x);
    const mean = out.slice(0, latentSize);
    const logVariance = out.slice(latentSize).map((value) => Math.max(-12, Math.min(4, value)));
    const draws = Array.from({ length: Math.max(1, samples) }, (_unused, point): ReferenceDraw => {
      const code = mean.map(
        (value, unit) =>
          value + Math.exp(logVariance[unit]! / 2) * offsets[point * latentSize + unit]!,
      );
      const decoded = forward(core, theta, member, 'decoder', code);
      const features = x.length;
      const surprise = x.map((value, j) => {
        if (Number.isNaN(row[j])) return 0;
        const gate = 1 / (1 + Math.exp(-(decoded[features + j]! + 2 * Math.log(deviationFloor))));
        const precision = 1 + gate / deviationFloor ** 2;
        return (
          0.5 *
          ((value - decoded[j]!) ** 2 * precision - Math.log(precision) + Math.log(2 * Math.PI))
        );
      });
      const squaredError = x.map((value, j) =>
        Number.isNaN(row[j]) ? 0 : (value - decoded[j]!) ** 2,
      );
      return { surprise, squaredError, code, decodedMean: decoded.slice(0, features) };
    });
    return { mean, logVariance, draws };
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export function logMeanExp(values: readonly number[]): number {
  const top = Math.max(...values);
  return top + Math.log(mean(values.map((value) => Math.exp(value - top))));
}

/** Stored codes of one member for the aggregate posterior. */
export interface ReferenceCodes {
  readonly means: readonly (readonly number[])[];
  readonly variances: readonly (readonly number[])[];
}

function klToPrior({ mean: code, logVariance }: ReferenceMember): number {
  return total(
    code.map((m, k) => 0.5 * (m ** 2 + Math.exp(logVariance[k]!) - 1 - logVariance[k]!)),
  );
}

/** E_q[−log q_agg(z)] − H(q) with Jensen's bound. */
function aggregateGap({ mean: code, logVariance }: ReferenceMember, codes: ReferenceCodes): number {
  const components = codes.means.map(
    (centre, n) =>
      -0.5 *
      total(
        code.map((m, k) => {
          const variance = codes.variances[n]![k]!;
          return (
            ((m - centre[k]!) ** 2 + Math.exp(logVariance[k]!)) / variance +
            Math.log(2 * Math.PI * variance)
          );
        }),
      ),
  );
  const entropy = 0.5 * total(logVariance.map((value) => value + 1 + Math.log(2 * Math.PI)));
  return -logMeanExp(components) - entropy;
}

/** log p(x, z) − log q(z|x) of one draw. */
function logWeight(
  { mean: code, logVariance }: ReferenceMember,
  { surprise, code: z }: ReferenceDraw,
): number {
  const prior = total(z.map((value) => -0.5 * (value ** 2 + Math.log(2 * Math.PI))));
  const posterior = total(
    z.map(
      (value, k) =>
        -0.5 *
        ((value - code[k]!) ** 2 / Math.exp(logVariance[k]!) +
          logVariance[k]! +
          Math.log(2 * Math.PI)),
    ),
  );
  return -total(surprise) + prior - posterior;
}

/** What each feature and the code contribute, before the limit on contributions. */
export function referenceTerms(
  kind: PlainScoreKind,
  members: readonly ReferenceMember[],
  codes?: readonly ReferenceCodes[],
): { features: number[]; latent: number } {
  const draws = members.flatMap((member) => member.draws);
  const width = draws[0]!.surprise.length;
  const overDraws = (pick: (draw: ReferenceDraw) => number[]): number[] =>
    Array.from({ length: width }, (_, j) => mean(draws.map((draw) => pick(draw)[j]!)));
  switch (kind) {
    case 'reconstruction-probability':
      return { features: overDraws(({ surprise }) => surprise), latent: 0 };
    case 'elbo':
      return {
        features: overDraws(({ surprise }) => surprise),
        latent: mean(members.map(klToPrior)),
      };
    case 'aggregate-elbo':
      return {
        features: overDraws(({ surprise }) => surprise),
        latent: mean(members.map((member, index) => aggregateGap(member, codes![index]!))),
      };
    case 'latent':
      return {
        features: Array.from({ length: width }, () => 0),
        latent: mean(members.map((member, index) => aggregateGap(member, codes![index]!))),
      };
    case 'reconstruction-error':
      return { features: overDraws(({ squaredError }) => squaredError), latent: 0 };
    case 'iwae': {
      const bound = mean(
        members.map((member) => -logMeanExp(member.draws.map((draw) => logWeight(member, draw)))),
      );
      const features = Array.from({ length: width }, (_, j) =>
        mean(
          members.map((member) => {
            const logWeights = member.draws.map((draw) => logWeight(member, draw));
            const top = Math.max(...logWeights);
            const weights = logWeights.map((value) => Math.exp(value - top));
            return total(
              weights.map((w, l) => (w / total(weights)) * member.draws[l]!.surprise[j]!),
            );
          }),
        ),
      );
      return { features, latent: bound - total(features) };
    }
  }
}

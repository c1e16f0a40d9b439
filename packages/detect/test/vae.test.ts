import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Autoencoder, scoreKinds, VAE } from '@unlikely/detect';
import { weighsEvidence } from '../src/modality/table/score-kind.ts';
import { describeModel } from './contract/describe-model.ts';
import { expectError } from './support/expect-error.ts';
import { platform } from './support/platform.ts';
import { correlatedRows, sliceRows } from './support/rows.ts';
import { small } from './support/small-model.ts';

describeModel(VAE);
describeModel(Autoencoder);

const x = correlatedRows(400, 4, 1);

describe('VAE', () => {
  it.each(scoreKinds)('trains and scores with %s, and odd rows stand out by it', async (score) => {
    await using vae = new VAE({ ...small, score, samples: 4, steps: 200 }, platform);
    await vae.fit(sliceRows(x, 0, 300));
    const normal = await vae.reconstructionProbability(sliceRows(x, 300, 400));
    const far = { ...x, data: x.data.map((value) => 6 * value), rows: 100 };
    const odd = await vae.reconstructionProbability({ ...far, data: far.data.slice(0, 400) });
    const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
    expect([...normal.score, ...odd.score, ...normal.standardError].every(Number.isFinite)).toBe(
      true,
    );
    expect(mean(odd.score)).toBeGreaterThan(mean(normal.score));
  });

  it.each(scoreKinds)('scores by %s after training as if trained for it', async (score) => {
    const options = { ...small, samples: 4, steps: 30, codes: 50 };
    // What weighs evidence goes with the codes that its scale was measured with.
    const codes = weighsEvidence(score) ? 80 : 50;
    await using general = new VAE({ ...options, score: 'robust', codes: 80 }, platform);
    await general.fit(x);
    await using other = general.scoredBy({ score, codes });
    await using own = new VAE({ ...options, score, codes }, platform);
    await own.fit(x);
    const [a, b] = [
      await other.reconstructionProbability(x),
      await own.reconstructionProbability(x),
    ];
    expect(a).toEqual(b);
    await expectError(() => other.calibration, 'detect/uncalibrated');
    expect(own.calibration.scores.length).toBe(100);
  });

  it('cannot be scored by codes that were not stored', async () => {
    await using vae = new VAE({ ...small, score: 'elbo', steps: 5 }, platform);
    await vae.fit(x);
    await expectError(() => vae.scoredBy({ score: 'latent' }), 'detect/configuration');
    await using coded = new VAE({ ...small, score: 'latent', steps: 5 }, platform);
    await coded.fit(x);
    await expectError(() => coded.scoredBy({ score: 'combined' }), 'detect/configuration');
    await using all = new VAE({ ...small, score: 'combined', steps: 5 }, platform);
    await all.fit(x);
    await expectError(() => all.scoredBy({ codes: 7 }), 'detect/configuration');
    await expectError(() => all.scoredBy({ score: 'robust' }), 'detect/configuration');
  });

  it('is what its class says, whatever the options or the file are', async () => {
    expect(new VAE({ model: 'autoencoder' }, platform).configuration.model).toBe('variational');
    expect(new Autoencoder({ model: 'variational' }, platform).configuration.model).toBe(
      'autoencoder',
    );
    const folder = await mkdtemp(join(tmpdir(), 'unlikely-'));
    const path = join(folder, 'model.onnx');
    await using vae = new VAE({ ...small, steps: 5 }, platform);
    await vae.fit(x);
    await vae.save(path);
    const error = await expectError(() => Autoencoder.load(path, platform), 'model/foreign');
    expect(error.message).toContain('autoencoder');
    await expectError(() => VAE.load(join(folder, 'none.onnx'), platform), 'model/unreadable');
    await writeFile(path, 'not a model');
    await expectError(() => VAE.load(path, platform), 'model/corrupt');
    await rm(folder, { recursive: true });
  });

  it('has codes with a smaller spread than the prior allows and generates rows like those it saw', async () => {
    await using vae = new VAE({ ...small, steps: 500, members: 1, encoderSizes: [24] }, platform);
    await vae.fit(x);
    const { data } = await vae.generate(500);
    for (let column = 0; column < 4; column++) {
      const spread = (values: Float32Array) => {
        const own = values.filter((_, at) => at % 4 === column);
        const mean = own.reduce((a, b) => a + b, 0) / own.length;
        return Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length);
      };
      expect(spread(data) / spread(x.data)).toBeGreaterThan(0.5);
      expect(spread(data) / spread(x.data)).toBeLessThan(1.5);
    }
  });
});

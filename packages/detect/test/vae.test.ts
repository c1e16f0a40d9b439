import { RandomStream } from '@unlikely/graph';
import { nativeRuntime } from '@unlikely/runtime';
import { expect, it } from 'vitest';
import { VAE } from '@unlikely/detect';
const platform = { trainingRuntime: nativeRuntime, scoringRuntime: nativeRuntime };
it('smoke', async () => {
  const r = new RandomStream(3);
  const n = 2000,
    d = 10;
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    const a = r.normal(),
      b = r.normal();
    for (let j = 0; j < d; j++)
      data[i * d + j] = Math.cos(j) * a + Math.sin(j * 2) * b + 0.1 * r.normal();
  }
  const vae = new VAE({ steps: 600 }, platform);
  const t = Date.now();
  const h = await vae.fit({ data, rows: n, columns: d });
  console.log(Date.now() - t, 'ms', h.loss.slice(-1), h.kl.slice(-1), h.klPerUnit, h.activeUnits);
  const odd = data.slice(0, 20 * d);
  for (let i = 0; i < 20; i++) odd[i * d + 3]! += 3;
  const s = await vae.reconstructionProbability({
    data: data.slice(0, 20 * d),
    rows: 20,
    columns: d,
  });
  const o = await vae.reconstructionProbability({ data: odd, rows: 20, columns: d });
  console.log(s.score, s.standardError, o.score, o.standardError);
  console.log(await vae.isOutlier({ data: odd, rows: 20, columns: d }, { alpha: 0.05 }));
  console.log(
    (await vae.reconstruct({ data: odd, rows: 20, columns: d })).data.slice(0, 10),
    odd.slice(0, 10),
  );
  await vae.dispose();
});

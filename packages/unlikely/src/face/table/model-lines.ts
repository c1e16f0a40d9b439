import type { Health, Manifest } from '@unlikely/detect';
import { enumerate, formatCount } from '@unlikely/report/words';
import { continued, labelled } from '../../command/tell/labelled.ts';
import { powerLines } from './power-lines.ts';
import type { Canvas } from '../../command/run/terminal.ts';

/** What a model is, in a few lines. */
export function modelLines(manifest: Manifest, canvas: Canvas): string[] {
  const { paint } = canvas;
  const { rows, configuration, health } = manifest;
  const { encoderSizes, latentSize, members, steps, seed } = configuration;
  const colour = healthColours(paint)[health.verdict];
  const rest = rows.read - rows.trained - rows.calibration;
  return [
    labelled(
      canvas,
      'rows',
      enumerate([
        `${formatCount(rows.trained)} trained the networks`,
        `${formatCount(rows.calibration)} calibrate the scores`,
        ...(rest > 0 ? [`${formatCount(rest)} were beyond the sample`] : []),
      ]),
    ),
    labelled(
      canvas,
      'networks',
      `${members} × ${[manifest.features.length, ...encoderSizes, latentSize].join('–')}, ${formatCount(steps)} steps, seed ${seed}`,
    ),
    labelled(
      canvas,
      'health',
      `${colour(health.verdict)}, ${health.activeUnits.toFixed(1)} of ${latentSize} latent units carry information`,
    ),
    ...health.findings.map((finding) => continued(finding)),
    ...(health.power === undefined ? [] : powerLines(health.power, canvas)),
  ];
}

function healthColours(
  paint: Canvas['paint'],
): Readonly<Record<Health['verdict'], (text: string) => string>> {
  return { good: paint.green, weak: paint.yellow, useless: paint.red, collapsed: paint.red };
}

import type { ImagePass, ImageSettings } from '@unlikely/data';
import { imageWords } from '@unlikely/detect';
import type { ImageManifest } from '@unlikely/detect';
import { enumerate, formatCount, formatItems } from '@unlikely/report/words';
import { continued, labelled } from '../../command/tell/labelled.ts';
import type { Canvas, Terminal } from '../../command/run/terminal.ts';
import { warn } from '../../command/tell/warn.ts';

const namedFailures = 5;

/** Tells of a pass over images: unreadable ones by name, and what was done to the others. */
export function tellPass(
  { images, failures, conversions }: ImagePass,
  settings: ImageSettings,
  terminal: Terminal,
): void {
  if (failures.length > 0) {
    const shown = failures.slice(0, namedFailures).map(({ name, reason }) => `${name} (${reason})`);
    const rest = failures.length - shown.length;
    const named = enumerate([...shown, ...(rest > 0 ? [`${formatCount(rest)} more`] : [])]);
    warn(terminal)(
      `${formatCount(failures.length)} of ${formatItems(images, imageWords)} cannot be read: ${named}`,
    );
  }
  const { resized, toGrey, toColour, flattened, turned, rescaled } = conversions;
  const done = [
    [resized, 'resized'],
    [toGrey, 'made grey'],
    [toColour, 'made colour from grey'],
    [flattened, `transparent, over ${backgroundName(settings.background)}`],
    [turned, 'turned upright'],
    [rescaled, `brought to ${settings.bits} bits`],
  ] as const;
  const changed = done.filter(([count]) => count > 0);
  const size = `${settings.width} × ${settings.height} ${settings.channels === 1 ? 'grey' : 'colour'}`;
  const changes = changed.map(([count, what]) => `${formatCount(count)} ${what}`).join(', ');
  terminal.note(
    labelled(
      terminal,
      'images',
      `${formatCount(images - failures.length)} read as ${size}${changes === '' ? '' : `: ${changes}`}`,
    ),
  );
}

function backgroundName(level: number): string {
  return level === 1 ? 'white' : level === 0 ? 'black' : `a level of ${level}`;
}

/** What an image model is, in a few lines. */
export function imageModelLines(manifest: ImageManifest, canvas: Canvas): string[] {
  const { paint } = canvas;
  const { rows, configuration, schema: settings, health, choice, label } = manifest;
  const colour = { good: paint.green, weak: paint.yellow, collapsed: paint.red }[health.verdict];
  const { width, height, channels, reasons } = settings;
  return [
    labelled(
      canvas,
      'pixels',
      `${width} × ${height} × ${channels}; ${reasons.size}; ${reasons.channels}; ${reasons.range}`,
    ),
    ...(label === undefined ? [] : [labelled(canvas, 'normal', label.normal.join(', '))]),
    labelled(
      canvas,
      'rows',
      enumerate([
        `${formatCount(rows.trained)} trained the network`,
        `${formatCount(rows.reference)} chose the score`,
        `${formatCount(rows.calibration)} calibrate it`,
      ]),
    ),
    labelled(
      canvas,
      'network',
      `convolutional ${configuration.model === 'variational' ? 'VAE' : 'autoencoder'}, ${configuration.channels} channels, code of ${configuration.latentSize}, ${formatCount(configuration.steps)} steps, seed ${configuration.seed}`,
    ),
    labelled(canvas, 'score', choice.name),
    continued(paint.dim(choice.reason)),
    labelled(
      canvas,
      'health',
      `${colour(health.verdict)}, ${health.activeUnits.toFixed(1)} of ${configuration.latentSize} latent units carry information`,
    ),
    ...health.findings.map((finding) => continued(finding)),
  ];
}

import { classHistograms } from './class-histogram.ts';
import { classMap } from './class-map.ts';
import { html, type Html } from './html.ts';
import { chosenPoints } from './latent-map.ts';
import { figureWidth, plotFigure } from './plot-figure.ts';
import type { LatentPoint, ReportData } from './report-data.ts';
import type { Words } from '@unlikely/detect';
import { capitalised, scoreAxis } from './wording.ts';

/** The map of the codes coloured by class, in place of the one by score. */
export function classFigure(points: readonly LatentPoint[], words: Words): Html {
  const drawn = chosenPoints(points);
  const places = drawn.map(({ x, y }) => [x, y] as const);
  const { caption, chart, keys } = classMap(
    places,
    drawn.map((point) => point.class ?? null),
    'class',
    words,
    Uint8Array.from(drawn, ({ isAnomaly }) => Number(isAnomaly === true)),
  );
  return plotFigure({
    title: 'Map of the codes',
    chart: { ...chart, width: figureWidth, height: 340 },
    ...(keys === undefined ? {} : { keys }),
    description: caption,
    caption: html`${caption} ${capitalised(words.many)} with similar codes lie close together. The
    plane shows the two directions in which the codes differ most; far points are drawn at the
    frame.`,
  });
}

/** A histogram of the scores of each class, over one axis. */
export function classSection(data: ReportData): Html | false {
  const { scored } = data;
  const { scores, classes, threshold } = scored;
  if (classes === undefined) return false;
  const { words } = data;
  const axis = scoreAxis(words);
  const limit = Number.isFinite(threshold) ? threshold : undefined;
  const { anomalous } = scored;
  const histograms = classHistograms(scores, classes, axis, limit, words, {
    width: figureWidth,
    ...(anomalous === undefined ? {} : { anomalous }),
  });
  return html`<h3>Scores by class</h3>
    <p class="note">
      Each histogram shows shares of its own ${words.many}, all over one axis; the last bar holds
      all that lie beyond.
    </p>
    <div class="classes">
      ${histograms.map(({ title, chart }) =>
        plotFigure({ title, chart, description: 'Their shares over the score.', caption: null }),
      )}
    </div>`;
}

import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { fewestHonestRows } from './summary.mjs';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** One line a set, ours and the baselines as dots on the axis of AUROC: an SVG document. */
export function plot({ perSet }) {
  const dots = perSet.flatMap(({ set, rows, detectors }) =>
    Object.entries(detectors).map(([detector, { auroc }]) => ({
      set: rows < fewestHonestRows ? `${set}*` : set,
      detector,
      auroc,
    })),
  );
  const detectors = [...new Set(dots.map(({ detector }) => detector))];
  const marginTop = 40 + 16 * detectors.length;
  const svg = Plot.plot({
    document,
    width: 720,
    style: { background: 'white', color: 'black' },
    height: marginTop + 40 + 20 * perSet.length,
    marginTop,
    marginLeft: 150,
    x: {
      label: 'AUROC',
      domain: [Math.min(0.5, ...dots.map(({ auroc }) => auroc)), 1],
      grid: true,
    },
    y: { label: null, domain: [...new Set(dots.map(({ set }) => set))] },
    color: { domain: detectors, scheme: 'Tableau10' },
    marks: [
      Plot.ruleY(dots, { y: 'set', strokeOpacity: 0.08 }),
      // The first detector on top.
      Plot.dot(dots.toReversed(), {
        x: 'auroc',
        y: 'set',
        fill: 'detector',
        r: 4,
        title: 'detector',
      }),
      // Named in the drawing: a legend of Plot is HTML beside it.
      detectors.map((name, index) =>
        Plot.text([name], {
          frameAnchor: 'top-left',
          text: () => `● ${name}`,
          fill: (detector) => detector,
          dy: 16 * (index - detectors.length) - 24,
        }),
      ),
    ],
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${svg.outerHTML}\n`;
}

import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Axis, Chart, Key, Layer } from './chart.ts';
import { Html, html, type HtmlValue } from './html.ts';
import { colourOf } from './palette.ts';

/** Drawn at this width and scaled to the column, so that letters stay legible on a phone. */
export const figureWidth = 480;
export const figureHeight = 300;

const { document } = parseHTML('<!doctype html><html><body></body></html>');

export interface Figure {
  readonly title: string;
  readonly chart: Chart;
  /** What the drawing shows, for who cannot see it: the finding, not the shape. */
  readonly description: string;
  readonly caption: HtmlValue;
  readonly keys?: readonly Key[];
}

/** A figure with its heading, legend, drawing and caption. */
export function plotFigure({ title, chart, description, caption, keys = [] }: Figure): Html {
  return html`<figure>
    <h3>${title}</h3>
    ${
      keys.length > 0 &&
      html`<ul class="keys">
        ${keys.map(legendLine)}
      </ul>`
    }
    <div class="plot" role="img" aria-label="${`${title}. ${description}`}">
      ${new Html(drawing(chart))}
    </div>
    ${caption !== null && html`<figcaption>${caption}</figcaption>`}
  </figure>`;
}

function legendLine({ ink, label, mark }: Key): Html {
  return html`<li><i class="key ${mark}" style="color:${colourOf(ink)}"></i>${label}</li>`;
}

/** The chart as an `svg` element, colours by their names in the palette. */
export function drawing(
  { x, y, layers, width = figureWidth, height = figureHeight }: Chart,
  { arrows = true }: { readonly arrows?: boolean } = {},
): string {
  const hasHead = y.label !== null || layers.some(({ kind }) => kind === 'vertical');
  const svg = Plot.plot({
    document,
    width,
    height,
    marginLeft: y.bare ? 20 : (y.room ?? 52),
    marginRight: 18,
    marginTop: hasHead ? 30 : 12,
    marginBottom: x.label === null ? 26 : 44,
    style: { fontSize: '13px' },
    x: scaleOf(x, arrows),
    y: scaleOf(y, arrows),
    marks: [
      y.bare ? [] : Plot.gridY({ ...gridOf(y), stroke: colourOf('line'), strokeOpacity: 1 }),
      ...layers.map(markOf),
    ],
  }) as unknown as SvgElement;
  // Plot repeats its few rules in each drawing; the page's stylesheet holds them once.
  svg.querySelector('style')?.remove();
  svg.setAttribute('aria-hidden', 'true');
  for (const element of [svg, ...svg.querySelectorAll('*')]) roundNumbers(element);
  return svg.outerHTML;
}

function scaleOf(
  { label, domain, scale = 'linear', ticks, format, bare }: Axis,
  arrows: boolean,
): object {
  return {
    label,
    type: scale,
    clamp: true,
    ...(domain && { domain }),
    ...(ticks !== undefined && { ticks }),
    ...(format && { tickFormat: format }),
    ...(bare && { ticks: [] }),
    ...((bare || !arrows) && { labelArrow: 'none' }),
  };
}

function gridOf({ ticks }: Axis): object {
  return ticks === undefined ? {} : { ticks };
}

const marks: { readonly [K in Layer['kind']]: (layer: Layer & { kind: K }) => unknown } = {
  line: ({ points, ink, dashed }) =>
    Plot.line(points, {
      stroke: colourOf(ink),
      strokeWidth: dashed ? 1.25 : 2,
      ...(dashed && { strokeDasharray: '4 4' }),
    }),
  dots: ({ points, ink, radius, hollow }) =>
    Plot.dot(points, {
      r: radius,
      ...(hollow
        ? { stroke: colourOf(ink), strokeWidth: 1.2 }
        : { fill: colourOf(ink), stroke: 'none' }),
    }),
  bars: ({ bars, ink }) =>
    Plot.rectY(bars, {
      x1: 'from',
      x2: 'to',
      y1: 0,
      y2: 'height',
      fill: colourOf(ink),
      inset: 0.5,
    }),
  vertical: ({ x, ink, label, anchor }) => [
    Plot.ruleX([x], { stroke: colourOf(ink), strokeWidth: 1.5 }),
    Plot.text([x], {
      x: (value: number) => value,
      text: () => label,
      frameAnchor: 'top',
      dy: -14,
      textAnchor: anchor,
      fill: colourOf(ink),
      fontWeight: 600,
    }),
  ],
  horizontal: ({ y, ink }) => Plot.ruleY([y], { stroke: colourOf(ink) }),
};

function markOf(layer: Layer): Plot.Markish {
  return (marks[layer.kind] as (layer: Layer) => Plot.Markish)(layer);
}

/** Of an element of the drawing, only what is used here: the types of a browser are not at hand. */
interface SvgElement {
  readonly outerHTML: string;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  setAttribute(name: string, value: string): void;
  remove(): void;
  querySelector(selector: string): SvgElement | null;
  querySelectorAll(selector: string): Iterable<SvgElement>;
}

/** A hundredth of a pixel cannot be seen, and the digits beyond would be half of the page. */
function roundNumbers(element: SvgElement): void {
  for (const { name, value } of element.attributes) {
    const rounded = value.replace(/\d+\.\d{2,}(?!\d|em)/g, (number) =>
      String(Number(Number(number).toFixed(1))),
    );
    if (rounded !== value) element.setAttribute(name, rounded);
  }
}

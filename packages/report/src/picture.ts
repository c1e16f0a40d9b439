import { escapeHtml } from './html.ts';
import { colourOf, withLightColours } from './palette.ts';
import { drawing, figureHeight, figureWidth } from './plot-figure.ts';
import type { Figure } from './plot-figure.ts';
import type { Key } from './chart.ts';

/** Figures on one page of their own. */
export interface Picture {
  /** Above the figures. */
  readonly title: string;
  /** In one paragraph below: what is seen. */
  readonly caption: string;
  /** In rows of `columns`. */
  readonly figures: readonly Pick<Figure, 'title' | 'chart' | 'keys'>[];
  /** Figures beside each other. Default 1. */
  readonly columns?: number;
  /** One legend for all of them, below the title. */
  readonly keys?: readonly Key[];
}

const margin = 24;
const gap = 20;
const titleHeight = 40;
const keyHeight = 22;
const headingHeight = 20;
const lineHeight = 18;
/** Mean width of a letter in ems, of the fonts that are named. */
const letterWidth = 0.53;
const fonts = `Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif`;

/** A picture as an SVG document: light colours, white ground, nothing from elsewhere. */
export function pictureSvg({ title, caption, figures, columns = 1, keys = [] }: Picture): string {
  const [cellWidth, cellHeight] = [
    Math.max(...figures.map(({ chart }) => chart.width ?? figureWidth)),
    Math.max(...figures.map(cellHeightOf)),
  ];
  const across = Math.min(columns, figures.length);
  const inner = across * cellWidth + (across - 1) * gap;
  const parts: string[] = [text(title, margin, margin + 17, 18, 'ink', 600)];
  let y = margin + titleHeight;
  const legend = legendLines(keys, margin, y, inner);
  parts.push(legend.svg);
  y += legend.height;
  figures.forEach((figure, index) => {
    const left = margin + (index % across) * (cellWidth + gap);
    parts.push(cell(figure, left, y + Math.floor(index / across) * cellHeight, cellWidth));
  });
  y += Math.ceil(figures.length / across) * cellHeight + 6;
  for (const line of wrapped(caption, inner, 12)) {
    parts.push(text(line, margin, (y += lineHeight), 12, 'muted'));
  }
  const [width, height] = [inner + 2 * margin, y + margin];
  return withLightColours(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fonts}" role="img" aria-label="${escapeHtml(`${title}. ${caption}`)}">` +
      `<rect width="100%" height="100%" fill="#ffffff"/>${parts.join('')}</svg>\n`,
  );
}

function cellHeightOf({ title, chart, keys = [] }: Picture['figures'][number]): number {
  const width = chart.width ?? figureWidth;
  return (
    (title === '' ? 0 : headingHeight) +
    legendLines(keys, 0, 0, width).height +
    (chart.height ?? figureHeight)
  );
}

function cell(
  { title, chart, keys = [] }: Picture['figures'][number],
  x: number,
  y: number,
  width: number,
): string {
  const heading = title === '' ? '' : text(shortened(title, width, 13), x, y + 13, 13, 'ink', 600);
  const below = y + (title === '' ? 0 : headingHeight);
  const legend = legendLines(keys, x, below, width);
  // A nested drawing has a place instead of a document's head.
  const svg = drawing(chart, { arrows: false }).replace(
    /^<svg /,
    `<svg x="${x}" y="${below + legend.height}" overflow="visible" color="${colourOf('muted')}" `,
  );
  return heading + legend.svg + svg;
}

/** The legend in as many lines as it needs. */
function legendLines(
  keys: readonly Key[],
  left: number,
  top: number,
  width: number,
): { readonly svg: string; readonly height: number } {
  let [x, y] = [left, top + 12];
  const parts = keys.map(({ ink, label, mark }) => {
    const needed = 24 + textWidth(label, 12) + 14;
    if (x > left && x + needed > left + width) [x, y] = [left, y + keyHeight];
    const part = sample(mark, colourOf(ink), x, y) + text(label, x + 24, y, 12, 'muted');
    x += needed;
    return part;
  });
  return { svg: parts.join(''), height: keys.length === 0 ? 0 : y - top + 10 };
}

const samples: { readonly [K in Key['mark']]: (x: number, y: number) => string } = {
  line: (x, y) => `<path d="M${x} ${y - 4}h18" stroke-width="2"/>`,
  dashed: (x, y) => `<path d="M${x} ${y - 4}h18" stroke-width="1.5" stroke-dasharray="4 4"/>`,
  dot: (x, y) => `<circle cx="${x + 12}" cy="${y - 4}" r="4.5" stroke="none"/>`,
  ring: (x, y) => `<circle cx="${x + 12}" cy="${y - 4}" r="4" fill="none" stroke-width="1.5"/>`,
  bar: (x, y) => `<rect x="${x + 6}" y="${y - 10}" width="12" height="12" rx="2" stroke="none"/>`,
};

function sample(mark: Key['mark'], colour: string, x: number, y: number): string {
  return `<g fill="${colour}" stroke="${colour}">${samples[mark](x, y)}</g>`;
}

function text(
  content: string,
  x: number,
  y: number,
  size: number,
  ink: 'ink' | 'muted',
  weight: number = 400,
): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colourOf(ink)}">${escapeHtml(content)}</text>`;
}

function textWidth(content: string, size: number): number {
  return content.length * letterWidth * size;
}

function shortened(content: string, width: number, size: number): string {
  const most = Math.floor(width / (letterWidth * size));
  return content.length <= most ? content : `${content.slice(0, most - 1)}…`;
}

function wrapped(content: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(/\s+/)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length === 0 || textWidth(longer, size) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

import { encodeBase64 } from './base64.ts';
import { anomalySection } from './anomaly-cards.ts';
import { classFigure, classSection } from './class-section.ts';
import { evaluationSection } from './evaluation-section.ts';
import { findingOf, headline } from './headline.ts';
import { Html, html, plainText } from './html.ts';
import { gallerySection } from './gallery-section.ts';
import { latentMap } from './latent-map.ts';
import { modelSection, trainingSection } from './model-section.ts';
import { powerSection } from './power-section.ts';
import type { LatentPoint, ReportData } from './report-data.ts';
import { scoreHistogram } from './score-histogram.ts';
import { snapshotOf } from './snapshot.ts';
import { stylesheet } from './stylesheet.ts';
import type { Words } from '@unlikely/detect';
import { suspectsSection } from './suspects-section.ts';

/** The only code of the page: the button for light and dark, and open cards on paper. */
const script = `
const root = document.documentElement;
const button = document.getElementById('theme');
const dark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
const name = () => { button.textContent = dark() ? 'Light' : 'Dark'; };
button.addEventListener('click', () => { root.dataset.theme = dark() ? 'light' : 'dark'; name(); });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', name);
addEventListener('beforeprint', () => { for (const card of document.querySelectorAll('.anomaly')) card.open = true; });
name();
button.hidden = false;
`;

/** The page may run this script and nothing else, whatever the table held; and load nothing: pictures are in it. */
async function policy(): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script));
  const hash = encodeBase64(new Uint8Array(digest));
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

/**
 * The report as one HTML file that asks nothing of the network: style, drawings (SVG), the script of
 * one button, and the figures as JSON in `#unlikely-snapshot`. All text of the data is escaped. The
 * same data gives the same page. At most some 1.5 MB without pictures.
 */
export async function renderReport(data: ReportData): Promise<string> {
  const { evaluation, gallery, latentMap: points, model, scored } = data;
  const { words } = data;
  const sections = [
    ['scores', `All ${words.many}`],
    ['anomalies', `Least likely ${words.many}`],
    ...(evaluation === undefined ? [] : [['evaluation', 'Measured against the labels']]),
    ...(model.contamination === undefined ? [] : [['suspects', 'Suspicious training rows']]),
    ...(model.health.power === undefined ? [] : [['power', 'What it would find']]),
    ['training', 'Training and health'],
    ['model', 'The model'],
  ];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${await policy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="Unlikely ${plainText(model.version, 40)}" />
        <title>${findingOf(data)} – ${plainText(data.source, 120)}</title>
        ${element('style', stylesheet)}
      </head>
      <body>
        <button id="theme" type="button" hidden aria-label="Switch between light and dark">
          Dark
        </button>
        ${headline(data)}
        <nav aria-label="Sections">
          <div>${sections.map(([id, name]) => html`<a href="#${id}">${name}</a> `)}</div>
        </nav>
        <main>
          <section id="scores" aria-labelledby="scores-heading">
            <h2 id="scores-heading">All ${words.many}</h2>
            <div class="pair">
              ${scoreHistogram(data)}
              ${points !== undefined && points.length > 0 && mapOf(points, scored.threshold, words)}
            </div>
            ${classSection(data)}
          </section>
          ${gallery === undefined ? anomalySection(data) : gallerySection(gallery, scored.threshold)}
          ${evaluation && evaluationSection(evaluation, words)} ${suspectsSection(model)}
          ${model.health.power !== undefined && powerSection(model.health.power)}
          ${trainingSection(model, words)} ${modelSection(model, words)}
        </main>
        <footer>
          ${meaningOf(words)} The figures of this page are inside it as JSON, in the element
          <code>unlikely-snapshot</code>.
        </footer>
        ${element('script type="application/json" id="unlikely-snapshot"', snapshotOf(data))}
        ${element('script', script)}
      </body>
    </html> `.text;
}

/** What a score is, in a sentence. */
function meaningOf({ indefinite, unit }: Words): string {
  const meaning = `A score is how unlikely ${indefinite} is under the model`;
  return unit === ''
    ? `${meaning}: the higher, the less likely.`
    : `${meaning}, in ${unit}: one nat more is 2.7 times less likely.`;
}

/** The map of the codes: by class where there are any, else by score. */
function mapOf(points: readonly LatentPoint[], threshold: number, words: Words): Html {
  return points.some((point) => point.class !== undefined)
    ? classFigure(points, words)
    : latentMap(points, threshold, words);
}

/** An element whose content is not markup, exactly as given: the policy names the script by its hash. */
function element(opening: string, content: string): Html {
  return new Html(`<${opening}>${content}</${opening.split(' ')[0]}>`);
}

import { encodeBase64 } from './base64.ts';
import { formatNumber, formatScore } from './format.ts';
import { cell, Html, html } from './html.ts';
import type { GalleryImage, ReportGallery } from './report-data.ts';

/** A picture of three panels is drawn as wide as this on a wide screen, in CSS pixels. */
const pictureWidth = 510;

/** The most and the least anomalous images: original, expectation and heat map. */
export function gallerySection(gallery: ReportGallery, threshold: number): Html {
  const { leastLikely, mostLikely } = gallery;
  return html`<section id="anomalies" aria-labelledby="anomalies-heading">
    <h2 id="anomalies-heading">The least likely images</h2>
    <p class="note">
      ${
        leastLikely.length === 0
          ? 'No image could be read.'
          : html`From left to right: the image, what the model expects in its place, and where the
            score comes from – the brighter, the more a pixel adds to it. One scale holds for all
            heat maps.`
      }
    </p>
    <ol class="gallery">
      ${leastLikely.map((image, index) => picture(image, index, gallery, threshold))}
    </ol>
    ${
      mostLikely.length > 0 &&
      html`<h3>The most likely images</h3>
        <p class="note">What the model holds for most ordinary, as a comparison.</p>
        <ol class="gallery">
          ${mostLikely.map((image, index) => picture(image, index, gallery, threshold))}
        </ol>`
    }
  </section>`;
}

function picture(
  { row, name, score, pValue, label, isAnomaly, png }: GalleryImage,
  index: number,
  { width, height }: ReportGallery,
  threshold: number,
): Html {
  const source = new Html(`data:image/png;base64,${encodeBase64(png)}`);
  const shown = Math.max(width, pictureWidth);
  return html`<li>
    <figure class="picture">
      <img
        src="${source}"
        width="${shown}"
        height="${Math.round((height * shown) / width)}"
        alt="${`Image ${row}: original, expectation and heat map`}"
      />
      <figcaption>
        <b class="rank">${index + 1}</b> <b>${cell(name, 80)}</b>
        <strong class="${score > threshold && 'bad'}">${formatScore(score)}</strong>
        <span>p = ${formatNumber(pValue)}</span>
        ${
          label !== undefined &&
          html`<span class="chip ${isAnomaly === true && 'hit'}"
            >${cell(label ?? 'no label', 40)}</span
          >`
        }${!(score > threshold) && html` <span class="chip">not flagged</span>`}
      </figcaption>
    </figure>
  </li>`;
}

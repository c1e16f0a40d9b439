// Usage: node examples/02-library.mjs
import { Detector, matrixOf, VAE } from 'unlikely';

const sample = new URL('../packages/unlikely/sample/', import.meta.url).pathname;

// Tables: a detector reads files, infers what the columns are, calibrates and explains.
const detector = await Detector.train(`${sample}normal-connections.csv.gz`, { seed: 1 });
const threshold = detector.threshold(0.01);
let rows = 0;
const flagged = [];
for await (const batch of detector.score(`${sample}new-connections.csv.gz`)) {
  rows += batch.rows;
  batch.score.forEach((score, index) => {
    if (score > threshold) flagged.push(batch.firstRow + index);
  });
}
console.log(`${flagged.length} of ${rows} connections are unlikely`);
const [explanation] = await detector.explain(`${sample}new-connections.csv.gz`, [flagged[0]]);
console.log(`row ${explanation.row}: ${explanation.features[0].sentence}`);
await detector.dispose();

// Numbers: an autoencoder on a matrix. Points on a circle, and one in its middle.
const angles = Array.from({ length: 500 }, (_, index) => index);
const circle = matrixOf(angles.map((angle) => [Math.cos(angle), Math.sin(angle)]));
const vae = new VAE({ encoderSizes: [32, 16], latentSize: 2, seed: 1 });
await vae.fit(circle);
const [onCircle, inMiddle] = await vae.isOutlier(matrixOf([[0, 1], [0, 0]]), { alpha: 0.05 }); // prettier-ignore
console.log(`a point of the circle is an outlier: ${onCircle}; its middle: ${inMiddle}`);
await vae.dispose();

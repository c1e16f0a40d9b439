import type { Field } from '@unlikely/data/source';
import { cyclicPeriods } from '@unlikely/data/schema';
import { calibrationLimit } from '../calibrate/conformal-calibration.ts';
import { completeConfiguration } from '../check-configuration.ts';
import { featurePlaces } from '../column/feature.ts';
import type { Attribute } from '../latent/attribute.ts';
import type { KnownRows } from '../known/known-rows.ts';
import { decodeDoubles, decodeFloats, decodeIntegers } from './base64.ts';
import type { History, Manifest } from './manifest.ts';
import { corrupt, readOrCorrupt } from './sealed-file.ts';
import { shownName } from './shown-value.ts';

/**
 * What the parts of a valid manifest have to do with each other.
 *
 * @throws UnlikelyError `model/corrupt`.
 */
export function checkManifest(manifest: Manifest): void {
  const { configuration, rows, calibration, attributes, posterior } = manifest;
  const { latentSize } = configuration;
  readOrCorrupt(() => completeConfiguration(configuration));
  const isPoint = configuration.model === 'autoencoder';
  if (isPoint && (configuration.score !== 'reconstruction-error' || configuration.samples !== 0)) {
    throw corrupt('manifest.configuration.score should be that of an autoencoder');
  }
  if (manifest.label?.normal.length === 0) {
    throw corrupt('manifest.label.normal should hold at least one value');
  }
  checkFields(manifest);
  checkFeatures(manifest);
  checkHistory(manifest.history, latentSize);
  for (const form of ['full', 'fast'] as const) {
    checkCalibration(calibration[form], rows.calibration, `manifest.calibration.${form}`);
  }
  checkAttributes(attributes, latentSize);
  checkKnownRows(manifest.knownRows);
  if (posterior === undefined) return;
  const [mean, logVariance] = [
    readOrCorrupt(() => decodeFloats(posterior.mean)),
    readOrCorrupt(() => decodeFloats(posterior.logVariance)),
  ];
  const isWhole = mean.length > 0 && mean.length % latentSize === 0;
  if (!isWhole || logVariance.length !== mean.length) {
    throw corrupt(
      `manifest.posterior should hold codes of ${latentSize} numbers, got ${mean.length} and ${logVariance.length}`,
    );
  }
  requireFinite(mean, 'manifest.posterior.mean');
  requireFinite(logVariance, 'manifest.posterior.logVariance');
}

/** @throws UnlikelyError `model/corrupt` with the name of numbers that are not all finite. */
export function requireFinite(values: Float32Array | Float64Array, name: string): void {
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place === -1) return;
  throw corrupt(`${name} should hold finite numbers, got ${values[place]} at ${place}`);
}

function checkFields({ schema }: Manifest): void {
  const columns = new Set(schema.columns.map(({ name }) => name));
  if (columns.size !== schema.columns.length) {
    throw corrupt('manifest.schema.columns should have names of their own');
  }
  if (schema.fields.length === 0) {
    throw corrupt('manifest.schema.fields should hold at least one field, got none');
  }
  schema.fields.forEach((field, index) => {
    const place = `manifest.schema.fields.${index}`;
    if (!columns.has(field.column)) {
      throw corrupt(`${place}.column should be one of the columns, got ${shownName(field.column)}`);
    }
    const fault = faultOf(field);
    if (fault !== undefined) throw corrupt(`${place}.${fault}`);
  });
}

function faultOf(field: Field): string | undefined {
  switch (field.kind) {
    case 'numeric':
    case 'count':
      if (field.minimum > field.maximum) return 'minimum should be at most the maximum';
      return field.deviation < 0 ? 'deviation should be at least 0' : undefined;
    case 'binary':
    case 'categorical': {
      const { categories, frequencies, kind } = field;
      if (kind === 'binary' && categories.length > 2) return 'categories should be at most two';
      if (new Set(categories).size !== categories.length) return 'categories should be different';
      return categories.length === frequencies.length
        ? undefined
        : `frequencies should be ${categories.length}, got ${frequencies.length}`;
    }
    case 'cyclic': {
      const period = cyclicPeriods[field.part];
      if (field.period !== period) return `period should be ${period}, got ${field.period}`;
      const { length } = field.frequencies;
      return length === period ? undefined : `frequencies should be ${period}, got ${length}`;
    }
    default:
      return field satisfies never;
  }
}

function checkFeatures({ schema, features }: Manifest): void {
  const places = featurePlaces(schema.fields);
  if (places.length !== features.length) {
    throw corrupt(
      `manifest.features should be the ${places.length} of its fields, got ${features.length}`,
    );
  }
  features.forEach(({ field, category, logarithm }, index) => {
    const place = places[index]!;
    const isFitting = field === place.field && category === place.category;
    if (isFitting && !(logarithm && category !== undefined)) return;
    throw corrupt(`manifest.features.${index} should be that of its field`);
  });
}

/** @throws UnlikelyError `model/corrupt`. */
export function checkHistory(history: History, latentSize: number): void {
  const { step, loss, reconstruction, kl, learningRate, klPerUnit } = history;
  const isWhole = [loss, reconstruction, kl, learningRate].every(
    ({ length }) => length === step.length,
  );
  if (!isWhole) throw corrupt('manifest.history should have lists of one length');
  if (klPerUnit.length === latentSize) return;
  throw corrupt(
    `manifest.history.klPerUnit should be ${latentSize} numbers, got ${klPerUnit.length}`,
  );
}

/** @throws UnlikelyError `model/corrupt`. */
export function checkAttributes(
  attributes: Readonly<Record<string, Attribute>> | undefined,
  latentSize: number,
): void {
  for (const [name, { vector }] of Object.entries(attributes ?? {})) {
    if (vector.length === latentSize) continue;
    throw corrupt(
      `manifest.attributes.${shownName(name)}.vector should be ${latentSize} numbers, got ${vector.length}`,
    );
  }
}

/** @throws UnlikelyError `model/corrupt`. */
export function checkKnownRows(known: KnownRows | undefined): void {
  if (known === undefined) return;
  const hashes = readOrCorrupt(() => decodeIntegers(known.hashes));
  const unsorted = hashes.findIndex((hash, place) => place > 0 && hash < hashes[place - 1]!);
  if (unsorted === -1) return;
  throw corrupt(`manifest.knownRows.hashes should ascend, and does not at ${unsorted}`);
}

/** Ascending finite scores, as many as the rows that they are of. Throws `model/corrupt`. */
export function checkCalibration(text: string, rows: number, name: string): void {
  // Before megabytes of text become numbers.
  if (rows > calibrationLimit || text.length !== 4 * Math.ceil((8 * rows) / 3)) {
    throw corrupt(`${name} should hold the scores of ${rows} rows, at most ${calibrationLimit}`);
  }
  const scores = readOrCorrupt(() => decodeDoubles(text));
  if (scores.length !== rows) {
    throw corrupt(`${name} should hold ${rows} scores, got ${scores.length}`);
  }
  requireFinite(scores, name);
  const unsorted = scores.findIndex((score, place) => place > 0 && score < scores[place - 1]!);
  if (unsorted !== -1) throw corrupt(`${name} should ascend, and does not at ${unsorted}`);
}

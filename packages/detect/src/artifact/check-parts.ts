import type { StoredConstant } from '@unlikely/graph';
import { calibrationLimit } from '../calibrate/conformal-calibration.ts';
import type { Attribute } from '../latent/attribute.ts';
import type { KnownRows } from '../known/known-rows.ts';
import { decodeDoubles, decodeIntegers } from '../bytes/base64.ts';
import type { CommonManifest, History } from './manifest.ts';
import { corrupt, readOrCorrupt } from './sealed-file.ts';
import { shownName } from './shown-value.ts';

/**
 * What those parts of a valid manifest that every kind has have to do with each other.
 *
 * @throws UnlikelyError `model/corrupt`.
 */
export function checkCommonParts(manifest: CommonManifest): void {
  const { rows, calibration, configuration } = manifest;
  const { latentSize } = configuration;
  if (manifest.label?.normal.length === 0) {
    throw corrupt('manifest.label.normal should hold at least one value');
  }
  checkHistory(manifest.history, latentSize);
  for (const [form, scores] of Object.entries(calibration)) {
    checkCalibration(scores, rows.calibration, `manifest.calibration.${form}`);
  }
  checkAttributes(manifest.attributes, latentSize);
  checkKnownRows(manifest.knownRows);
}

/** Constants of the graph by name. */
export type Constants = ReadonlyMap<string, StoredConstant>;

/**
 * The numbers of a named constant.
 *
 * @throws UnlikelyError `model/corrupt` where they are not so many finite ones.
 */
export function storedNumbers(constants: Constants, name: string, size: number): Float32Array {
  const data = constants.get(name)?.data;
  if (!(data instanceof Float32Array) || data.length !== size) {
    throw corrupt(`${name} should hold ${size} numbers, got ${data?.length ?? 'none'}`);
  }
  requireFinite(data, name);
  return data;
}

/** @throws UnlikelyError `model/corrupt` with the name of numbers that are not all finite. */
export function requireFinite(values: Float32Array | Float64Array, name: string): void {
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place === -1) return;
  throw corrupt(`${name} should hold finite numbers, got ${values[place]} at ${place}`);
}

function checkHistory(history: History, latentSize: number): void {
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

function checkAttributes(
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

function checkKnownRows(known: KnownRows | undefined): void {
  if (known === undefined) return;
  const hashes = readOrCorrupt(() => decodeIntegers(known.hashes));
  const unsorted = hashes.findIndex((hash, place) => place > 0 && hash < hashes[place - 1]!);
  if (unsorted === -1) return;
  throw corrupt(`manifest.knownRows.hashes should ascend, and does not at ${unsorted}`);
}

/** Ascending finite scores, as many as the rows that they are of. */
function checkCalibration(text: string, rows: number, name: string): void {
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

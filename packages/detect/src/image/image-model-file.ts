import type { Files, ImageSettings } from '@unlikely/data/source';
import { readEnvelope } from '@unlikely/graph';
import type { StoredConstant, UnlikelyError } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import { decodeFloats, encodeFloats } from '../artifact/base64.ts';
import {
  checkAttributes,
  checkKnownRows,
  checkCalibration,
  checkHistory,
  requireFinite,
} from '../artifact/check-manifest.ts';
import { writeSealedModel } from '../artifact/checksum.ts';
import { numbersAsText } from '../artifact/manifest-parts.ts';
import { manifestKey as tableManifestKey } from '../artifact/model-file.ts';
import { metadataKeysOf } from '../artifact/read-model-bytes.ts';
import {
  checked,
  checkFormatVersion,
  corrupt,
  openSealedFile,
  readOrCorrupt,
} from '../artifact/sealed-file.ts';
import { object, whole } from '../artifact/validation.ts';
import type { StoredCodes } from '../score/score-parts.ts';
import { completeImageConfiguration } from './check-image-configuration.ts';
import { probabilistic } from './choose-score.ts';
import { detailMaps } from './detail-maps.ts';
import { imageCore } from './image-core.ts';
import type { ImageCore } from './image-core.ts';
import { imageFormatVersion } from './image-manifest.ts';
import type { ImageManifest } from './image-manifest.ts';
import { imageManifestValidator } from './image-manifest-validator.ts';
import { imageScoringProgram } from './image-programs.ts';
import { pixelsOf } from './images.ts';
import type { ImageNetworks } from './measure.ts';
import { storedBlock, storedCount, storedImagesName } from './stored-images.ts';
import type { StoredImages } from './stored-images.ts';

const manifestKey = 'unlikely.image-manifest';
const codesKey = 'unlikely.codes';

/** What an image model file holds: the networks are the named constants of its scoring program. */
export interface ImageModelFile {
  readonly manifest: ImageManifest;
  readonly networks: ImageNetworks;
}

/**
 * The bytes of the `.onnx` file: the scoring program with the manifest in its metadata, and beside it
 * the codes, which the score alone may not need; images to compare with only where it does.
 */
export function writeImageModelFile({ manifest, networks }: ImageModelFile): Promise<Uint8Array> {
  const graph = imageScoringProgram(networks, manifest.combination);
  const codes = networks.storedCodes;
  const stored =
    codes === undefined
      ? {}
      : {
          [codesKey]: JSON.stringify({
            count: codes.count,
            weights: encodeFloats(codes.weights),
            offsets: encodeFloats(codes.offsets),
          }),
        };
  return writeSealedModel(graph, { [manifestKey]: JSON.stringify(manifest), ...stored });
}

/** Whether the bytes are a model of images, whole or not. */
export function isImageModel(bytes: Uint8Array): boolean {
  try {
    return readEnvelope(bytes).metadata.has(manifestKey);
  } catch {
    return false;
  }
}

/**
 * What a model file is about, of which hardly more than its ends are read; undefined where it is none,
 * which loading it explains.
 */
export async function modelKindOf(
  path: string,
  files: Files,
): Promise<'images' | 'table' | undefined> {
  const keys = await metadataKeysOf(path, files);
  if (keys.includes(manifestKey)) return 'images';
  return keys.includes(tableManifestKey) ? 'table' : undefined;
}

/**
 * Reads an image model file. Nothing of it is executed, and its graph is not built: the program is made
 * anew from the manifest and the named constants.
 *
 * @throws UnlikelyError `model/foreign` for another file, `model/corrupt` where the checksum, a size,
 *   an operator or a value of the manifest is wrong, `model/too-new` for a file of a later release.
 */
export async function readImageModelFile(bytes: Uint8Array): Promise<ImageModelFile> {
  const file = await openSealedFile(bytes, manifestKey, foreign);
  const found = file.json(manifestKey);
  checkFormatVersion(found, imageFormatVersion);
  const manifest = checked(imageManifestValidator, found, 'manifest');
  checkImageManifest(manifest);
  const { settings, scales, configuration } = manifest;
  const core = readOrCorrupt(() => imageCore(settings, scales, configuration));
  const constants = file.constants();
  const theta = constants.get('theta')?.data;
  if (!(theta instanceof Float32Array) || theta.length !== core.parameterCount) {
    throw corrupt(
      `theta should hold ${core.parameterCount} numbers, got ${theta?.length ?? 'none'}`,
    );
  }
  requireFinite(theta, 'theta');
  const storedCodes = file.has(codesKey) ? readCodes(file.json(codesKey), core) : undefined;
  const storedImages = readStoredImages(
    constants.get(storedImagesName),
    settings,
    configuration.storedImages,
  );
  const networks = { core, theta, storedCodes, storedImages };
  requireParts(manifest, networks);
  return { manifest, networks };
}

function foreign(): UnlikelyError {
  return detectError('model/foreign', 'expected a model of images, got another file', {
    help: 'Give the file of a model that was trained on images.',
  });
}

/** What the parts of a valid manifest have to do with each other. Throws `model/corrupt`. */
function checkImageManifest({
  configuration,
  scales,
  history,
  rows,
  calibration,
  attributes,
  combination,
  knownRows,
}: ImageManifest): void {
  readOrCorrupt(() => completeImageConfiguration(configuration));
  if (scales.mapMeans.length !== detailMaps || scales.mapDeviations.length !== detailMaps) {
    throw corrupt(`manifest.scales should be those of ${detailMaps} detail maps`);
  }
  if (combination.terms.length === 0)
    throw corrupt('manifest.combination.terms should not be empty');
  checkHistory(history, configuration.latentSize);
  checkCalibration(calibration, rows.calibration, 'manifest.calibration');
  checkAttributes(attributes, configuration.latentSize);
  checkKnownRows(knownRows);
}

/** A statistic of the score that needs what the file does not have would fail when the score is asked for. */
function requireParts(
  { combination, configuration }: ImageManifest,
  { storedCodes, storedImages }: Pick<ImageNetworks, 'storedCodes' | 'storedImages'>,
): void {
  for (const { statistic } of combination.terms) {
    const isMissing =
      (statistic === 'latent' && storedCodes === undefined) ||
      (statistic === 'neighbour' && storedImages === undefined) ||
      (configuration.model === 'autoencoder' && probabilistic.includes(statistic));
    if (isMissing) throw corrupt(`it has nothing to compute ${statistic} from`);
  }
}

function readStoredImages(
  constant: StoredConstant | undefined,
  settings: ImageSettings,
  most: number,
): StoredImages | undefined {
  if (constant === undefined) return undefined;
  const { data, shape } = constant;
  const block = storedBlock(settings);
  const size = pixelsOf(settings) / block ** 2;
  const [count = 0, width] = shape;
  const isFitting = shape.length === 2 && width === size;
  if (
    data instanceof Uint8Array &&
    isFitting &&
    count > 0 &&
    count <= storedCount(settings, most)
  ) {
    return { count, block, data };
  }
  throw corrupt(
    `${storedImagesName} should be 1 to ${storedCount(settings, most)} of ${size} bytes, got ${shape.join(' × ')}`,
  );
}

const codesValidator = object({
  count: whole(1, 10_000),
  weights: numbersAsText('floats'),
  offsets: numbersAsText('floats'),
});

function readCodes(found: unknown, { shape, configuration }: ImageCore): StoredCodes {
  const { latentSize } = shape;
  const { count, weights, offsets } = checked<{ count: number; weights: string; offsets: string }>(
    codesValidator,
    found,
    'codes',
  );
  const codes = readOrCorrupt(() => ({
    count,
    weights: decodeFloats(weights),
    offsets: decodeFloats(offsets),
  }));
  const isFitting =
    count <= configuration.codes &&
    codes.offsets.length === count &&
    codes.weights.length === 2 * latentSize * count;
  if (!isFitting) throw corrupt(`codes should hold ${count} codes of ${latentSize} numbers`);
  requireFinite(codes.weights, 'codes.weights');
  requireFinite(codes.offsets, 'codes.offsets');
  return codes;
}

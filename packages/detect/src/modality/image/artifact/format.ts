import type { ImageSettings } from '@unlikely/data/source';
import type { StoredConstant } from '@unlikely/graph';
import { decodeFloats, encodeFloats } from '../../../bytes/base64.ts';
import { requireFinite, storedNumbers } from '../../../artifact/check-parts.ts';
import type { ModelFormat } from '../../../artifact/model-file.ts';
import { corrupt, readOrCorrupt } from '../../../artifact/sealed-file.ts';
import type { StoredCodes } from '../../../score/aggregate-posterior.ts';
import { completeImageConfiguration } from '../check-configuration.ts';
import { probabilistic } from '../power/choose-score.ts';
import { detailMaps } from '../network/detail-maps.ts';
import { imageCore } from '../core.ts';
import type { ImageCore } from '../core.ts';
import type { ImageManifest, StoredImageManifest } from '../manifest.ts';
import { imageManifestValidator } from './manifest-validator.ts';
import type { ImageModelFile } from '../model.ts';
import { imageScoringProgram } from '../score/scoring-program.ts';
import { pixelsOf } from '../images.ts';
import type { ImageNetworks } from '../score/measure.ts';
import { storedBlock, storedCount, storedImagesName } from '../score/stored-images.ts';
import type { StoredImages } from '../score/stored-images.ts';

/** Of the codes in files of format 1. */
const formerCodesKey = 'unlikely.codes';

/** The codes are in the manifest, since the score alone may not need them; images to compare with are where it does. */
export const imageFormat: ModelFormat<StoredImageManifest, ImageModelFile> = {
  kind: 'image',
  validator: imageManifestValidator,
  upgrade: (former, entry) => {
    const { settings, normal, calibration, ...same } = former as Readonly<Record<string, unknown>>;
    const codes = entry(formerCodesKey);
    return {
      ...same,
      schema: settings,
      ...(normal === undefined ? {} : { label: { normal } }),
      calibration: { full: calibration },
      ...(codes === undefined ? {} : { codes }),
    };
  },
  check: ({ configuration, scales, combination }) => {
    readOrCorrupt(() => completeImageConfiguration(configuration));
    if (scales.mapMeans.length !== detailMaps || scales.mapDeviations.length !== detailMaps) {
      throw corrupt(`manifest.scales should be those of ${detailMaps} detail maps`);
    }
    if (combination.terms.length === 0) {
      throw corrupt('manifest.combination.terms should not be empty');
    }
  },
  read: ({ codes, ...manifest }, constants) => {
    const { schema, scales, configuration } = manifest;
    const core = readOrCorrupt(() => imageCore(schema, scales, configuration));
    const theta = storedNumbers(constants, 'theta', core.parameterCount);
    const storedCodes = codes && readCodes(codes, core);
    const stored = constants.get(storedImagesName);
    const storedImages = stored && readStoredImages(stored, schema, configuration.storedImages);
    const networks = { core, theta, storedCodes, storedImages };
    requireParts(manifest, networks);
    return { manifest, networks };
  },
  graph: ({ networks, manifest }) => imageScoringProgram(networks, manifest.combination),
  manifest: ({ manifest, networks: { storedCodes: codes } }) => ({
    ...manifest,
    ...(codes && {
      codes: {
        count: codes.count,
        weights: encodeFloats(codes.weights),
        offsets: encodeFloats(codes.offsets),
      },
    }),
  }),
};

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
  { data, shape }: StoredConstant,
  settings: ImageSettings,
  most: number,
): StoredImages {
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

function readCodes(
  { count, weights, offsets }: NonNullable<StoredImageManifest['codes']>,
  { shape, configuration }: ImageCore,
): StoredCodes {
  const { latentSize } = shape;
  const codes = readOrCorrupt(() => ({
    count,
    weights: decodeFloats(weights),
    offsets: decodeFloats(offsets),
  }));
  const isFitting =
    count <= configuration.codes &&
    codes.offsets.length === count &&
    codes.weights.length === 2 * latentSize * count;
  if (!isFitting) {
    throw corrupt(`manifest.codes should hold ${count} codes of ${latentSize} numbers`);
  }
  requireFinite(codes.weights, 'manifest.codes.weights');
  requireFinite(codes.offsets, 'manifest.codes.offsets');
  return codes;
}

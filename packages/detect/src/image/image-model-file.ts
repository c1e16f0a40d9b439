import type { ImageSettings } from '@unlikely/data';
import { nodesOf, readMetadata, readModel, UnlikelyError } from '@unlikely/graph';
import type { Node, TensorData } from '@unlikely/graph';
import { isSealed, writeSealedModel } from '../artifact/checksum.ts';
import { imageCore } from './image-core.ts';
import { imageFormatVersion } from './image-manifest.ts';
import type { ImageManifest } from './image-manifest.ts';
import { imageScoringProgram } from './image-programs.ts';
import { pixelsOf } from './images.ts';
import type { ImageNetworks } from './measure.ts';
import { storedBlock, storedImagesName } from './stored-images.ts';
import type { StoredImages } from './stored-images.ts';

const manifestKey = 'unlikely.image-manifest';

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
          'unlikely.codes': JSON.stringify({
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
    return readMetadata(bytes)[manifestKey] !== undefined;
  } catch {
    return false;
  }
}

/**
 * Reads an image model file. Nothing of it is executed.
 *
 * @throws UnlikelyError `model/foreign` for another file, `model/corrupt` where the checksum, a size
 *   or an operator is wrong, `model/too-new` for a file of a later release.
 */
export async function readImageModelFile(bytes: Uint8Array): Promise<ImageModelFile> {
  const metadata = readOrCorrupt(() => readMetadata(bytes));
  const text = metadata[manifestKey];
  if (text === undefined) {
    throw new UnlikelyError('model/foreign', 'expected a model of images, got another file', {
      help: 'Give the file of a model that was trained on images.',
    });
  }
  if (!(await isSealed(bytes, metadata))) throw corrupt('its checksum does not fit its contents');
  const manifest = readOrCorrupt(() => JSON.parse(text) as ImageManifest);
  if (manifest.formatVersion > imageFormatVersion) {
    throw new UnlikelyError(
      'model/too-new',
      `expected a model file of version ${imageFormatVersion}, got version ${manifest.formatVersion}, written by release ${manifest.version}`,
      { help: 'Update Unlikely to read this model.' },
    );
  }
  return readOrCorrupt(() => {
    const { graph } = readModel(bytes);
    const core = imageCore(manifest.settings, manifest.scales, manifest.configuration);
    const constants = nodesOf(graph)
      .filter((node) => node.kind === 'constant')
      .map((node) => (node as Node<'constant'>).parameters);
    const named = (name: string) => constants.find((constant) => constant.name === name);
    const theta = named('theta')?.data;
    if (!(theta instanceof Float32Array) || theta.length !== core.parameterCount) {
      throw corrupt(
        `theta should hold ${core.parameterCount} numbers, got ${theta?.length ?? 'none'}`,
      );
    }
    const stored = metadata['unlikely.codes'];
    const storedCodes = stored === undefined ? undefined : readCodes(stored, core.shape.latentSize);
    const storedImages = readStoredImages(named(storedImagesName), manifest.settings);
    return { manifest, networks: { core, theta, storedCodes, storedImages } };
  });
}

function readStoredImages(
  constant: { readonly data: TensorData; readonly shape: readonly number[] } | undefined,
  settings: ImageSettings,
): StoredImages | undefined {
  if (constant === undefined) return undefined;
  const { data, shape } = constant;
  const block = storedBlock(settings);
  const size = pixelsOf(settings) / block ** 2;
  if (data instanceof Uint8Array && shape.length === 2 && shape[1] === size) {
    return { count: shape[0]!, block, data };
  }
  throw corrupt(`stored images should have ${size} numbers each, got ${shape.at(-1) ?? 'none'}`);
}

function readCodes(text: string, latentSize: number) {
  const { count, weights, offsets } = JSON.parse(text) as {
    readonly count: number;
    readonly weights: string;
    readonly offsets: string;
  };
  const codes = { count, weights: decodeFloats(weights), offsets: decodeFloats(offsets) };
  if (codes.offsets.length !== count || codes.weights.length !== 2 * latentSize * count) {
    throw corrupt(`it should hold ${count} codes of ${latentSize} numbers`);
  }
  return codes;
}

/** Little-endian base64. */
function encodeFloats(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function decodeFloats(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}

function readOrCorrupt<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof UnlikelyError && cause.code.startsWith('model/')) throw cause;
    throw corrupt(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function corrupt(reason: string, cause?: unknown): UnlikelyError {
  return new UnlikelyError(
    'model/corrupt',
    `expected a whole model file, got a damaged one: ${reason}`,
    {
      help: 'The file is damaged or was cut short; copy it again from its source or train again.',
      cause,
    },
  );
}

import type { Graph, UnlikelyError } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import { checkCommonParts } from './check-parts.ts';
import type { Constants } from './check-parts.ts';
import { writeSealedModel } from '../bytes/checksum.ts';
import { formerImageKey, manifestKey } from './kind-of.ts';
import { formatVersion, kinds } from './manifest.ts';
import type { CommonManifest, Kind } from './manifest.ts';
import { checked, checkFormatVersion, openSealedFile, readOrCorrupt } from './sealed-file.ts';
import type { Validator } from './validation.ts';

/** How a model of one kind becomes a file and comes back. */
export interface ModelFormat<Stored extends CommonManifest, Model> {
  readonly kind: Kind;
  /** Everything that its manifest in the file may be. */
  readonly validator: Validator<Stored>;
  /**
   * A manifest of format 1 as one of today's, without its kind and version.
   *
   * @param entry Further JSON of the metadata, undefined where there is none.
   */
  upgrade(former: object, entry: (key: string) => unknown): object;
  /** What the parts of a valid manifest have to do with each other. Throws `model/corrupt`. */
  check(manifest: Stored): void;
  /** The model of a manifest that was checked and the named constants of the graph. Throws `model/corrupt`. */
  read(manifest: Stored, constants: Constants): Model;
  /** The program that scores, whose named constants are the networks. */
  graph(model: Model): Graph;
  manifest(model: Model): Stored;
}

/** The bytes of the `.onnx` file: the scoring program with the manifest in its metadata. */
export function writeModelFile<Stored extends CommonManifest, Model>(
  format: ModelFormat<Stored, Model>,
  model: Model,
): Promise<Uint8Array> {
  // The kind comes first, where `kindOf` looks for it.
  const { kind, ...rest } = format.manifest(model);
  const manifest = JSON.stringify({ kind, ...rest });
  return writeSealedModel(format.graph(model), { [manifestKey]: manifest });
}

/**
 * Reads a model file. Nothing of it is executed, and its graph is not built: the program is made anew
 * from the manifest and the named constants.
 *
 * @throws UnlikelyError `model/foreign` for another ONNX file or a model of another kind,
 *   `model/corrupt` where the checksum, a size, an operator or a value of the manifest is wrong,
 *   `model/too-new` for a file of a later release.
 */
export async function readModelFile<Stored extends CommonManifest, Model>(
  format: ModelFormat<Stored, Model>,
  bytes: Uint8Array,
): Promise<Model> {
  if (!(bytes instanceof Uint8Array)) {
    throw detectError('detect/input', `expected the bytes of a model file, got ${typeof bytes}`, {
      help: '`load` takes a path.',
    });
  }
  const { kind } = format;
  const foreign = (came: string): UnlikelyError =>
    detectError('model/foreign', `expected a model of ${kind}s, got ${came}`, {
      help: `Give the file that \`unlikely train -o\` wrote of ${kind}s.`,
    });
  const file = await openSealedFile(bytes, [manifestKey, formerImageKey], () =>
    foreign('another ONNX file'),
  );
  const isFormerImage = !file.has(manifestKey);
  const found = file.json(isFormerImage ? formerImageKey : manifestKey);
  const version = checkFormatVersion(found, formatVersion);
  const { kind: given, ...former } = found as { readonly kind?: unknown };
  const own = version > 1 ? given : isFormerImage ? 'image' : 'table';
  const others = kinds.filter((each) => each !== kind) as unknown[];
  if (others.includes(own)) throw foreign(`one of ${own as Kind}s`);
  const current =
    version > 1
      ? found
      : readOrCorrupt(() => ({
          ...format.upgrade(former, (key) => (file.has(key) ? file.json(key) : undefined)),
          kind,
          formatVersion,
        }));
  const manifest = checked(format.validator, current, 'manifest');
  checkCommonParts(manifest);
  format.check(manifest);
  return format.read(manifest, file.constants());
}

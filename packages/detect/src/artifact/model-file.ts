import type { StoredConstant, UnlikelyError } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import { modelCore } from '../model-core.ts';
import type { ModelCore } from '../model-core.ts';
import type { StoredCodes } from '../score/score-parts.ts';
import { evidenceKinds, storedRowCount } from '../score/evidence.ts';
import type { Evidence } from '../score/evidence.ts';
import { numberCount } from '../column/feature.ts';
import { rootSize } from '../score/robust-distance.ts';
import type { TrainedNetworks } from '../score/trained-networks.ts';
import { needsCodes, weighsEvidence } from '../score/score-kind.ts';
import { scoringProgram } from '../score/scoring-program.ts';
import { checkManifest, requireFinite } from './check-manifest.ts';
import { writeSealedModel } from './checksum.ts';
import { formatVersion } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { manifestValidator } from './manifest-validator.ts';
import {
  checked,
  checkFormatVersion,
  corrupt,
  openSealedFile,
  readOrCorrupt,
} from './sealed-file.ts';

export const manifestKey = 'unlikely.manifest';

/** What a model file holds: the networks are the named constants of its scoring program. */
export interface ModelFile {
  readonly manifest: Manifest;
  readonly networks: TrainedNetworks;
  /** Contribution of a missing value, for each field. */
  readonly neutral: Float32Array;
}

/** The bytes of the `.onnx` file: the scoring program with the manifest in its metadata. */
export function writeModelFile({ manifest, networks, neutral }: ModelFile): Promise<Uint8Array> {
  const graph = scoringProgram({ ...networks, neutral });
  return writeSealedModel(graph, { [manifestKey]: JSON.stringify(manifest) });
}

/**
 * Reads a model file. Nothing of it is executed, and its graph is not built: the program is made anew
 * from the manifest and the named constants.
 *
 * @throws UnlikelyError `model/foreign` for another ONNX file, `model/corrupt` where the checksum,
 *   a size, an operator or a value of the manifest is wrong, `model/too-new` for a file of a later
 *   release.
 */
export async function readModelFile(bytes: Uint8Array): Promise<ModelFile> {
  const file = await openSealedFile(bytes, manifestKey, foreign);
  const found = file.json(manifestKey);
  checkFormatVersion(found, formatVersion);
  const manifest = checked(manifestValidator, found, 'manifest');
  checkManifest(manifest);
  const core = readOrCorrupt(() =>
    modelCore(manifest.schema.fields, manifest.features, manifest.configuration),
  );
  const constants = file.constants();
  const theta = numbers(constants, 'theta', core.parameterCount);
  const storedCodes = readCodes(constants, core);
  if (weighsEvidence(core.configuration.score)) {
    const evidence = readEvidence(constants, core);
    const neutral = new Float32Array(core.fields.length);
    return { manifest, networks: { core, theta, storedCodes, evidence }, neutral };
  }
  const neutral = numbers(constants, 'neutral', core.fields.length);
  return { manifest, networks: { core, theta, storedCodes }, neutral };
}

function foreign(): UnlikelyError {
  return detectError('model/foreign', 'expected a model of Unlikely, got another ONNX file', {
    help: 'Give the file that `unlikely train -o` wrote.',
  });
}

function readCodes(constants: Constants, core: ModelCore): StoredCodes | undefined {
  const { configuration, shape } = core;
  if (!needsCodes[configuration.score]) return undefined;
  const count = constants.get('code_weights')?.shape.at(-1) ?? 0;
  if (count < 1 || count > configuration.codes) {
    throw corrupt(`code_weights should hold 1 to ${configuration.codes} codes, got ${count}`);
  }
  const weights = numbers(constants, 'code_weights', shape.members * 2 * shape.latentSize * count);
  const offsets = numbers(constants, 'code_offsets', shape.members * count);
  return { count, weights, offsets };
}

function readEvidence(constants: Constants, core: ModelCore): Evidence {
  const width = core.features.length;
  const most = storedRowCount(core.configuration, width);
  const count = (constants.get('stored_rows')?.data.length ?? 0) / width;
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw corrupt(`stored_rows should hold 1 to ${most} rows of ${width} numbers`);
  }
  const data = numbers(constants, 'stored_rows', count * width);
  const range = numbers(constants, 'evidence_range', 2 * evidenceKinds.length);
  if (range.subarray(evidenceKinds.length).some((size) => size <= 0)) {
    throw corrupt('evidence_range should hold ranges above 0');
  }
  const usual = numbers(constants, 'usual_evidence', 2 * core.fields.length);
  const evidence = { storedRows: { count, data }, scale: { range, usual } };
  if (core.configuration.score !== 'robust') return evidence;
  const dimensions = numberCount(core.features);
  if (dimensions === 0) return evidence;
  const mean = numbers(constants, 'robust_mean', dimensions);
  const root = numbers(constants, 'robust_root', rootSize(dimensions));
  return { ...evidence, gaussian: { mean, root } };
}

type Constants = ReadonlyMap<string, StoredConstant>;

/** @throws UnlikelyError `model/corrupt` where they are not so many finite numbers. */
function numbers(constants: Constants, name: string, size: number): Float32Array {
  const data = constants.get(name)?.data;
  if (!(data instanceof Float32Array) || data.length !== size) {
    throw corrupt(`${name} should hold ${size} numbers, got ${data?.length ?? 'none'}`);
  }
  requireFinite(data, name);
  return data;
}

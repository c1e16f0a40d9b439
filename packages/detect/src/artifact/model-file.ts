import { nodesOf, readMetadata, readModel, UnlikelyError } from '@unlikely/graph';
import type { Graph, Node } from '@unlikely/graph';
import { modelCore } from '../model-core.ts';
import type { ModelCore } from '../model-core.ts';
import type { StoredCodes } from '../score/score-parts.ts';
import { evidenceKinds } from '../score/evidence.ts';
import type { Evidence } from '../score/evidence.ts';
import { numberCount } from '../column/feature.ts';
import { rootSize } from '../score/robust-distance.ts';
import type { TrainedNetworks } from '../score/trained-networks.ts';
import { weighsEvidence } from '../score/score-kind.ts';
import { scoringProgram } from '../score/scoring-program.ts';
import { isSealed, writeSealedModel } from './checksum.ts';
import { formatVersion } from './manifest.ts';
import type { Manifest } from './manifest.ts';

const manifestKey = 'unlikely.manifest';

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
 * Reads a model file. Nothing of it is executed.
 *
 * @throws UnlikelyError `model/foreign` for another ONNX file, `model/corrupt` where the checksum,
 *   a size or an operator is wrong, `model/too-new` for a file of a later release.
 */
export async function readModelFile(bytes: Uint8Array): Promise<ModelFile> {
  const metadata = readOrCorrupt(() => readMetadata(bytes));
  const text = metadata[manifestKey];
  if (text === undefined) {
    throw new UnlikelyError(
      'model/foreign',
      'expected a model of Unlikely, got another ONNX file',
      {
        help: 'Give the file that `unlikely train -o` wrote.',
      },
    );
  }
  if (!(await isSealed(bytes, metadata))) throw corrupt('its checksum does not fit its contents');
  const manifest = readOrCorrupt(() => readManifest(text));
  if (manifest.formatVersion > formatVersion) {
    throw new UnlikelyError(
      'model/too-new',
      `expected a model file of version ${formatVersion}, got version ${manifest.formatVersion}, written by release ${manifest.version}`,
      { help: 'Update Unlikely to read this model.' },
    );
  }
  return readOrCorrupt(() => {
    const { graph } = readModel(bytes);
    const core = modelCore(manifest.schema.fields, manifest.features, manifest.configuration);
    const constants = namedConstants(graph);
    const theta = sized(constants, 'theta', core.parameterCount);
    const storedCodes = readCodes(constants);
    if (weighsEvidence(core.configuration.score)) {
      const evidence = readEvidence(constants, core);
      const neutral = new Float32Array(core.fields.length);
      return { manifest, networks: { core, theta, storedCodes, evidence }, neutral };
    }
    const neutral = sized(constants, 'neutral', core.fields.length);
    return { manifest, networks: { core, theta, storedCodes }, neutral };
  });
}

function readManifest(text: string): Manifest {
  const manifest = JSON.parse(text) as Partial<Manifest> | null;
  if (typeof manifest?.formatVersion !== 'number') throw corrupt('its manifest has no version');
  return manifest as Manifest;
}

function readCodes(constants: ReadonlyMap<string, Constant>): StoredCodes | undefined {
  const weights = constants.get('code_weights');
  const offsets = constants.get('code_offsets');
  if (weights === undefined || offsets === undefined) return undefined;
  return { count: weights.shape.at(-1)!, weights: weights.data, offsets: offsets.data };
}

function readEvidence(constants: ReadonlyMap<string, Constant>, core: ModelCore): Evidence {
  const data = constants.get('stored_rows')?.data ?? new Float32Array(0);
  const count = data.length / core.features.length;
  if (!Number.isInteger(count) || count === 0) throw corrupt('its stored rows do not fit');
  const range = sized(constants, 'evidence_range', 2 * evidenceKinds.length);
  const usual = sized(constants, 'usual_evidence', 2 * core.fields.length);
  const evidence = { storedRows: { count, data }, scale: { range, usual } };
  if (core.configuration.score !== 'robust') return evidence;
  const numbers = numberCount(core.features);
  if (numbers === 0) return evidence;
  const mean = sized(constants, 'robust_mean', numbers);
  const root = sized(constants, 'robust_root', rootSize(numbers));
  return { ...evidence, gaussian: { mean, root } };
}

interface Constant {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

function namedConstants(graph: Graph): Map<string, Constant> {
  const constants = new Map<string, Constant>();
  for (const node of nodesOf(graph)) {
    if (node.kind !== 'constant') continue;
    const { name, data, shape } = (node as Node<'constant'>).parameters;
    if (name !== undefined && data instanceof Float32Array) constants.set(name, { data, shape });
  }
  return constants;
}

function sized(constants: ReadonlyMap<string, Constant>, name: string, size: number): Float32Array {
  const data = constants.get(name)?.data;
  if (data?.length === size) return data;
  throw corrupt(`${name} should hold ${size} numbers, got ${data?.length ?? 'none'}`);
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

import { numberCount } from '../column/feature.ts';
import { modelCore } from '../core.ts';
import type { ModelCore } from '../core.ts';
import { evidenceKinds, storedRowCount } from '../score/evidence.ts';
import type { Evidence } from '../score/evidence.ts';
import { rootSize } from '../score/robust-distance.ts';
import { needsCodes, weighsEvidence } from '../score-kind.ts';
import type { StoredCodes } from '../../../score/aggregate-posterior.ts';
import { scoringProgram } from '../score/scoring-program.ts';
import type { ModelFile } from '../model.ts';
import { checkManifest } from './check-manifest.ts';
import { storedNumbers } from '../../../artifact/check-parts.ts';
import type { Constants } from '../../../artifact/check-parts.ts';
import type { Manifest } from '../manifest.ts';
import { manifestValidator } from './manifest-validator.ts';
import type { ModelFormat } from '../../../artifact/model-file.ts';
import { corrupt, readOrCorrupt } from '../../../artifact/sealed-file.ts';

export const tableFormat: ModelFormat<Manifest, ModelFile> = {
  kind: 'table',
  validator: manifestValidator,
  upgrade: (former) => former,
  check: checkManifest,
  read: (manifest, constants) => {
    const core = readOrCorrupt(() =>
      modelCore(manifest.schema.fields, manifest.features, manifest.configuration),
    );
    const theta = storedNumbers(constants, 'theta', core.parameterCount);
    const storedCodes = readCodes(constants, core);
    if (weighsEvidence(core.configuration.score)) {
      const evidence = readEvidence(constants, core);
      const neutral = new Float32Array(core.fields.length);
      return { manifest, networks: { core, theta, storedCodes, evidence }, neutral };
    }
    const neutral = storedNumbers(constants, 'neutral', core.fields.length);
    return { manifest, networks: { core, theta, storedCodes }, neutral };
  },
  graph: ({ networks, neutral }) => scoringProgram({ ...networks, neutral }),
  manifest: ({ manifest }) => manifest,
};

function readCodes(constants: Constants, core: ModelCore): StoredCodes | undefined {
  const { configuration, shape } = core;
  if (!needsCodes[configuration.score]) return undefined;
  const count = constants.get('code_weights')?.shape.at(-1) ?? 0;
  if (count < 1 || count > configuration.codes) {
    throw corrupt(`code_weights should hold 1 to ${configuration.codes} codes, got ${count}`);
  }
  const weights = storedNumbers(
    constants,
    'code_weights',
    shape.members * 2 * shape.latentSize * count,
  );
  const offsets = storedNumbers(constants, 'code_offsets', shape.members * count);
  return { count, weights, offsets };
}

function readEvidence(constants: Constants, core: ModelCore): Evidence {
  const width = core.features.length;
  const most = storedRowCount(core.configuration, width);
  const count = (constants.get('stored_rows')?.data.length ?? 0) / width;
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw corrupt(`stored_rows should hold 1 to ${most} rows of ${width} numbers`);
  }
  const data = storedNumbers(constants, 'stored_rows', count * width);
  const range = storedNumbers(constants, 'evidence_range', 2 * evidenceKinds.length);
  if (range.subarray(evidenceKinds.length).some((size) => size <= 0)) {
    throw corrupt('evidence_range should hold ranges above 0');
  }
  const usual = storedNumbers(constants, 'usual_evidence', 2 * core.fields.length);
  const evidence = { storedRows: { count, data }, scale: { range, usual } };
  if (core.configuration.score !== 'robust') return evidence;
  const dimensions = numberCount(core.features);
  if (dimensions === 0) return evidence;
  const mean = storedNumbers(constants, 'robust_mean', dimensions);
  const root = storedNumbers(constants, 'robust_root', rootSize(dimensions));
  return { ...evidence, gaussian: { mean, root } };
}

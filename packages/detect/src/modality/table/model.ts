import type { Manifest } from './manifest.ts';
import type { TrainedNetworks } from './score/trained-networks.ts';

/** A model of tables: the networks are the named constants of its scoring program. */
export interface ModelFile {
  readonly manifest: Manifest;
  readonly networks: TrainedNetworks;
  /** Contribution of a missing value, for each field. */
  readonly neutral: Float32Array;
}

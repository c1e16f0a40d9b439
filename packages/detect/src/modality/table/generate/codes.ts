import type { RandomStream } from '@unlikely/graph';
import type { ModelFile } from '../model.ts';
import type { EncodedRows } from '../column/feature.ts';
import type { Codec } from '../../../latent/latent.ts';
import { readPosterior } from '../../../latent/stored-posterior.ts';
import type { PosteriorCodes } from '../../../latent/stored-posterior.ts';
import type { Matrix } from '../../../matrix.ts';
import { encodingProgram } from '../encode/encoding-program.ts';
import type { ModelScorer } from '../scorer.ts';
import { tableBlockRows } from '../../../score/block-rows.ts';
import { Blocks } from '../../../score/blocks.ts';
import { fastForm } from '../score/trained-networks.ts';
import type { TrainedNetworks } from '../score/trained-networks.ts';
import { decodingProgram } from './decoding-program.ts';
import { drawRows } from './draw-rows.ts';

/**
 * The way between encoded rows and codes, by the first member of the ensemble: the codes of another member
 * mean something else. Of a field with categories the decoded one is the most probable.
 */
export class RowCodes implements Codec<EncodedRows> {
  readonly noun = 'rows';
  readonly #networks: TrainedNetworks;
  readonly #model: ModelFile;
  readonly #scorer: ModelScorer;

  constructor(model: ModelFile, scorer: ModelScorer) {
    this.#model = model;
    this.#networks = fastForm(model.networks);
    this.#scorer = scorer;
  }

  get size(): number {
    return this.#networks.core.shape.latentSize;
  }

  async encode({ data, rows }: EncodedRows, signal?: AbortSignal): Promise<Matrix> {
    const { core, theta } = this.#networks;
    const encoder = await this.#scorer.programs.open('latent-encoder', (runtime) =>
      Blocks.open(
        {
          program: encodingProgram(core, theta),
          outputs: ['mean'],
          blockRows: tableBlockRows(core.features.length),
        },
        runtime,
      ),
    );
    const { mean } = await encoder.run({ rows: data }, rows, signal);
    return { data: mean, rows, columns: this.size };
  }

  async decode(codes: Matrix, signal?: AbortSignal): Promise<EncodedRows> {
    const { expected } = await this.#decoded(codes, signal);
    return { data: expected, rows: codes.rows };
  }

  /** Finite codes → rows drawn from the decoder's distribution. */
  async draw(codes: Matrix, stream: RandomStream, signal?: AbortSignal): Promise<EncodedRows> {
    const moments = await this.#decoded(codes, signal);
    return drawRows(this.#networks.core, moments, codes.rows, stream);
  }

  posterior(): PosteriorCodes {
    const { posterior, configuration } = this.#model.manifest;
    return readPosterior(posterior, this.size, configuration.model === 'variational');
  }

  async #decoded(codes: Matrix, signal?: AbortSignal) {
    const { core } = this.#networks;
    const decoder = await this.#scorer.programs.open('latent-decoder', (runtime) =>
      Blocks.open(
        {
          program: decodingProgram(this.#networks),
          outputs: ['expected', 'mean', 'variance'],
          blockRows: tableBlockRows(core.shape.outputs),
        },
        runtime,
      ),
    );
    return decoder.run({ rows: Float64Array.from(codes.data) }, codes.rows, signal);
  }
}

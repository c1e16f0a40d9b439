import type { RandomStream } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import type { ModelFile } from '../artifact/model-file.ts';
import type { EncodedRows } from '../column/feature.ts';
import type { Matrix } from '../matrix.ts';
import { encodeMatrix } from '../matrix-schema.ts';
import { encodingProgram } from '../score/encoding-program.ts';
import type { ModelScorer } from '../score/model-scorer.ts';
import { tableBlockRows } from '../score/block-rows.ts';
import { Blocks } from '../score/blocks.ts';
import { fastForm } from '../score/trained-networks.ts';
import type { TrainedNetworks } from '../score/trained-networks.ts';
import { decodingProgram } from './decoding-program.ts';
import { drawRows } from './draw-rows.ts';

/**
 * The way between rows and codes, by the first member of the ensemble: the codes of another member
 * mean something else. A row gets the same bits whatever comes with it.
 */
export class LatentSpace {
  readonly #networks: TrainedNetworks;
  readonly #scorer: ModelScorer;

  constructor({ networks }: ModelFile, scorer: ModelScorer) {
    this.#networks = fastForm(networks);
    this.#scorer = scorer;
  }

  /** Numbers in a code. */
  get size(): number {
    return this.#networks.core.shape.latentSize;
  }

  /** Encoded rows → their mean codes, [rows, size]. */
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

  /**
   * Codes → the mean of what the decoder makes of them, as encoded rows; of a field with categories
   * the most probable one.
   *
   * @throws UnlikelyError `detect/input` for codes of another size or without numbers.
   */
  async decode(codes: Matrix, signal?: AbortSignal): Promise<EncodedRows> {
    const { expected } = await this.#decoded(codes, signal);
    return { data: expected, rows: codes.rows };
  }

  /** Codes → rows drawn from the decoder's distribution. Throws as `decode` does. */
  async draw(codes: Matrix, stream: RandomStream, signal?: AbortSignal): Promise<EncodedRows> {
    const moments = await this.#decoded(codes, signal);
    return drawRows(this.#networks.core, moments, codes.rows, stream);
  }

  async #decoded(codes: Matrix, signal?: AbortSignal) {
    const { data, rows } = this.checkCodes(codes);
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
    return decoder.run({ rows: data }, rows, signal);
  }

  /** @throws UnlikelyError `detect/input` for codes of another size or without numbers. */
  checkCodes(codes: Matrix): EncodedRows {
    const checked = encodeMatrix(codes, this.size);
    if (!checked.data.some(Number.isNaN)) return checked;
    throw detectError('detect/input', 'expected codes of finite numbers, got NaN', {
      help: 'Only rows may have missing values, codes may not.',
    });
  }
}

import { decodeDoubles } from '../bytes/base64.ts';
import { detectError } from '../detect-error.ts';
import { ConformalCalibration } from './conformal-calibration.ts';

/** The calibrations of a model and of its fast form, decoded when they are first asked for. */
export class FormCalibrations {
  readonly #stored: { readonly full: string; readonly fast?: string };
  readonly #known = new Map<'full' | 'fast', ConformalCalibration>();

  /** @param stored Ascending scores as base64 of doubles; without `fast` there is one form. */
  constructor(stored: { readonly full: string; readonly fast?: string }) {
    this.#stored = stored;
  }

  /** @throws UnlikelyError `detect/uncalibrated` for a model that kept nothing to calibrate with. */
  of(fast = false): ConformalCalibration {
    const form = fast && this.#stored.fast !== undefined ? 'fast' : 'full';
    const known = this.#known.get(form);
    if (known !== undefined) return known;
    const scores = decodeDoubles(this.#stored[form] ?? '');
    if (scores.length === 0) {
      throw detectError('detect/uncalibrated', 'this model has no calibration', {
        help: 'Train with `calibrationShare` above 0, or flag by `--threshold` or `--alerts`.',
      });
    }
    const calibration = new ConformalCalibration(scores);
    this.#known.set(form, calibration);
    return calibration;
  }
}

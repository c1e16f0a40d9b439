import type { Field, Schema } from '@unlikely/data/source';
import type { LabelSummary } from '../normal-labels.ts';
import type { TrainingProgress } from './fold-steps.ts';

/** What a training reports while it runs. */
export type TrainingEvent =
  | { readonly kind: 'schema'; readonly schema: Schema; readonly fields: readonly Field[] }
  /** What a label says of the rows. */
  | ({ readonly kind: 'label' } & LabelSummary)
  | {
      readonly kind: 'phase';
      readonly phase:
        'reading' | 'training' | 'codes' | 'choosing' | 'calibrating' | 'health' | 'suspects';
    }
  /** Images that have been decoded, before the training starts. */
  | { readonly kind: 'reading'; readonly done: number; readonly total: number }
  | ({ readonly kind: 'progress'; readonly seconds: number } & TrainingProgress)
  | {
      readonly kind: 'warning';
      readonly code: string;
      readonly message: string;
      readonly help: string;
    }
  | { readonly kind: 'checkpoint'; readonly path: string; readonly step: number };

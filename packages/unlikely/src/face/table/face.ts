import { tableWords } from '@unlikely/detect';
import type { Face } from '../face.ts';
import { requireOneAmount } from './make.ts';
import { refuseNormalAlone, requireLabel } from './label-options.ts';
import { openTableModel } from './open.ts';
import { trainOnTable } from './train.ts';

/** Tables: rows of a file or a pipe. */
export const tableFace: Face = {
  kind: 'table',
  words: tableWords,
  input: 'a table',
  inputHelp: 'Give a table, or a model that was trained on what it is.',
  pictures: ['latent', 'loss', 'histogram', 'interpolation'],
  checks: {
    evaluate: requireLabel,
    report: refuseNormalAlone,
    transfer: requireOneAmount,
  },
  train: trainOnTable,
  open: openTableModel,
};

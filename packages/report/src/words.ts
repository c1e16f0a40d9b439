/** Figures in words, for pages and terminals alike; nothing that draws is loaded for them. */
export {
  formatCount,
  formatNumber,
  formatRatio,
  formatRows,
  formatScore,
  formatShare,
} from './format.ts';
export { evaluationNotes, isMeasured, leftOutRows, unmeasuredReason } from './evaluation-words.ts';
export { kindWords, sensitivity } from './power-words.ts';
export { enumerate, formatItems } from './wording.ts';

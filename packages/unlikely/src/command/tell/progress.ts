import type { Words } from '@unlikely/detect';
import { formatCount, formatItems } from '@unlikely/report/words';
import { labelled } from './labelled.ts';
import type { Canvas, Terminal } from '../run/terminal.ts';
import { formatSeconds } from './units.ts';

const barWidth = 28;
/** Where lines cannot be written over, one comes after so many seconds and not before. */
const quietSeconds = 5;

/** A bar that is full at 1. */
export function progressBar({ paint }: Canvas, share: number): string {
  const filled = Math.round(Math.min(1, share) * barWidth);
  return paint.cyan('━'.repeat(filled)) + paint.dim('─'.repeat(barWidth - filled));
}

/**
 * Shows how much of something is done: a bar with the time left on a terminal; elsewhere a line now and
 * then, so that a log of a short run stays short.
 */
export function progressOf(
  terminal: Terminal,
  {
    doing,
    total,
    words,
  }: { readonly doing: string; readonly total: number; readonly words: Words },
): (done: number) => void {
  const started = performance.now();
  let told = started;
  return (done) => {
    const now = performance.now();
    const share = total === 0 ? 1 : done / total;
    const counts = `${formatCount(done)} of ${formatItems(total, words)}`;
    const left = done === 0 ? '' : leftOf(((now - started) / 1000) * (1 / share - 1));
    const bar = progressBar(terminal, share);
    terminal.status(labelled(terminal, doing, `${bar}  ${counts}${terminal.paint.dim(left)}`));
    if (terminal.isInteractive || done >= total || now - told < quietSeconds * 1000) return;
    told = now;
    terminal.note(labelled(terminal, doing, counts));
  };
}

function leftOf(seconds: number): string {
  return seconds > 0.5 ? `   ${formatSeconds(seconds)} left` : '';
}

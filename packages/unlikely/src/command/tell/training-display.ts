import type { TrainingEvent, Words } from '@unlikely/detect';
import { formatCount, formatNumber } from '@unlikely/report/words';
import { labelLine } from './label-line.ts';
import { labelled } from './labelled.ts';
import { progressBar, progressOf } from './progress.ts';
import type { Terminal } from '../run/terminal.ts';
import { formatSeconds } from './units.ts';
import { warn } from './warn.ts';

type Progress = Extract<TrainingEvent, { kind: 'progress' }>;

/** Shows a training as it goes: a bar on a terminal, a line for each tenth elsewhere. */
export function trainingDisplay(terminal: Terminal, words: Words): (event: TrainingEvent) => void {
  const { paint } = terminal;
  let first: Progress | undefined;
  let tenth = 0;
  let reading: ((done: number) => void) | undefined;
  const phases: Record<Extract<TrainingEvent, { kind: 'phase' }>['phase'], string> = {
    reading: 'reading the rows',
    training: 'starting the engine',
    codes: 'storing the codes of typical rows',
    choosing: 'choosing a score by injected anomalies',
    calibrating: 'calibrating on rows that the networks did not see',
    health: 'checking the health of the model',
    suspects: 'looking for rows that stand out',
  };

  const showProgress = (progress: Progress): void => {
    first ??= progress;
    const { step, steps, loss, kl, seconds } = progress;
    const done = step / steps;
    const passed = step - first.step;
    const left = passed === 0 ? undefined : ((seconds - first.seconds) * (steps - step)) / passed;
    const figures = `step ${formatCount(step)} of ${formatCount(steps)}   loss ${formatNumber(loss)}   KL ${formatNumber(kl)}`;
    const bar = progressBar(terminal, done);
    const rest = left === undefined ? '' : paint.dim(`   ${formatSeconds(left)} left`);
    terminal.status(labelled(terminal, 'training', `${bar}  ${figures}${rest}`));
    if (!terminal.isInteractive && Math.floor(done * 10) > tenth) {
      tenth = Math.floor(done * 10);
      terminal.note(labelled(terminal, 'training', figures));
    }
  };

  return (event) => {
    switch (event.kind) {
      case 'schema':
        // Told by those who know what a column is.
        break;
      case 'label':
        terminal.note(labelLine(event, terminal, words));
        break;
      case 'phase':
        terminal.status(labelled(terminal, event.phase, paint.dim(phases[event.phase])));
        break;
      case 'reading':
        reading ??= progressOf(terminal, {
          doing: 'reading',
          total: event.total,
          words,
        });
        reading(event.done);
        break;
      case 'progress':
        showProgress(event);
        break;
      case 'warning':
        // The health of the model is told at the end, with the model.
        if (!event.code.startsWith('health/')) warn(terminal)(event.message, event.help);
        break;
      case 'checkpoint':
        break;
      default:
        event satisfies never;
    }
  };
}

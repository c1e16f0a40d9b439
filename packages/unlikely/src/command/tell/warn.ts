import { labelled } from './labelled.ts';
import type { Terminal } from '../run/terminal.ts';

/** Prints warnings. */
export function warn(terminal: Terminal): (message: string, help?: string) => void {
  const { note, paint } = terminal;
  return (message, help) => {
    note(paint.yellow('warning     ') + message);
    if (help !== undefined) note(labelled(terminal, '', help));
  };
}

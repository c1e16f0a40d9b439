import type { Canvas } from '../run/terminal.ts';

const width = 12;

/** `reading     4,000 rows`: a dim word and what there is to say of it, one below the other. */
export function labelled(canvas: Canvas, label: string, text: string): string {
  return `${canvas.paint.dim(label.padEnd(width))}${text}`;
}

/** A line that goes on from the one above. */
export function continued(text: string): string {
  return ' '.repeat(width) + text;
}

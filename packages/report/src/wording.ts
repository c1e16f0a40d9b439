import type { ReportData } from './report-data.ts';

/** What is scored, as a word. */
export type Noun = 'row' | 'image';

/** What a report is about. */
export function nounOf({ gallery }: Pick<ReportData, 'gallery'>): Noun {
  return gallery === undefined ? 'row' : 'image';
}

/** The unit of scores with what follows it; a score of images is a sum of figures without one. */
export function unitOf({ gallery }: Pick<ReportData, 'gallery'>, end: string = ''): string {
  return gallery === undefined ? `nats${end}` : '';
}

/** `a row`, `an image` */
export function perNoun(noun: Noun): string {
  return noun === 'image' ? 'an image' : 'a row';
}

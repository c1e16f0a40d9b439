import type { ReportData } from './report-data.ts';

/** What is scored, as a word. */
export function nounOf({ gallery }: Pick<ReportData, 'gallery'>): 'row' | 'image' {
  return gallery === undefined ? 'row' : 'image';
}

/** The unit of scores with what follows it; a score of images is a sum of figures without one. */
export function unitOf({ gallery }: Pick<ReportData, 'gallery'>, end: string = ''): string {
  return gallery === undefined ? `nats${end}` : '';
}

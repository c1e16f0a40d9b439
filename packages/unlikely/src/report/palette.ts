export type Ink =
  | 'page'
  | 'card'
  | 'ink'
  | 'muted'
  | 'line'
  | 'normal'
  | 'anomaly'
  | 'good'
  | 'level0'
  | 'level1'
  | 'level2'
  | 'level3';

/** The colours of the page. A drawing names them, so that one drawing serves light and dark. */
export const palette: Readonly<Record<Ink, readonly [light: string, dark: string]>> = {
  page: ['#faf9f7', '#141619'],
  card: ['#ffffff', '#1c1f24'],
  ink: ['#1f2226', '#e9e6e1'],
  muted: ['#5c6169', '#a6abb3'],
  line: ['#e3e0da', '#31363d'],
  normal: ['#2f6699', '#7db3e8'],
  anomaly: ['#b93f0c', '#ff8f57'],
  good: ['#2b6e3f', '#7cc68e'],
  level0: ['#c3d3e3', '#2c4259'],
  level1: ['#86a9cb', '#3f648a'],
  level2: ['#4b7fb0', '#5f95c9'],
  level3: ['#1f4a73', '#a9d2fa'],
};

/** A colour of the palette as CSS and SVG name it. */
export function colourOf(ink: Ink): string {
  return `var(--${ink})`;
}

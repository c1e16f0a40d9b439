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
  | 'level3'
  | ClassInk;

/** Colours that tell values apart which have no order, the most frequent first. */
export const classInks = [
  'class0',
  'class1',
  'class2',
  'class3',
  'class4',
  'class5',
  'class6',
  'class7',
  'class8',
  'class9',
] as const;
type ClassInk = (typeof classInks)[number];

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
  class0: ['#9db7d1', '#4d6a86'],
  class1: ['#d95f0e', '#ff8f57'],
  class2: ['#2b7a4b', '#6cc78c'],
  class3: ['#7b4fa3', '#bb93e0'],
  class4: ['#c23b6b', '#f07aa5'],
  class5: ['#c9a227', '#e3c85f'],
  class6: ['#17a2a2', '#5fd0d0'],
  class7: ['#7a4b2a', '#c08d66'],
  class8: ['#3f4fc0', '#93a0f5'],
  class9: ['#8fbf2f', '#c3e36b'],
};

/** The colours that a page names by `colourOf`, as they stand in a drawing on its own, on white. */
export function withLightColours(svg: string): string {
  return svg.replaceAll(/var\(--(\w+)\)/g, (_, ink: string) => palette[ink as Ink][0]);
}

/** A colour of the palette as CSS and SVG name it. */
export function colourOf(ink: Ink): string {
  return `var(--${ink})`;
}

/** A CSV of made rows: a circle with noise, a count and a category, so that columns belong together. */
export function madeCsv(rows: number, edit: (line: string, row: number) => string = keep): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const angle = (row * 137.5 * Math.PI) / 180;
    const values = [
      Math.cos(angle).toFixed(4),
      (Math.sin(angle) + 0.05 * Math.sin(row * 12.9898)).toFixed(4),
      row % 7,
      angle % 1 > 0.5 ? 'left' : 'right',
    ];
    return edit(values.join(','), row);
  });
  return ['x,y,count,side', ...lines, ''].join('\n');
}

const keep = (line: string): string => line;

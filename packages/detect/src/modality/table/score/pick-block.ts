type Numbers = Float32Array | Float64Array;

/** Some rows of what was found, all [rows] or [rows, fields]. */
export function pickBlock<Name extends string>(
  block: Readonly<Record<Name | 'score', Numbers>>,
  chosen: ArrayLike<number>,
): Readonly<Record<Name | 'score', Float64Array>> {
  const rows = block.score.length;
  const picked = Object.entries<Numbers>(block).map(([name, values]) => {
    const width = values.length / rows;
    const some = new Float64Array(chosen.length * width);
    for (let row = 0; row < chosen.length; row++) {
      const start = chosen[row]! * width;
      some.set(values.subarray(start, start + width), row * width);
    }
    return [name, some] as const;
  });
  return Object.fromEntries(picked) as Record<Name | 'score', Float64Array>;
}

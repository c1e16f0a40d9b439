/** The mean, added up in the order of the values; 0 of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum / Math.max(1, values.length);
}

/** Mean and standard deviation of the values themselves, not of what they are a sample of; 0 of none. */
export function moments(values: ArrayLike<number>): { mean: number; deviation: number } {
  const centre = mean(values);
  const squares = Float64Array.from(values, (value) => (value - centre) ** 2);
  return { mean: centre, deviation: Math.sqrt(mean(squares)) };
}

/** Linear between the two nearest of the ascending values. */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const place = share * (ascending.length - 1);
  const below = ascending[Math.floor(place)]!;
  return below + (place - Math.floor(place)) * (ascending[Math.ceil(place)]! - below);
}

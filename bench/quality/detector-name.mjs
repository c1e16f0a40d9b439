/**
 * `unlikely+score=aggregate-elbo+codes=2000` → the family and what is chosen after training. Names
 * without a plus are our defaults, or a baseline.
 */
export function parseDetector(name) {
  const [family, ...pairs] = name.split('+');
  const entries = pairs.map((pair) => pair.split('='));
  const choice = Object.fromEntries(
    entries.map(([key, value]) => [key, key === 'score' ? value : Number(value)]),
  );
  return { name, family, choice };
}

import type { Attribute } from '@unlikely/detect';
import { formatNumber } from '@unlikely/report/words';

/** What an attribute vector is, on one line. */
export function attributeLine(name: string, { vector, separation, condition }: Attribute): string {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0));
  const apart =
    separation === null
      ? ''
      : `, the two sets lie ${formatNumber(separation)} deviations apart along it`;
  const from = condition === undefined ? '' : `: ${condition.with} against ${condition.without}`;
  return `${name}${from}; length ${formatNumber(length)}${apart}`;
}

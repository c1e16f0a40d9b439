import { Detector, memoryTable } from 'unlikely/browser';

// A thousand orders as a page may have them: records in memory, which never leave it.
const orders = Array.from({ length: 1000 }, (_, row) => {
  const items = 1 + ((row * 7) % 5);
  const country = ['FR', 'DE', 'ES'][(row * 11) % 3];
  return { items, total: items * (20 + ((row * 13) % 7)), country };
});
const newOrders = [
  { items: 2, total: 44, country: 'FR' },
  { items: 2, total: 4400, country: 'FR' },
  { items: 4, total: 88, country: 'DE' },
];

/** Trains in a worker of this page, and shows how unlikely each new order is. */
export async function showUnlikely(platform) {
  const result = document.getElementById('result');
  try {
    const detector = await Detector.train(memoryTable(orders), { steps: 200 }, platform);
    const lines = [];
    for await (const { score, pValue } of detector.score(memoryTable(newOrders))) {
      newOrders.forEach((order, row) =>
        lines.push(
          `${JSON.stringify(order)}: score ${score[row].toFixed(2)}, p-value ${pValue[row].toFixed(3)}`,
        ),
      );
    }
    await detector.dispose();
    result.textContent = lines.join('\n');
  } catch (error) {
    result.textContent = `${error.message}\n${error.help ?? ''}`;
  }
}

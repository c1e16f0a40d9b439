/** What the page of `browser.test.ts` executes; it sends what came out to the test. */
import { browserPlatform, Detector, UnlikelyError } from 'unlikely/browser';
import { scoresOf, trainAndScore } from './train-and-score.ts';

const good = { engine: '/engine.wasm', createWorker: () => module('/worker.js') };

async function send(result: unknown): Promise<void> {
  await fetch('/result', { method: 'POST', body: JSON.stringify(result) });
}

function module(path: string): Worker {
  return new Worker(path, { type: 'module' });
}

/** What is said where something is not served. */
async function failureOf(options: Parameters<typeof browserPlatform>[0]): Promise<unknown> {
  try {
    await browserPlatform({ ...good, ...options }).scoringRuntime();
    return 'no failure';
  } catch (error) {
    if (!(error instanceof UnlikelyError)) throw error;
    return { code: error.code, message: error.message };
  }
}

async function everything(): Promise<unknown> {
  const { model, scored } = await trainAndScore(browserPlatform(good));
  await using loaded = await Detector.fromBytes(model, browserPlatform({ ...good, threads: 3 }));
  return {
    model: Array.from(model),
    scored,
    loaded: await scoresOf(loaded),
    failures: {
      engine: await failureOf({ engine: '/absent.wasm' }),
      otherFile: await failureOf({ engine: '/page.js' }),
      worker: await failureOf({ createWorker: () => module('/absent.js') }),
    },
    unlikely: await import('unlikely').catch(({ code, help }: UnlikelyError) => ({ code, help })),
  };
}

async function little(): Promise<unknown> {
  const { scored } = await trainAndScore(browserPlatform(good), 5);
  return { count: scored.score.length };
}

try {
  const isLittle = document.documentElement.dataset['do'] === 'little';
  await send(isLittle ? await little() : await everything());
} catch (error) {
  await send({ error: error instanceof Error ? `${error.stack}` : String(error) });
}

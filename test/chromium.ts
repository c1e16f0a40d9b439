import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const mediaTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** The Chromium of this machine; undefined where there is none, and tests of browsers are skipped. */
export const chromium: string | undefined = names.find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** Errors that nothing catches, such as of a module that does not load, reach the test. */
const sendErrors = `<script>
  addEventListener('error', ({ message }) =>
    fetch('/result', { method: 'POST', body: JSON.stringify({ error: message }) }),
  );
</script>`;

/**
 * Serves a page and files on this machine, opens the page in headless Chromium, and gives what the page sends by
 * `fetch('/result', { method: 'POST', body: JSON.stringify(…) })`; rejects where that is `{ error }`.
 */
export async function resultOfPage<Result>(
  page: string,
  files: ReadonlyMap<string, Uint8Array>,
  patience = 120_000,
): Promise<Result> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      void text(request).then((body) => {
        response.end();
        server.emit('result', JSON.parse(body));
      });
      return;
    }
    const path = new URL(request.url!, 'http://localhost').pathname;
    if (path === '/') {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`${sendErrors}${page}`);
      return;
    }
    const file = files.get(path);
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': mediaTypes[extname(path)] ?? 'application/octet-stream',
    });
    response.end(file);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const browser = spawn(
    chromium!,
    [
      '--headless',
      // The sandbox needs rights that containers do not give.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      `--user-data-dir=${profile}`,
      `http://127.0.0.1:${port}/`,
    ],
    // A group of its own, since it starts further processes.
    { stdio: 'ignore', detached: true },
  );
  const ended = once(browser, 'exit');
  try {
    const [result] = (await Promise.race([
      once(server, 'result', { signal: AbortSignal.timeout(patience) }),
      ended.then(([code]) => Promise.reject(new Error(`Chromium ended with ${code}`))),
    ])) as [Result & { error?: string }];
    if (result.error !== undefined) throw new Error(result.error);
    return result;
  } finally {
    if (browser.exitCode === null) process.kill(-browser.pid!, 'SIGKILL');
    await ended;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

// esbuild is told what the worker is, and gives the engine an address.
import engine from '@unlikely/runtime/engine.wasm';
import { browserPlatform } from 'unlikely/browser';
import { showUnlikely } from './show-unlikely.js';

const createWorker = () => new Worker('./worker.js', { type: 'module' });
await showUnlikely(browserPlatform({ engine, createWorker }));

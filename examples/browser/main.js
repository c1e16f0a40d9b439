// For Vite and webpack, which find the worker and the engine by themselves.
import { browserPlatform } from 'unlikely/browser';
import { showUnlikely } from './show-unlikely.js';

await showUnlikely(browserPlatform());

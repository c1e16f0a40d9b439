/** What a worker of `browserPlatform` executes, for bundlers that do not find it by themselves. */
import '@unlikely/runtime/web/worker';

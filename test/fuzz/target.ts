/** What is fuzzed: `once` throws where a law is broken, and names the seed. */
export interface Target {
  readonly name: string;
  once(seed: number): Promise<void>;
}

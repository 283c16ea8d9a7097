/** What a command needs of the world around it, so that a test can give it another one. */
export interface CommandWorld {
  /** the clone's root: `queries/`, `exercises/`, `honeycomb.env` and `.workshop/` are below it */
  root: string;
  env: NodeJS.ProcessEnv;
  out: (line: string) => void;
  err: (line: string) => void;
  fetch?: typeof fetch;
  sleep?: (ms: number) => Promise<unknown>;
}

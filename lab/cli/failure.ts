import { wrapped } from './format.ts';

/** Says what went wrong in a person's words and ends the command. 2: wrong usage; 1: everything else. */
export function fail(error: unknown): never {
  const { code, message, port } = error as { code?: string; message?: string; port?: number };
  if (code === 'EADDRINUSE') {
    console.error(
      `Port ${port ?? ''} is taken by another program.\nStop that program, or choose another port with --port or --otlp-port.`,
    );
  } else console.error((message ?? String(error)).split('\n').map(wrapped).join('\n'));
  process.exit(error instanceof UsageError ? 2 : 1);
}

/** The command was called in a way that cannot work. */
export class UsageError extends Error {
  override name = 'UsageError';
}

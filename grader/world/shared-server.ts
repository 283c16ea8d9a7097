import { type OpeningServer, openDatabaseServer } from './database/server.ts';

let shared: OpeningServer | undefined;

/**
 * The one database server of this process, started at first use. It stays for the next tree: starting it again for each
 * would cost 0.1 s. It does not keep this process alive and ends with it.
 */
export function sharedServer(): OpeningServer {
  if (shared === undefined) {
    // Only this name: DATABASE_URL of the shell may point at anything.
    const url = process.env.GRADER_DATABASE_URL || undefined;
    const opening = openDatabaseServer({ purpose: 'grader', ...(url && { url }) });
    shared = opening;
    // After a failure the next tree tries anew.
    opening.server.catch(() => {
      if (shared === opening) shared = undefined;
    });
  }
  return shared;
}

/** Ends the server of this process, if one runs. The next tree starts it again. */
export async function stopSharedServer(): Promise<void> {
  const stopping = shared;
  shared = undefined;
  const server = await stopping?.server.catch(() => undefined);
  await server?.stop();
}

import type { Finding } from './finding.ts';

/** Starts the database that gradings use, asks it one thing, and ends it. */
export async function databaseFinding(): Promise<Finding> {
  const what = 'PostgreSQL';
  try {
    const { startDatabaseServer } = await import('../../world/index.ts');
    const url = process.env.GRADER_DATABASE_URL || undefined;
    const server = await startDatabaseServer({ purpose: 'grader', ...(url && { url }) });
    try {
      const { rows } = await server.query('SHOW server_version');
      const version = String((rows[0] as { server_version?: string })?.server_version);
      const which = server.kind === 'embedded' ? 'the built-in one' : 'the one of GRADER_DATABASE_URL';
      return { what, state: 'ok', text: `Version ${version} starts and answers (${which}).` };
    } finally {
      await server.stop();
    }
  } catch (error) {
    return { what, state: 'missing', ...firstSentence(error, 'It does not start.') };
  }
}

/** A browser for the page's exercises, 06 and later. */
export async function browserFinding(): Promise<Finding> {
  const what = 'Browser';
  try {
    const { openBrowser } = await import('../../world/index.ts');
    const { browser, source, version } = await openBrowser();
    await browser.close();
    return { what, state: 'ok', text: `Version ${version} starts (${source}).` };
  } catch (error) {
    // Only the page's exercises need one: everything before them runs.
    return { what, state: 'warning', ...firstSentence(error, 'None was found.') };
  }
}

/** Whether keys are set. They are never shown, not even in part. */
export async function honeycombFinding(root: string): Promise<Finding> {
  const what = 'Honeycomb';
  try {
    const { readConfig } = await import('@workshop/lab/honeycomb');
    const config = readConfig(root);
    const set = [config.ingestKey && 'HONEYCOMB_API_KEY', config.configKey && 'HONEYCOMB_CONFIG_KEY'].filter(
      Boolean,
    );
    if (set.length === 0) return { what, state: 'ok', text: 'No key is set, and nothing needs one.' };
    return {
      what,
      state: 'ok',
      text: `Set: ${set.join(' and ')}. Whether they work: npm run honeycomb -- check`,
    };
  } catch (error) {
    return { what, state: 'warning', ...firstSentence(error, 'Its settings cannot be read.') };
  }
}

/** Our own errors say first what is wrong and then what to do. */
function firstSentence(error: unknown, otherwise: string): { text: string; advice?: string } {
  const message = error instanceof Error ? error.message.trim() : '';
  const [first = '', ...rest] = message.split('\n').filter((line) => line.trim() !== '');
  return {
    text: first || otherwise,
    ...(rest.length > 0 ? { advice: rest.map((line) => line.trim()).join(' ') } : {}),
  };
}

import path from 'node:path';
import { repositoryRoot } from '@workshop/base';
import type { Mount } from '@workshop/lab';
import type { Ports } from './addresses.ts';

export interface OpenLab {
  /** Why it does not run, in one sentence; null if it does. */
  problem: string | null;
  close(): Promise<void>;
}

/**
 * Starts the lab in this process. It is loaded here only: its store has a native part that may be missing on a machine,
 * and Murmur runs without it.
 */
export async function openLab(options: {
  root: string;
  ports: Ports;
  pageOrigin: string;
  /** Where the keys of Honeycomb may be. */
  shell: NodeJS.ProcessEnv;
  /** Gets what the lab has to say while it runs. */
  say: (line: string) => void;
  /** whether it has its page, which is built of this repository; absent: where the learner's folder is this one */
  page?: boolean;
  /** adds routes to it */
  mount?: Mount;
}): Promise<OpenLab> {
  try {
    const { startLab } = await import('@workshop/lab');
    const lab = await startLab({
      dir: path.join(options.root, '.workshop', 'lab'),
      port: options.ports.lab,
      otlpPort: options.ports.collector,
      queries: path.join(options.root, 'queries'),
      page: options.page ?? options.root === repositoryRoot,
      log: options.say,
      ...(options.mount && { mount: options.mount }),
      honeycomb: { root: options.root, env: options.shell, log: options.say },
      allowedOrigins: [
        options.pageOrigin,
        ...['localhost', '127.0.0.1'].map((host) => `http://${host}:${options.ports.page}`),
      ],
    });
    void lab.page?.settled.then(() => {
      if (lab.page?.trouble) options.say(`Its page could not be built: ${lab.page.trouble.split('\n')[0]}`);
    });
    return { problem: null, close: () => lab.close() };
  } catch (error) {
    const [line = 'unknown'] = (error as Error).message.split('\n');
    return { problem: line.endsWith('.') ? line : `${line}.`, close: async () => {} };
  }
}

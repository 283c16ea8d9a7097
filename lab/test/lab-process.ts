import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort, until } from '@workshop/base';

/** A lab in a process of its own, to be measured and killed. */
export interface LabProcess {
  apiUrl: string;
  otlpUrl: string;
  child: ChildProcess;
  /** SIGKILL: no handler runs */
  kill(): Promise<void>;
}

const READY_MS = 60_000;

/** @param root the clone's root, whose queries/ it reads; this clone's when it is not said */
export async function startLabProcess(dir: string, root = process.cwd()): Promise<LabProcess> {
  const [port, otlpPort] = [await freePort(), await freePort()];
  const script = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
  const args = [
    script,
    'lab',
    '--dir',
    dir,
    '--port',
    String(port),
    '--otlp-port',
    String(otlpPort),
    '--no-page',
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const apiUrl = `http://127.0.0.1:${port}`;
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  await untilAnswers(`${apiUrl}/api/health`, child).catch(async (error) => {
    await kill();
    throw error;
  });
  return { apiUrl, otlpUrl: `http://127.0.0.1:${otlpPort}`, child, kill };
}

/** Waits until something answers at a URL, as long as its process lives. */
export async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  const answers = (): Promise<boolean> =>
    fetch(url).then(
      (answer) => answer.arrayBuffer().then(() => true),
      () => false,
    );
  const giveUp = (): boolean => child.exitCode !== null;
  if (!(await until(answers, { maxMs: READY_MS, everyMs: 50, giveUp })))
    throw new Error(`${url} did not answer`);
}

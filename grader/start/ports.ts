import { isFree, WorkshopError } from '@workshop/base';

export interface WantedPort {
  port: number;
  /** who needs it, such as `the API` */
  user: string;
  /** option that chooses another, such as `--api-port` */
  option: string;
}

/**
 * Looks at all ports before anything starts, so that one message tells everything.
 * @throws WorkshopError naming each port on which another program listens
 */
export async function requirePorts(wanted: readonly WantedPort[]): Promise<void> {
  const taken: WantedPort[] = [];
  for (const each of wanted) if (each.port !== 0 && !(await isFree(each.port))) taken.push(each);
  if (taken.length > 0) throw new WorkshopError(takenMessage(taken, process.platform));
}

export function takenMessage(taken: readonly WantedPort[], platform: NodeJS.Platform): string {
  const lines = taken.map(({ port, user }) => `Port ${port} is taken, and ${user} needs it.`);
  const first = taken[0]!;
  const find = platform === 'win32' ? `netstat -ano | findstr :${first.port}` : `lsof -i :${first.port}`;
  return [
    ...lines,
    '',
    'Is another "npm start" running? Stop it with Ctrl-C in its terminal.',
    `To see which program it is:  ${find}`,
    `To use another port:         npm start -- ${taken.map(({ port, option }) => `${option} ${port + 10}`).join(' ')}`,
    '',
    'Nothing was started.',
  ].join('\n');
}

import { isFree, visibleText, WorkshopError } from '@workshop/base';
import { type PortHolder, portHolder } from './port-holder.ts';

export interface WantedPort {
  port: number;
  /** who needs it, such as `the API` */
  user: string;
  /** option that chooses another, such as `--api-port` */
  option: string;
}

export interface TakenPort extends WantedPort {
  /** null: the system does not say */
  holder: PortHolder | null;
}

/**
 * Looks at all ports before anything starts, so that one message tells everything.
 * @throws WorkshopError naming each port on which another program listens, and that program
 */
export async function requirePorts(wanted: readonly WantedPort[]): Promise<void> {
  const taken: TakenPort[] = [];
  for (const each of wanted)
    if (each.port !== 0 && !(await isFree(each.port)))
      taken.push({ ...each, holder: await portHolder(each.port) });
  if (taken.length > 0) throw new WorkshopError(takenMessage(taken, process.platform));
}

export function takenMessage(taken: readonly TakenPort[], platform: NodeJS.Platform): string {
  const first = taken[0] as TakenPort;
  const find = platform === 'win32' ? `netstat -ano | findstr :${first.port}` : `lsof -i :${first.port}`;
  const isOurs = taken.some(({ holder }) => holder && /workshop\.ts start\b/.test(holder.command));
  return [
    ...taken.flatMap(({ port, user, holder }) => [
      `Port ${port} is taken, and ${user} needs it.`,
      ...(holder ? [`  It is held by process ${holder.pid}: ${visibleText(holder.command)}`] : []),
    ]),
    '',
    isOurs
      ? 'Another "npm start" runs. Stop it with Ctrl-C in its terminal.'
      : 'Is another "npm start" running? Stop it with Ctrl-C in its terminal.',
    ...(taken.every(({ holder }) => holder === null) ? [`To see which program it is:  ${find}`] : []),
    `To use another port:         npm start -- ${taken.map(({ port, option }) => `${option} ${port + 10}`).join(' ')}`,
    '',
    'Nothing was started.',
  ].join('\n');
}

import { type ChildProcess, spawn } from 'node:child_process';

/**
 * A tiny shell that outlives this process. It reads what to end from a pipe, and the pipe closes when this process is
 * gone, whatever ended it: kill -9 too. Then it signals everything that is still on its list.
 * Windows needs none: the children of a process that is gone end with it there (libuv puts them into a job object).
 */
const SCRIPT = `
trap '' INT TERM HUP
list=' '
while read -r op entry; do
  case $op in
    add) list="$list$entry ";;
    drop) case $list in *" $entry "*) list="\${list%%" $entry "*} \${list#*" $entry "}";; esac;;
  esac
done
for entry in $list; do kill -s "\${entry%%:*}" -- "\${entry#*:}" 2>/dev/null; done
`;

let watchdog: ChildProcess | undefined;

function send(line: string): void {
  if (process.platform === 'win32') return;
  if (watchdog === undefined || watchdog.exitCode !== null) {
    // Its own session: Ctrl-C in the terminal must not end it before it has done its work.
    watchdog = spawn('/bin/sh', ['-c', SCRIPT], {
      detached: true,
      cwd: '/',
      env: {}, // it outlives us, and needs nothing
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    watchdog.on('error', () => {});
    watchdog.stdin?.on('error', () => {});
    watchdog.unref();
    (watchdog.stdin as unknown as { unref(): void }).unref();
  }
  watchdog.stdin?.write(`${line}\n`);
}

/**
 * When this process is gone, `signal` goes to `target`: a pid, or a process group as a negative number.
 * Returns how to take it off the list: do so once it has ended, since pids are used again.
 */
export function endWithThisProcess(target: number, signal: 'KILL' | 'INT'): () => void {
  const entry = `${signal}:${target}`;
  send(`add ${entry}`);
  return () => send(`drop ${entry}`);
}

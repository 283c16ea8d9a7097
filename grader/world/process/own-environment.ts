import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What a name of a secret looks like: HONEYCOMB_API_KEY, GITHUB_TOKEN, PGPASSWORD. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|HEADERS$|DATABASE_URL/i;
let isHidden = false;

/** What this process's own helpers may know of its environment: everything but secrets. */
export function environmentWithoutSecrets(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRET_NAME.test(name)));
}

/**
 * Takes secrets out of what other processes of this user can read of ours. On Linux that is /proc/<pid>/environ: the
 * memory in which the system put the environment at our start, whatever became of process.env since. The variables
 * keep their values here. Does nothing elsewhere, or where the memory cannot be written.
 *
 * It cannot help those who started us: npm and the shell have the same environment (see SECURITY.md).
 */
export function hideOwnSecrets(): void {
  if (isHidden || process.platform !== 'linux') return;
  isHidden = true;
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Fields 50 and 51 of proc(5): env_start and env_end. The state, field 3, is the first one here.
    const [start, end] = [Number(fields[47]), Number(fields[48])];
    const block = readFileSync('/proc/self/environ');
    if (!(start > 0) || block.length > end - start) return;
    for (const { name, at, length } of secretsIn(block)) {
      const value = process.env[name];
      process.env[name] = value; // a copy elsewhere: what the system put there is overwritten next
      const memory = openSync('/proc/self/mem', 'r+');
      try {
        writeSync(memory, Buffer.alloc(length), 0, length, start + at);
      } finally {
        closeSync(memory);
      }
    }
  } catch {
    // A hardened system: SECURITY.md says what follows.
  }
}

/** Where the values of secrets lie in a block of `NAME=value` texts, each ended by a zero. */
function secretsIn(block: Buffer): { name: string; at: number; length: number }[] {
  const found: { name: string; at: number; length: number }[] = [];
  for (let from = 0; from < block.length; ) {
    const zero = block.indexOf(0, from);
    const end = zero < 0 ? block.length : zero;
    const equals = block.indexOf('=', from);
    if (equals >= 0 && equals < end) {
      const name = block.toString('utf8', from, equals);
      if (SECRET_NAME.test(name) && process.env[name] !== undefined)
        found.push({ name, at: equals + 1, length: end - equals - 1 });
    }
    from = end + 1;
  }
  return found;
}

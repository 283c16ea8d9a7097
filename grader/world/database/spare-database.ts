import type { DatabaseServer } from './server.ts';
import type { SeedTemplate } from './template.ts';

interface Spare {
  template: string;
  /** its name, once it is there; null: it could not be made */
  made: Promise<string | null>;
}

/** No tree's database has this name: those begin with `murmur`. */
const NAME = 'spare';

const spares = new WeakMap<DatabaseServer, Spare>();

/**
 * Copies the template while nobody waits. Beside the boot of the learner's API the copying takes five times as long as by
 * itself, and makes the boot slower. On the grader's own server alone: on a real one somebody else pays for the disk.
 * What goes wrong here does not matter: whoever needs a database then makes one.
 */
export async function makeSpareDatabase(server: DatabaseServer, template: SeedTemplate): Promise<void> {
  if (server.kind !== 'embedded' || spares.has(server)) return;
  const make = async () => {
    // One that somebody took and could not use.
    await server.dropDatabase(NAME);
    await server.createDatabase(NAME, { template: template.name });
    return NAME;
  };
  const made = make().catch(() => null);
  spares.set(server, { template: template.name, made });
  await made;
}

/** Name of a copy of this template that nobody uses, for whoever takes it; null: there is none. */
export async function takeSpareDatabase(
  server: DatabaseServer,
  template: SeedTemplate,
): Promise<string | null> {
  const spare = spares.get(server);
  if (spare?.template !== template.name) return null;
  spares.delete(server);
  return spare.made;
}

import type { Draw } from '@workshop/base';
import type { Json } from '../evidence/index.ts';
import type { CollectorCondition } from '../world/index.ts';
import type { ApiActions } from './actions/api.ts';
import type { DatabaseActions } from './actions/database.ts';
import type { LibraryActions } from './actions/library.ts';
import type { OutboxActions } from './actions/outbox.ts';
import type { NetworkActions, PageActions } from './actions/page.ts';
import type { PeopleActions } from './actions/people.ts';
import type { ReplicaActions } from './actions/replicas.ts';

/** What a scenario can do to the learner's system. */
export interface Actions {
  api: ApiActions;
  people: PeopleActions;
  draw: Draw;
  database: DatabaseActions;
  /** what API and worker share; needs the option `worker` */
  outbox: OutboxActions;
  /** the learner's page in a browser; needs the option `page` */
  page: PageActions;
  /** the way between page and API; needs the option `page` */
  network: NetworkActions;
  /** somebody else's library in the learner's program */
  library: LibraryActions;
  /** other instances of the API and the worker, to be stopped */
  replicas: ReplicaActions;
  /** how the collector of the system and its page is from now on; replicas have their own */
  setCollector(condition: CollectorCondition): void;
  /** writes a value of this run down for the checks; the last one of a name counts */
  note(name: string, value: Json): void;
  /** waits until the API has a tracer provider, for tracing that starts late; false when none came */
  traced(): Promise<boolean>;
  /** waits until `condition` is true, asking every 20 ms; false after `maxMs` */
  until(condition: () => Promise<boolean> | boolean, maxMs?: number): Promise<boolean>;
}

export interface ScenarioOptions {
  /** also start the worker (`start:worker`) */
  worker?: boolean;
  /** more environment for the learner's processes */
  env?: Record<string, string>;
  /** also build the page, serve it and open it in a browser */
  page?: boolean;
  /** how wrong the clocks of the learner's processes are, in milliseconds; positive: ahead */
  clockSkewMs?: number;
  /** it waits by the clock most of its time, and is driven beside those that do not */
  mostlyWaits?: boolean;
  /** do the same, with the same seed, to the chain up to this solution first: what a mended system is compared with */
  before?: number;
  /** also run the tree's saved queries over hidden data; that needs no system and is done while it starts */
  savedQueries?: boolean;
}

export interface Scenario {
  options: ScenarioOptions;
  run(actions: Actions): Promise<void>;
}

/** What is done to the learner's system in one exercise. The default export of an exercise's scenario.ts. */
export function scenario(run: Scenario['run'], options: ScenarioOptions = {}): Scenario {
  return { run, options };
}

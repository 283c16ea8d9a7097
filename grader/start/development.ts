import { availableParallelism } from 'node:os';
import path from 'node:path';
import { accepts, freePort, until, WorkshopError } from '@workshop/base';
import { TREE_PARTS } from '../tree/index.ts';
import { type DelayProxy, startDelayProxy } from '../world/index.ts';
import { type Addresses, addressesOf, type Ports } from './addresses.ts';
import { type DevelopmentPage, startDevelopmentPage } from './development-page.ts';
import { appEnvironment, throughTheLab } from './environment.ts';
import { foldedLines } from './folded-lines.ts';
import { type OpenLab, openLab } from './lab.ts';
import { LiveGrading } from './live-grading.ts';
import { isBuildTable, type LineReader, type LogLines, logLines, without } from './log-lines.ts';
import { type MurmurDatabase, openMurmurDatabase } from './murmur-database.ts';
import { requirePorts, type WantedPort } from './ports.ts';
import { type SaveWatcher, watchSaves } from './save-watcher.ts';
import { Service } from './service.ts';

export interface DevelopmentOptions {
  /** Folder with app-backend and app-frontend. */
  root: string;
  ports: Ports;
  /** Milliseconds each way between Murmur and its database. */
  databaseDelayMs: number;
  /** Milliseconds each way between everybody and the API; 0 for none. */
  networkDelayMs: number;
  /** By how many seconds the API's clock is ahead; null for a right clock. */
  clockSkewSeconds: number | null;
  page: boolean;
  lab: boolean;
  /** Address of a ClickHouse database that the lab reads, in the place of a store of its own. */
  store?: string;
  /** grade at each save */
  grader: boolean;
  /** show the exercises in a browser, once they are there */
  open?: boolean;
  shell: NodeJS.ProcessEnv;
  /** Gets whole lines. */
  write: (text: string) => void;
  /** Colour for a process's name; absent: none, and Murmur is asked for none. */
  colors?: Record<string, (text: string) => string>;
  /** Show also what Nest and Angular list at each start. */
  verbose: boolean;
  /** Which built-in database; tests take `grader`. */
  databasePurpose?: 'app' | 'grader';
  /** how many processors there are; absent: the machine's */
  cores?: number;
  /** whether the lab has its page, though `root` is a test's own folder */
  labPage?: boolean;
}

/** Murmur as it runs on a learner's machine. */
export interface Development {
  addresses: Addresses;
  /** What was there when the API listened, or had had its time. */
  state: {
    api: boolean;
    /** null: it was not asked for */
    page: 'built' | 'building' | 'failed' | null;
    /** why the lab does not run; null when it does, or was not asked for */
    lab: string | null;
    database: string;
  };
  /** Ends everything in order: the apps first, so that their last spans find the lab. */
  stop(): Promise<void>;
  /** Ends everything at once. */
  kill(): Promise<void>;
}

const BOOT_PATIENCE_MS = 25_000;
const LOOK_MS = 50;
/** So long a process of Murmur's may take to end after SIGTERM, as exercise 14 says. */
const STOP_PATIENCE_MS = 5_000;
/** So long the restarts of API and worker wait for the verdict on a save. What runs goes on meanwhile. */
export const GRADING_FIRST_MS = 8_000;
/** On fewer cores than this an API that boots beside the graded one makes both slow. */
const CORES_FOR_TWO_APIS = 4;
const BACKEND = 'app-backend';
/** What is shown of each process's lines. A reader for each, since a stack is several lines. */
const READERS: Record<string, () => LineReader> = {
  api: foldedLines,
  worker: foldedLines,
  page: () => without(isBuildTable),
};
const WAITS_FOR_SAVE = 'It starts again at your next save.';

/** What has been started so far, so that it can be ended from the outside at any moment. */
export class DevelopmentSystem {
  readonly #options: DevelopmentOptions;
  readonly #logs = new Map<string, LogLines>();
  readonly #services: Service[] = [];
  /** How to close the rest. */
  readonly #closers: (() => Promise<unknown>)[] = [];
  #watcher: SaveWatcher | null = null;
  #grading: LiveGrading | null = null;
  #stopping = false;

  constructor(options: DevelopmentOptions) {
    this.#options = options;
  }

  /**
   * Starts everything and waits until the API listens, or had time enough for it: what the learner broke is shown, and
   * repaired by the next save. The pages are built meanwhile.
   * @throws WorkshopError when something is in the way; nothing runs then
   */
  async start(): Promise<Omit<Development, 'stop' | 'kill'>> {
    const { ports } = this.#options;
    await requirePorts(this.#wantedPorts());
    const addresses = addressesOf(ports, this.#options.shell);
    try {
      return await this.#startAll(addresses);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  #wantedPorts(): WantedPort[] {
    const { ports, page, lab } = this.#options;
    return [
      { port: ports.api, user: 'the API', option: '--api-port' },
      ...(page ? [{ port: ports.page, user: 'the page', option: '--page-port' }] : []),
      ...(lab
        ? [
            { port: ports.lab, user: 'the lab', option: '--lab-port' },
            { port: ports.collector, user: "the lab's collector", option: '--collector-port' },
          ]
        : []),
    ];
  }

  async #startAll(addresses: Addresses): Promise<Omit<Development, 'stop' | 'kill'>> {
    const options = this.#options;
    if (options.grader) this.#grading = new LiveGrading(options.root, options.shell, this.#log('grade'));
    const [lab, database, page] = await Promise.all([
      options.lab ? this.#openLab(addresses) : null,
      this.#openDatabase(),
      this.#openPage(addresses),
    ]);
    const apiPort = options.networkDelayMs > 0 ? await freePort() : options.ports.api;
    if (apiPort !== options.ports.api) await this.#openNetwork(apiPort);
    if (this.#stopping) throw new WorkshopError('Stopped.');
    const [api, worker] = this.#openApps(addresses, database, apiPort);
    await Promise.all([api.start(), worker.start()]);
    this.#watcher = this.#watchSaves(api, worker, apiPort);
    database.watch({
      say: (text) => this.#log('start').say(text),
      onReturn() {
        // Those that the loss has ended; start() leaves the others as they are.
        void api.start();
        void worker.start();
      },
    });
    const [apiListens] = await Promise.all([this.#apiListens(api, apiPort), this.#watcher.ready]);
    let pageState: Development['state']['page'] = page && 'building';
    const built = page
      ?.built(() => this.#stopping)
      .then((done) => {
        pageState = done ? 'built' : 'failed';
        if (done && !this.#stopping) this.#log('page').say(`ready: ${addresses.page}`);
      });
    // One that was built before is there at once: then it is no news.
    await Promise.race([built, new Promise((resolve) => setTimeout(resolve, LOOK_MS * 2))]);
    this.#grading?.warmUp();
    return {
      addresses,
      state: {
        api: apiListens,
        page: pageState,
        lab: lab === null ? null : lab.problem,
        database: database.label,
      },
    };
  }

  #apiListens(api: Service, port: number): Promise<boolean> {
    return until(() => accepts(port), {
      maxMs: BOOT_PATIENCE_MS,
      everyMs: LOOK_MS,
      giveUp: () => this.#stopping || !api.running,
    });
  }

  /** What the grader grades is all of the learner's files; API and worker run those of app-backend. */
  #watchSaves(api: Service, worker: Service, apiPort: number): SaveWatcher {
    const grading = this.#grading;
    const restart = (changed: string[]): void => {
      this.#log('start').say(`${changed.slice(0, 3).join(', ')} saved: API and worker start again`);
      // Each boot makes the others slower on a small machine, and people wait for the verdict, then for the API.
      void api
        .restart(() => this.#turnOfApi())
        .then(() => Promise.all([this.#apiListens(api, apiPort), grading?.idle(GRADING_FIRST_MS)]))
        .then(() => worker.restart());
    };
    return watchSaves(
      this.#options.root,
      grading ? TREE_PARTS : [BACKEND],
      (changed) => {
        const ofBackend = changed.filter((file) => file.split(path.sep)[0] === BACKEND);
        if (ofBackend.length > 0) restart(ofBackend);
        grading?.settled();
      },
      grading ? { onChange: (file) => grading.saving(file) } : {},
    );
  }

  /** Resolves when the graded API has served its requests, on a machine where two at once are too many. */
  async #turnOfApi(): Promise<void> {
    if ((this.#options.cores ?? availableParallelism()) >= CORES_FOR_TWO_APIS) return;
    await until(() => !this.#grading?.isDriving, {
      maxMs: GRADING_FIRST_MS,
      everyMs: LOOK_MS,
      giveUp: () => this.#stopping,
    });
  }

  #log(name: string): LogLines {
    let log = this.#logs.get(name);
    const { write, colors, verbose } = this.#options;
    log ??= logLines(name, write, colors?.[name], verbose ? undefined : READERS[name]?.());
    this.#logs.set(name, log);
    return log;
  }

  async #openLab(addresses: Addresses): Promise<OpenLab> {
    const { root, ports, shell, store } = this.#options;
    const log = this.#log('lab');
    const lab = await openLab({
      root,
      ports,
      pageOrigin: addresses.page,
      shell,
      ...(store !== undefined && { store }),
      say: (line) => log.say(line),
      ...(this.#options.labPage !== undefined && { page: this.#options.labPage }),
      ...(this.#grading && { mount: this.#grading.mount }),
    });
    this.#closers.push(() => lab.close());
    if (lab.problem === null) log.say(`ready: ${addresses.lab}`);
    if (lab.reads !== null) log.say(`It reads ${lab.reads} and collects nothing itself.`);
    if (lab.problem) log.say(`It could not start: ${lab.problem} Murmur runs without it.`);
    return lab;
  }

  async #openDatabase(): Promise<MurmurDatabase> {
    const { shell, databaseDelayMs, databasePurpose } = this.#options;
    const database = await openMurmurDatabase(
      {
        ...(shell.DATABASE_URL && { url: shell.DATABASE_URL }),
        delayMs: databaseDelayMs,
        purpose: databasePurpose ?? 'app',
      },
      (step) => this.#log('start').say(step),
    );
    this.#closers.push(() => database.stop());
    this.#log('start').say(`the database is ready: ${database.label}`);
    return database;
  }

  /** The API moves to another port and the way to it takes its place, so that every address stays as it is. */
  async #openNetwork(apiPort: number): Promise<DelayProxy> {
    const { ports, networkDelayMs } = this.#options;
    const proxy = await startDelayProxy({ targetPort: apiPort, port: ports.api, delayMs: networkDelayMs });
    // The API names its own port when it listens, and the addresses below name another one.
    this.#log('start').say(
      `the API listens on port ${apiPort} now; port ${ports.api} is the long way to it, which everybody takes`,
    );
    this.#closers.push(() => proxy.close());
    return proxy;
  }

  async #openPage(addresses: Addresses): Promise<DevelopmentPage | null> {
    const { root, page, ports, shell, colors } = this.#options;
    if (!page) return null;
    const log = this.#log('page');
    const color = colors !== undefined;
    const opened = await startDevelopmentPage({ root, ports, addresses, shell, color, log });
    this.#closers.push(() => opened.server.close());
    this.#services.push(opened.builder);
    return opened;
  }

  #openApps(addresses: Addresses, database: MurmurDatabase, apiPort: number): [Service, Service] {
    const { root, lab, colors, clockSkewSeconds } = this.#options;
    const shell = lab ? throughTheLab(this.#options.shell) : this.#options.shell;
    const packageDir = path.join(root, 'app-backend');
    const environment = {
      shell,
      packageDir,
      databaseUrl: database.url,
      pageOrigin: addresses.allowedOrigin,
      apiHosts: addresses.apiHosts,
      collectorUrl: addresses.collector,
      color: colors !== undefined,
    };
    const api = new Service({
      packageDir,
      scriptName: 'start',
      environment: appEnvironment({ ...environment, port: apiPort, clockSkewSeconds }),
      log: this.#log('api'),
      patienceMs: STOP_PATIENCE_MS,
      afterEnd: WAITS_FOR_SAVE,
    });
    const worker = new Service({
      packageDir,
      scriptName: 'start:worker',
      environment: appEnvironment(environment),
      log: this.#log('worker'),
      patienceMs: STOP_PATIENCE_MS,
      afterEnd: WAITS_FOR_SAVE,
    });
    this.#services.push(api, worker);
    return [api, worker];
  }

  /** Ends everything in order: the apps first, so that their last spans find the lab. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([
      this.#watcher?.close(),
      this.#grading?.end(),
      ...this.#services.map((service) => service.close()),
    ]);
    await this.#close();
  }

  /** Ends everything at once. */
  async kill(): Promise<void> {
    this.#stopping = true;
    this.#grading?.kill();
    await Promise.all(this.#services.map((service) => service.kill()));
  }

  async #close(): Promise<void> {
    // None of them needs another: what used them has ended.
    await Promise.allSettled(this.#closers.splice(0).map((close) => close()));
  }
}

export interface DatabaseServerOptions {
  /**
   * What the built-in server is for. `grader` (default): any of several data directories that hold nothing of value,
   * one per running grader. `app`: the one whose databases `npm start` keeps.
   */
  purpose?: 'grader' | 'app';
  /** A real server to use instead. The grader passes GRADER_DATABASE_URL here; DATABASE_URL is never read. */
  url?: string;
  /** Fixed port of the built-in server; default: any free one. */
  port?: number;
  /** Where the built-in server keeps its data directories; default .workshop/postgres. */
  directory?: string;
}

/** Where a server is and how to log in, before anything connects. */
export interface ServerAddress {
  kind: 'embedded' | 'external';
  host: string;
  port: number;
  url(database: string): string;
  adminUrl(database: string): string;
  /** Owner of new databases; undefined: whoever makes them. */
  owner?: string;
  stop(): Promise<void>;
}

/** A server on its way: how to log in is known at once, so that a learner's process can start beside it. */
export interface StartingServer {
  kind: 'embedded' | 'external';
  /** Connection string for Murmur, but for host and port. */
  login(database: string): string;
  address: Promise<ServerAddress>;
}

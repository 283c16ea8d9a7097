import type { HeaderRecord } from '../evidence/index.ts';
import { BrowserMissingError, type ConnectedPage, type PageSite, type System } from '../world/index.ts';
import { startVisit } from './visit.ts';
import type { Ground } from './words.ts';

/** What one boot of the API has to do with the page. */
export interface PageSide {
  /** Connects the page to this boot at first use. Without a browser on the machine it is the grader's trouble. */
  prepare(screenshot: string): Promise<Pick<Ground, 'visit' | 'trouble'>>;
  /** headers that the API and the third party got since the scenario began */
  headers(sinceMs: number): Promise<HeaderRecord[]>;
}

export function pageSide(site: PageSite, system: System): PageSide {
  let connecting: Promise<ConnectedPage> | undefined;
  return {
    async prepare(screenshot) {
      connecting ??= site.connect(system.apiUrl, system.receiver.url);
      try {
        const connected = await connecting;
        return { visit: (tokenOf) => startVisit({ connected, tokenOf, screenshot }) };
      } catch (error) {
        if (error instanceof BrowserMissingError) return { trouble: error.message };
        throw error;
      }
    },
    async headers(sinceMs) {
      const api = system.capture.processes().filter(({ process }) => process === 'api');
      const served = await Promise.all(api.map((connection) => connection.requests(0).catch(() => [])));
      return [...served.flat().map(({ seq: _, ...record }) => record), ...site.thirdParty.requests]
        .filter(({ atMs }) => atMs >= sinceMs)
        .sort((a, b) => a.atMs - b.atMs);
    },
  };
}

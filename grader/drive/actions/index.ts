import { drawFrom, until } from '@workshop/base';
import type { Evidence, Json } from '../../evidence/index.ts';
import type { System } from '../../world/index.ts';
import type { Visit } from '../page/visit.ts';
import type { Actions } from '../scenario.ts';
import { ApiClient } from './api.ts';
import { databaseActions } from './database.ts';
import { apiTraced } from './late-start.ts';
import { networkActions, pageActions } from './page.ts';
import { peopleActions } from './people.ts';

export interface ActionsOptions {
  system: System;
  seed: number;
  exercise: string;
  /** null: the scenario needs no page */
  visit: Visit | null;
}

/** The actions of one scenario, and what its evidence keeps of them. */
export function scenarioActions({ system, seed, exercise, visit }: ActionsOptions): {
  actions: Actions;
  kept: Pick<Evidence, 'requests' | 'facts'>;
} {
  const facts: Record<string, Json> = {};
  const draw = drawFrom(seed, exercise);
  const api = new ApiClient(system.apiUrl ?? '', draw);
  const people = peopleActions(api, draw);
  return {
    kept: { requests: api.requests, facts },
    actions: {
      api,
      people,
      draw,
      database: databaseActions(system),
      page: visit ? pageActions(visit, people.tokenOf) : withoutPage('page'),
      network: visit ? networkActions(visit) : withoutPage('network'),
      note: (name, value) => {
        facts[name] = value;
      },
      traced: () => apiTraced(system),
      until: (condition, maxMs) => until(condition, { maxMs }),
    },
  };
}

/** Actions that a scenario uses without having asked for them: a mistake in the exercise. */
function withoutPage<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: () => {
      throw new Error(`the scenario uses "${name}", so its options must say { page: true }`);
    },
  });
}

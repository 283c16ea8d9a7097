import { drawFrom, until } from '@workshop/base';
import type { Evidence, Json, ProcessStop } from '../../evidence/index.ts';
import type { System } from '../../world/index.ts';
import type { Visit } from '../page/visit.ts';
import type { Actions } from '../scenario.ts';
import { ApiClient } from './api.ts';
import { databaseActions } from './database.ts';
import { apiTraced } from './late-start.ts';
import { libraryActions } from './library.ts';
import { outboxActions } from './outbox.ts';
import { networkActions, pageActions } from './page.ts';
import { peopleActions } from './people.ts';
import { replicaActions } from './replicas.ts';

export interface ActionsOptions {
  system: System;
  seed: number;
  exercise: string;
  /** null: the scenario needs no page */
  visit: Visit | null;
  /** the scenario asked for the worker */
  worker: boolean;
}

/** The actions of one scenario, and what its evidence keeps of them. `finish`: what it started beside the system ends. */
export function scenarioActions({ system, seed, exercise, visit, worker }: ActionsOptions): {
  actions: Actions;
  kept: Pick<Evidence, 'requests' | 'facts' | 'stops'>;
  finish(): Promise<void>;
} {
  const facts: Record<string, Json> = {};
  const draw = drawFrom(seed, exercise);
  const api = new ApiClient(system.apiUrl ?? '', draw);
  const people = peopleActions(api, draw);
  const stops: ProcessStop[] = [];
  const replicas = replicaActions(system, api, stops);
  return {
    kept: { requests: api.requests, facts, stops },
    finish: async () => {
      system.receiver.setCondition('there');
      await replicas.closeAll();
    },
    actions: {
      api,
      people,
      draw,
      database: databaseActions(system),
      outbox: worker ? outboxActions(system) : without('worker', 'outbox'),
      page: visit ? pageActions(visit, people.tokenOf, system.receiver) : without('page', 'page'),
      network: visit ? networkActions(visit) : without('page', 'network'),
      library: libraryActions(system, visit),
      replicas: replicas.actions,
      setCollector: (condition) => system.receiver.setCondition(condition),
      note: (name, value) => {
        facts[name] = value;
      },
      traced: () => apiTraced(system),
      until: (condition, maxMs) => until(condition, { maxMs }),
    },
  };
}

/** Actions that a scenario uses without having asked for them: a mistake in the exercise. */
function without<T extends object>(option: 'page' | 'worker', name: string): T {
  return new Proxy({} as T, {
    get: () => {
      throw new Error(`the scenario uses "${name}", so its options must say { ${option}: true }`);
    },
  });
}

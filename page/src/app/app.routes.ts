import { inject } from '@angular/core';
import type { Routes } from '@angular/router';
import { LearnApi } from './learn/learn-api';

/** Every view is a chunk of its own: the first one is on the screen before the others are read. */
export const routes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: () => inject(LearnApi).firstView() },
  {
    path: 'learn',
    pathMatch: 'full',
    title: 'Learn · Murmur lab',
    loadComponent: async () => (await import('./learn/learn-home')).LearnHome,
  },
  {
    path: 'learn/:id',
    title: 'Learn · Murmur lab',
    loadComponent: async () => (await import('./learn/learn-page')).LearnPage,
  },
  {
    path: 'traces',
    title: 'Traces · Murmur lab',
    loadComponent: async () => (await import('./traces/traces-page')).TracesPage,
  },
  {
    path: 'trace/:id',
    title: 'Trace · Murmur lab',
    loadComponent: async () => (await import('./trace/trace-page')).TracePage,
  },
  {
    path: 'query',
    title: 'Query · Murmur lab',
    loadComponent: async () => (await import('./query/query-page')).QueryPage,
  },
  {
    path: 'board',
    title: 'Board · Murmur lab',
    loadComponent: async () => (await import('./board/board-page')).BoardPage,
  },
  {
    path: 'map',
    title: 'Map · Murmur lab',
    loadComponent: async () => (await import('./map/map-page')).MapPage,
  },
  {
    path: '**',
    title: 'Nothing here · Murmur lab',
    loadComponent: async () => (await import('./shell/unknown-page')).UnknownPage,
  },
];

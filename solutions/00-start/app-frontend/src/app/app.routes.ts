import type { Routes } from '@angular/router';
import { signedInGuard } from './session/signed-in-guard';

export const routes: Routes = [
  {
    path: 'sign-in',
    title: 'Sign in · Murmur',
    loadComponent: () => import('./session/sign-in').then((m) => m.SignIn),
  },
  {
    path: 'shared/:id',
    title: 'A shared post · Murmur',
    loadComponent: () => import('./posts/shared-page').then((m) => m.SharedPage),
  },
  {
    path: '',
    canActivate: [signedInGuard],
    loadComponent: () => import('./shell/shell').then((m) => m.Shell),
    children: [
      {
        path: '',
        pathMatch: 'full',
        title: 'Your feed · Murmur',
        loadComponent: () => import('./feed/feed-page').then((m) => m.FeedPage),
      },
      {
        path: 'search',
        title: 'Search · Murmur',
        loadComponent: () => import('./search/search-page').then((m) => m.SearchPage),
      },
      {
        path: 'notifications',
        title: 'Notifications · Murmur',
        loadComponent: () => import('./notifications/notifications-page').then((m) => m.NotificationsPage),
      },
      {
        path: 'posts/:id',
        title: 'A post · Murmur',
        loadComponent: () => import('./posts/post-page').then((m) => m.PostPage),
      },
    ],
  },
  { path: '**', redirectTo: '' },
];

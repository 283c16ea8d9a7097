import { inject } from '@angular/core';
import { Router } from '@angular/router';
import { LabHealth } from '../lab/lab-health';
import { LearnLive } from '../learn/learn-live';
import { type Command, Commands } from './commands';
import { THEMES, Theme } from './theme';

/** Keys that lead to a view, by its path. */
const KEYS: Record<string, string> = { learn: 'g l', traces: 'g t', query: 'g q', board: 'g b', map: 'g m' };

/**
 * Offers what works everywhere: every view that needs no more than its path, the exercises, the colours, the keys. Call it
 * where `inject` works.
 */
export function addOwnCommands(showKeys: () => void): void {
  const [router, live, health, theme] = [inject(Router), inject(LearnLive), inject(LabHealth), inject(Theme)];
  const go = (path: string) => () => void router.navigateByUrl(path);
  const views = router.config.flatMap(({ path = '', title }): Command[] => {
    if (typeof title !== 'string' || /[:*]/.test(path)) return [];
    const [words = ''] = title.split(' · ');
    const key = KEYS[path];
    return [{ id: `view-${path}`, words, detail: 'view', run: go(`/${path}`), ...(key && { key }) }];
  });
  inject(Commands).add(() => [
    ...views.filter(({ id }) => id !== 'view-learn' || health.learn()),
    ...live.exercises().map(({ id, title, state }) => ({
      id: `exercise-${id}`,
      words: `${id} · ${title}`,
      detail: `exercise, ${state}`,
      run: go(`/learn/${id}`),
    })),
    ...THEMES.map((choice) => ({
      id: `theme-${choice.replaceAll(' ', '-')}`,
      words: `Colours: ${choice}`,
      detail: choice === theme.choice() ? 'now' : 'colours',
      run: () => theme.choose(choice),
    })),
    { id: 'keys', words: 'Keys', detail: 'all that work here', key: '?', run: showKeys },
  ]);
}

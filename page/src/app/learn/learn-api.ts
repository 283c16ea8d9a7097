import { HttpClient, httpResource } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { ExerciseDetail as AnsweredDetail, Solution } from '@workshop/grader/learn/shapes';
import { firstValueFrom } from 'rxjs';
import type { Health } from '../lab/lab-api';
import { LabHealth } from '../lab/lab-health';
import { exerciseOf } from './answered-detail';
import type { ExerciseDetail, ExerciseList, Hints } from './shapes';

/** The lab takes nothing from a page that cannot set it: any page of another origin. */
const WRITING = { headers: { 'x-murmur-lab': '1' } };

/** A place in a learner's file. */
export interface FilePlace {
  /** `app-backend/src/main.ts` */
  path: string;
  line?: number;
  column?: number;
}

/** Every question and request about the learner's exercises. Only a lab of `npm start` answers them. */
@Injectable({ providedIn: 'root' })
export class LearnApi {
  readonly #http = inject(HttpClient);
  readonly #health = inject(LabHealth);

  /** Undefined in a lab that runs alone. */
  list() {
    return httpResource<ExerciseList>(() => (this.#health.learn() ? '/api/learn' : undefined));
  }

  /** @param id '' asks nothing yet */
  detail(id: () => string) {
    return httpResource<ExerciseDetail>(
      () => (id() === '' ? undefined : `/api/learn/${encodeURIComponent(id())}`),
      { parse: (answer) => exerciseOf(answer as AnsweredDetail) },
    );
  }

  /** @param id '' asks nothing */
  solution(id: () => string) {
    return httpResource<Solution>(() =>
      id() === '' ? undefined : `/api/learn/${encodeURIComponent(id())}/solution`,
    );
  }

  /** Steps come as events. @param confirmed show it though the exercise is not passed yet */
  askForSolution(id: string, confirmed: boolean): Promise<Solution> {
    return firstValueFrom(
      this.#http.post<Solution>(`/api/learn/${id}/solution`, confirmed ? { confirmed } : {}, WRITING),
    );
  }

  /** Where a person begins: at their exercise, or at the traces of a lab that runs alone. */
  async firstView(): Promise<string> {
    try {
      const { learn } = await firstValueFrom(this.#http.get<Health>('/health'));
      if (!learn) return '/traces';
      const { current, exercises } = await firstValueFrom(this.#http.get<ExerciseList>('/api/learn'));
      const id = current ?? exercises.at(-1)?.id;
      return id === undefined ? '/traces' : `/learn/${id}`;
    } catch {
      return '/traces';
    }
  }

  /** Verdict and steps come as events. */
  async grade(id: string): Promise<void> {
    await firstValueFrom(this.#http.post(`/api/learn/${id}/grade`, {}, WRITING));
  }

  nextHint(id: string): Promise<Hints> {
    return firstValueFrom(this.#http.post<Hints>(`/api/learn/${id}/hint`, {}, WRITING));
  }

  /** @param value null empties the slot */
  async answer(slot: string, value: string | number | null): Promise<void> {
    await firstValueFrom(this.#http.put('/api/learn/answers', { answers: { [slot]: value } }, WRITING));
  }

  /** @returns the editor's name */
  async open(place: FilePlace): Promise<string> {
    const { editor } = await firstValueFrom(
      this.#http.post<{ editor: string }>('/api/learn/open', place, WRITING),
    );
    return editor;
  }
}

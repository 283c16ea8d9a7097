import type { LabApp } from '@workshop/lab';
import { Problem } from '@workshop/lab/api';
import { refuse, unknown } from './refuse.ts';
import type { LearnSession } from './session.ts';
import { AskForSolution, ExerciseId, Solution } from './shapes/index.ts';
import type { Solutions } from './solutions.ts';

const TAGS = ['learn'];

/** The routes of the solution's trace beside the learner's. */
export function addSolutionRoutes(app: LabApp, session: LearnSession, solutions: Solutions): void {
  app.get(
    '/api/learn/:id/solution',
    {
      schema: {
        summary: "The solution's traces of the requests that the last verdict is about",
        description:
          'Before the exercise is passed they hold the structure only, and only once it was asked for.',
        tags: TAGS,
        params: ExerciseId,
        response: { 200: Solution, 404: Problem },
      },
    },
    async ({ params: { id } }, reply) => {
      const exercise = await session.find(id);
      return exercise?.hasChecks ? solutions.look(exercise) : unknown(reply, id);
    },
  );

  app.post(
    '/api/learn/:id/solution',
    {
      schema: {
        summary:
          'Drives the solution with the seed of the last verdict, unless that was done; steps come as events',
        tags: TAGS,
        params: ExerciseId,
        body: AskForSolution,
        response: { 202: Solution, 404: Problem, 409: Problem },
      },
    },
    async ({ params: { id }, body: { confirmed } }, reply) => {
      const exercise = await session.find(id);
      if (!exercise?.hasChecks) return unknown(reply, id);
      if (!(await solutions.ask(exercise, confirmed === true)))
        return refuse(
          reply,
          409,
          'conflict',
          `${exercise.id} is not passed yet. Say that you want to see its solution: "confirmed": true.`,
        );
      return reply.code(202).send(await solutions.look(exercise));
    },
  );
}

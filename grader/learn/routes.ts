import { WorkshopError } from '@workshop/base';
import type { LabApp } from '@workshop/lab';
import { Problem } from '@workshop/lab/api';
import type { FastifyReply } from 'fastify';
import { type Exercise, giveAnswers } from '../workshop/index.ts';
import { EditorError, openInEditor } from './editor.ts';
import { refuse, unknown } from './refuse.ts';
import type { LearnSession } from './session.ts';
import {
  Answers,
  ExerciseDetail,
  ExerciseId,
  ExerciseList,
  Hints,
  LiveState,
  Nothing,
  Opened,
  PlaceToOpen,
} from './shapes/index.ts';

const TAGS = ['learn'];

/** The routes of one learner's exercises. They are mounted on the lab, whose rules of safety hold for them, too. */
export function addLearnRoutes(app: LabApp, session: LearnSession): void {
  app.get(
    '/api/learn',
    { schema: { summary: 'The exercises and the live grader', tags: TAGS, response: { 200: ExerciseList } } },
    () => session.list(),
  );

  app.get(
    '/api/learn/:id',
    {
      schema: {
        summary: 'One exercise: task, hints so far, question, last verdict',
        tags: TAGS,
        params: ExerciseId,
        response: { 200: ExerciseDetail, 404: Problem },
      },
    },
    async ({ params: { id } }, reply) => {
      const exercise = await session.find(id);
      return exercise ? session.detail(exercise) : unknown(reply, id);
    },
  );

  app.post(
    '/api/learn/:id/grade',
    {
      schema: {
        summary: 'Grades the files as they are; progress and verdict come as events',
        tags: TAGS,
        params: ExerciseId,
        body: Nothing,
        response: { 202: LiveState, 404: Problem, 409: Problem },
      },
    },
    async ({ params: { id } }, reply) => {
      const exercise = await session.find(id);
      if (!exercise) return unknown(reply, id);
      if (!exercise.hasChecks) return ungraded(reply, exercise);
      session.grader.gradeNow(exercise.id);
      return reply.code(202).send(session.live());
    },
  );

  app.post(
    '/api/learn/:id/hint',
    {
      schema: {
        summary: 'One more hint; all those shown so far',
        tags: TAGS,
        params: ExerciseId,
        body: Nothing,
        response: { 200: Hints, 404: Problem },
      },
    },
    async ({ params: { id } }, reply) => {
      const exercise = await session.find(id);
      return exercise ? session.takeHint(exercise) : unknown(reply, id);
    },
  );

  addWriting(app, session);
}

function addWriting(app: LabApp, session: LearnSession): void {
  app.put(
    '/api/learn/answers',
    {
      schema: {
        summary: 'Writes answers into answers.json; npm run undo takes it back',
        tags: TAGS,
        body: Answers,
        response: { 200: Answers, 409: Problem, 422: Problem },
      },
    },
    async ({ body: { answers } }, reply) => {
      for (const slot of Object.keys(answers))
        if (!(await session.find(slot))?.hasChecks)
          return refuse(reply, 422, 'validation-failed', `There is no answer "${slot}" in answers.json.`);
      try {
        await giveAnswers(answers, { place: session.place });
        return { answers };
      } catch (error) {
        if (error instanceof WorkshopError) return refuse(reply, 409, 'conflict', oneLine(error));
        throw error;
      }
    },
  );

  app.post(
    '/api/learn/open',
    {
      schema: {
        summary: "Opens one of the learner's files in their editor",
        tags: TAGS,
        body: PlaceToOpen,
        response: { 200: Opened, 409: Problem },
      },
    },
    async ({ body }, reply) => {
      try {
        return { editor: await openInEditor(session.place.root, body) };
      } catch (error) {
        if (error instanceof EditorError) return refuse(reply, 409, 'conflict', oneLine(error));
        throw error;
      }
    },
  );
}

function ungraded(reply: FastifyReply, { id }: Exercise): never {
  return refuse(reply, 409, 'conflict', `${id} has no checks: there is nothing to grade in it.`);
}

function oneLine(error: WorkshopError): string {
  return error.text.replaceAll('\n', ' ');
}

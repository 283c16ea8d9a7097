import { type Static, Type } from '@sinclair/typebox';
import { CompactExercise, CompactTrace, ReportedView } from '../../report/shapes.ts';

const ExerciseState = Type.Union(
  ['passed', 'current', 'open', 'blocked', 'skipped'].map((state) => Type.Literal(state)) as [],
  {
    description:
      'current: the first that is neither passed nor skipped. blocked: it needs one that is neither',
  },
);

/** One exercise in the list. */
export const ListedExercise = Type.Object({
  id: Type.String({ description: '03' }),
  slug: Type.String({ description: '03-custom-span' }),
  title: Type.String(),
  minutes: Type.Integer(),
  state: Type.Unsafe<'passed' | 'current' | 'open' | 'blocked' | 'skipped'>(ExerciseState),
  waitsFor: Type.Array(Type.String(), { description: 'ids that a blocked one needs' }),
  optional: Type.Boolean({
    description: 'it may be left out: nothing waits for it, or nothing of it is graded',
  }),
});
export type ListedExercise = Static<typeof ListedExercise>;

/** Where a grading is. */
export const GradingStep = Type.Object({
  step: Type.Integer({ description: '1 is the first' }),
  of: Type.Integer(),
  text: Type.String({ description: 'starting your Murmur' }),
});
export type GradingStep = Static<typeof GradingStep>;

/** What the live grader does now. */
export const LiveState = Type.Object({
  phase: Type.Unsafe<'idle' | 'pending' | 'grading'>(
    Type.Union([Type.Literal('idle'), Type.Literal('pending'), Type.Literal('grading')], {
      description: 'pending: files were saved, and it waits until they stand still',
    }),
  ),
  generation: Type.Integer({ description: 'each save begins the next; a verdict of an older one is stale' }),
  exercise: Type.Union([Type.String(), Type.Null()], { description: 'id of the one that is graded' }),
  step: Type.Union([GradingStep, Type.Null()]),
});
export type LiveState = Static<typeof LiveState>;

export const ExerciseList = Type.Object({
  exercises: Type.Array(ListedExercise),
  current: Type.Union([Type.String(), Type.Null()], { description: 'null: all are passed or skipped' }),
  live: LiveState,
});
export type ExerciseList = Static<typeof ExerciseList>;

export const Hint = Type.Object({ heading: Type.String(), html: Type.String() });

export const Hints = Type.Object({
  shown: Type.Array(Hint, { description: 'those that were asked for, the first first' }),
  total: Type.Integer(),
});
export type Hints = Static<typeof Hints>;

export const Answer = Type.Union([Type.String({ maxLength: 1_000 }), Type.Number(), Type.Null()]);

export const VerdictRecord = Type.Object({
  at: Type.String({ description: 'ISO 8601' }),
  seed: Type.Integer(),
  stale: Type.Boolean({ description: 'the files are not those that were graded' }),
  exercise: CompactExercise,
  before: Type.Union([Type.Object({ view: ReportedView, trace: CompactTrace }), Type.Null()], {
    description: 'after a pass: the trace of the last verdict before it',
  }),
});
export type VerdictRecord = Static<typeof VerdictRecord>;

/** What only the trace answers. */
export const Question = Type.Object({
  text: Type.String(),
  slots: Type.Array(
    Type.Object({ key: Type.String({ description: '03' }), value: Type.Unsafe<unknown>({}) }),
  ),
  problem: Type.Union([Type.String(), Type.Null()], {
    description: 'why answers.json cannot be read, in a sentence',
  }),
});
export type Question = Static<typeof Question>;

export const ExerciseDetail = Type.Object({
  ...ListedExercise.properties,
  html: Type.String({
    description:
      'the README. Links: #term-NAME for a word of `terms`, #open=PATH for a file, /learn/NN for an exercise',
  }),
  terms: Type.Record(Type.String(), Type.Object({ name: Type.String(), html: Type.String() })),
  checks: Type.Array(Type.Object({ number: Type.String(), title: Type.String() }), {
    description: 'what must be true, also before anything was graded',
  }),
  hints: Hints,
  done: Type.Union([Type.String(), Type.Null()], { description: 'html; null until it passes' }),
  question: Type.Union([Question, Type.Null()]),
  verdict: Type.Union([VerdictRecord, Type.Null()], { description: 'null: never graded' }),
});
export type ExerciseDetail = Static<typeof ExerciseDetail>;

export const ExerciseId = Type.Object({
  id: Type.String({ pattern: '^\\d{1,2}[a-z]?(-[a-z0-9-]{1,60})?$', description: 'an exercise: 03' }),
});

export const Answers = Type.Object(
  {
    answers: Type.Record(Type.String({ pattern: '^\\d\\d[a-z]?$' }), Answer, {
      description: 'by slot; null empties one',
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 50,
    }),
  },
  { additionalProperties: false },
);
export type Answers = Static<typeof Answers>;

export const PlaceToOpen = Type.Object(
  {
    path: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'from the repository: app-backend/src/main.ts',
    }),
    line: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    column: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  },
  { additionalProperties: false },
);
export type PlaceToOpen = Static<typeof PlaceToOpen>;

export const Opened = Type.Object({ editor: Type.String() });
/** A request without values: its body is {}. */
export const Nothing = Type.Object({}, { additionalProperties: false });

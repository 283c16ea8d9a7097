import { type Static, Type } from '@sinclair/typebox';
import { CompactTrace } from '../../report/shapes.ts';

/** The solution's trace of one request that was graded. */
export const SolutionTrace = Type.Object({
  of: Type.Union([Type.String(), Type.Null()], {
    description: "id of the learner's trace of the same request; null: they have none",
  }),
  title: Type.String({ description: 'GET /feed, signed in as user 4711' }),
  trace: CompactTrace,
});
export type SolutionTrace = Static<typeof SolutionTrace>;

export const Solution = Type.Object({
  state: Type.Unsafe<'ungraded' | 'hidden' | 'unasked' | 'driving' | 'failed' | 'ready'>(
    Type.Union(
      (['ungraded', 'hidden', 'unasked', 'driving', 'failed', 'ready'] as const).map((state) =>
        Type.Literal(state),
      ),
      {
        description:
          'ungraded: there is no verdict to lay it beside. hidden: it was not passed yet, and nobody said that they want to see it. unasked: it was not driven for this verdict yet',
      },
    ),
  ),
  passed: Type.Boolean({ description: 'false: of its spans only the structure is told, and no code' }),
  seed: Type.Union([Type.Integer(), Type.Null()], { description: 'of the verdict that it stands beside' }),
  step: Type.Union([Type.String(), Type.Null()], { description: 'while it is driven: what is done now' }),
  problem: Type.Union([Type.String(), Type.Null()], { description: 'why it could not be driven' }),
  traces: Type.Array(SolutionTrace, { description: 'when it is ready: of the traces of the verdict' }),
  code: Type.Array(Type.String(), {
    description: 'once it is passed: both codes as a diff, 80 columns wide, line by line',
  }),
});
export type Solution = Static<typeof Solution>;

export const AskForSolution = Type.Object(
  {
    confirmed: Type.Optional(
      Type.Boolean({ description: 'true: show it though the exercise is not passed yet' }),
    ),
  },
  { additionalProperties: false },
);
export type AskForSolution = Static<typeof AskForSolution>;

import { type Static, Type } from '@sinclair/typebox';
import { TraceSummary } from './traces.ts';

/** Something that happened while the lab ran. */
export const LabEvent = Type.Object({
  id: Type.Integer({ description: 'grows with every event, also over restarts of the lab' }),
  kind: Type.String({
    description:
      'traces (data: ArrivedTraces), burn-alert (data: BurnAlertChange), and whatever a mounted part publishes: save, grading, verdict …',
  }),
  data: Type.Unknown({ description: 'an object; its shape depends on the kind' }),
});
export type LabEvent = Static<typeof LabEvent>;

/** Data of `hello`, the first event of a stream, and of each later one that says that events were lost. */
export const Hello = Type.Object({
  id: Type.Integer({ description: 'id of the newest event that this stream will not bring any more' }),
  gap: Type.Boolean({
    description: 'events that were asked for are gone: what is shown must be fetched anew',
  }),
  beatMs: Type.Integer({ description: 'a "beat" comes this often; two that are missing mean a lost stream' }),
});
export type Hello = Static<typeof Hello>;

/** Data of `traces`: what arrived in the last moments, each trace once. */
export const ArrivedTraces = Type.Object({
  traces: Type.Array(
    Type.Intersect([
      TraceSummary,
      Type.Object({ isNew: Type.Boolean({ description: 'false: more spans of a trace that was told of' }) }),
    ]),
    {
      description:
        'as far as they have arrived; a name, counts and times change when more spans come. The newest last.',
    },
  ),
  more: Type.Integer({ description: 'so many further traces arrived, too many to be told one by one' }),
});
export type ArrivedTraces = Static<typeof ArrivedTraces>;

export const StreamSearch = Type.Object(
  {
    since: Type.Optional(
      Type.Integer({ minimum: 0, description: 'as Last-Event-ID, for a stream that is opened by hand' }),
    ),
  },
  { additionalProperties: false },
);

export const EventsSince = Type.Object(
  {
    id: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'the id of the last answer; without it nothing is told but where to begin',
      }),
    ),
  },
  { additionalProperties: false },
);

export const EventList = Type.Object({
  ...Hello.properties,
  events: Type.Array(LabEvent, { description: 'oldest first' }),
});
export type EventList = Static<typeof EventList>;

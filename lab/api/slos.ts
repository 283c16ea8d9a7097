import { type Static, Type } from '@sinclair/typebox';

const Alias = Type.String({ minLength: 1, maxLength: 255, description: 'alias of a calculated field' });

/** Honeycomb's burn alerts, as its API has them, without whom to tell. */
export const BurnAlert = Type.Object(
  {
    alert_type: Type.Unsafe<'exhaustion_time' | 'budget_rate'>({
      enum: ['exhaustion_time', 'budget_rate'],
    }),
    description: Type.Optional(Type.String({ maxLength: 1_023 })),
    exhaustion_minutes: Type.Optional(Type.Integer({ minimum: 1 })),
    budget_rate_window_minutes: Type.Optional(Type.Integer({ minimum: 1 })),
    budget_rate_decrease_threshold_per_million: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    ),
  },
  { additionalProperties: false },
);
export type BurnAlert = Static<typeof BurnAlert>;

/** An SLO as a file holds it: the fields of Honeycomb's API, and its burn alerts. */
export const Slo = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    description: Type.Optional(Type.String({ maxLength: 1_023 })),
    sli: Type.Object({ alias: Alias }, { additionalProperties: false }),
    time_period_days: Type.Integer({ minimum: 1, maximum: 366 }),
    target_per_million: Type.Integer({ minimum: 0, maximum: 999_999 }),
    dataset_slugs: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 10 })),
    burn_alerts: Type.Optional(Type.Array(BurnAlert, { maxItems: 10 })),
  },
  { additionalProperties: false },
);
export type Slo = Static<typeof Slo>;

const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

export const BurnAlertState = Type.Object({
  alert: BurnAlert,
  triggered: Type.Boolean(),
  text: Type.String({ description: 'what it watches for, and how it stands' }),
});
export type BurnAlertState = Static<typeof BurnAlertState>;

export const SloStatus = Type.Object({
  slo: Slo,
  status: Type.Unsafe<'normal' | 'triggered' | 'no_alerts' | 'no_events'>({
    enum: ['normal', 'triggered', 'no_alerts', 'no_events'],
    description: "Honeycomb's words",
  }),
  good: Type.Number({ description: 'events of which the SLI is true, weighted by their sample rate' }),
  total: Type.Number({ description: 'events of which the SLI is true or false, weighted' }),
  allowed: Type.Number({ description: 'how many of them may fail' }),
  compliance: orNull('percent that were good; null: there were none'),
  budget_remaining: orNull('percent of what may fail that is left, below 0 when more failed'),
  burn_rate: orNull(
    'failed in the last 4 hours, as a multiple of what may fail; 1 spends the budget in its period',
  ),
  burn_rate_last_hour: orNull('the same for the last hour'),
  alerts: Type.Array(BurnAlertState),
});
export type SloStatus = Static<typeof SloStatus>;

export const SloList = Type.Object({
  slos: Type.Array(Type.Intersect([SloStatus, Type.Object({ file: Type.String() })])),
  problems: Type.Array(Type.Object({ file: Type.String(), text: Type.String() }), {
    description: 'files that hold no SLO, and what is wrong with each',
  }),
});
export type SloList = Static<typeof SloList>;

/** Data of the event `burn-alert`: one began, or ended. */
export const BurnAlertChange = Type.Object({
  slo: Type.String({ description: 'its name' }),
  triggered: Type.Boolean(),
  text: Type.String(),
});
export type BurnAlertChange = Static<typeof BurnAlertChange>;

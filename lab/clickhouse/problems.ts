import { EXIT_CODES, WorkshopError } from '@workshop/base';

/** Why spans cannot be read from ClickHouse, and what to do. */
export class ClickHouseProblem extends WorkshopError {
  override name = 'ClickHouseProblem';

  declare readonly whatToDo: string;

  constructor(message: string, whatToDo: string, cause?: unknown) {
    super(message, { exitCode: EXIT_CODES.failed, whatToDo, cause });
  }
}

/** A lab that reads a database of others was asked to keep spans. */
export class CollectsNothing extends WorkshopError {
  override name = 'CollectsNothing';

  constructor(address: string) {
    super(`This lab reads ${address} and collects nothing.`, {
      exitCode: EXIT_CODES.failed,
      whatToDo: 'Send spans to the OpenTelemetry Collector that fills it.',
    });
  }
}

// @ts-check
'use strict';
const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest's environment for checks.spec.ts. It hands the evidence into the sandbox as text, so that nothing live crosses,
 * and takes the thrown objects out of it before Jest turns them into strings.
 *
 * The host side is `globalThis[Symbol.for('workshop.judge')]`:
 * `{ evidenceOf(testPath): Promise<string>, done(testPath, result) }`.
 */
module.exports = class ChecksEnvironment extends TestEnvironment {
  /** @param {any} config @param {any} context */
  constructor(config, context) {
    super(config, context);
    this.testPath = context.testPath;
    // Jest loads this file outside the sandbox, so this is the judge's own global object.
    this.host = /** @type {any} */ (globalThis)[Symbol.for('workshop.judge')];
    if (!this.host) throw new Error('the judge is not in this process: Jest must run in band');
  }

  /** @param {any} event */
  async handleTestEvent(event) {
    // The spec file and what it needs are loaded by now: what they judge may still be on its way.
    if (event.name === 'run_start')
      /** @type {any} */ (this.global).__evidenceJson = await this.host.evidenceOf(this.testPath);
    if (event.name !== 'test_done') return;
    const declared = /** @type {any} */ (this.global).__declaredChecks ?? [];
    const found = declared.find((/** @type {any} */ check) => check.title === event.test.name);
    const thrown = event.test.errors.map((/** @type {any} */ error) =>
      Array.isArray(error) ? error[0] : error,
    )[0];
    this.host.done(this.testPath, {
      id: found?.id ?? null,
      title: event.test.name,
      ms: event.test.duration ?? 0,
      thrown: thrown === undefined ? null : copy(thrown),
      told: JSON.parse(JSON.stringify(/** @type {any} */ (this.global).__told ?? {})),
    });
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }
};

/** A plain copy: an object of the sandbox is no instance of the host's classes. @param {any} thrown */
function copy(thrown) {
  return JSON.parse(
    JSON.stringify({
      name: String(thrown?.name ?? 'Error'),
      message: String(thrown?.message ?? thrown),
      stack: String(thrown?.stack ?? ''),
      failure: thrown?.failure ?? null,
      blockedBy: thrown?.blockedBy ?? null,
    }),
  );
}

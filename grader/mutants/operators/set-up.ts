import ts from 'typescript';
import type { Operator } from '../operator.ts';
import { nodesOf, quoted, replaced, replacing } from '../syntax.ts';

const sideEffectImports = (source: ts.SourceFile) =>
  nodesOf(source, ts.isImportDeclaration).filter((node) => !node.importClause);

const dropImport: Operator = {
  name: 'drop-import',
  find: (source) =>
    sideEffectImports(source).map((node) => replaced(node, '', `${quoted(node)} is left out`)),
};

const importLater: Operator = {
  name: 'import-later',
  find: (source) => {
    const last = nodesOf(source, ts.isImportDeclaration).at(-1);
    return sideEffectImports(source)
      .filter((node) => node !== last)
      .map((node) => ({
        at: node.getStart(),
        edits: [
          replacing(node, ''),
          { start: last?.getEnd() ?? 0, end: last?.getEnd() ?? 0, text: `\n${node.getText()}` },
        ],
        what: `${quoted(node)} is the last of the imports`,
      }));
  },
};

const created = (source: ts.SourceFile, name: RegExp) =>
  nodesOf(source, ts.isNewExpression).filter((node) => name.test(node.expression.getText()));

const exporting = (source: ts.SourceFile, options: string, what: string) =>
  created(source, /Exporter$/).map((node) =>
    replaced(node, `new ${node.expression.getText()}(${options})`, `${node.expression.getText()} ${what}`),
  );

const exportElsewhere: Operator = {
  name: 'export-elsewhere',
  find: (source) => exporting(source, "{ url: 'http://127.0.0.1:9/v1/traces' }", 'sends to another address'),
};

/** Creates with one more option, which comes last and so outweighs the others. */
const withOption = (source: ts.SourceFile, name: RegExp, option: string, what: string) =>
  created(source, name).flatMap((node) => {
    const [options] = node.arguments ?? [];
    if (!options || !ts.isObjectLiteralExpression(options)) return [];
    const at = options.getEnd() - 1;
    const comma = options.properties.length > 0 && !options.properties.hasTrailingComma ? ', ' : '';
    return [{ at: node.getStart(), edits: [{ start: at, end: at, text: `${comma}${option}` }], what }];
  });

const NEVER = "sampler: { shouldSample: () => ({ decision: 0 }), toString: () => 'never' }";

const neverSampled: Operator = {
  name: 'never-sampled',
  find: (source) =>
    withOption(source, /^(?:NodeSDK|.*TracerProvider)$/, NEVER, 'no trace is sampled').map((mutation) => {
      // Two samplers in one object would not compile.
      const own = nodesOf(source, ts.isPropertyAssignment).find((one) => one.name.getText() === 'sampler');
      return own ? { ...mutation, edits: [replacing(own, NEVER)] } : mutation;
    }),
};

const otherProcessor: Operator = {
  name: 'no-op-processor',
  find: (source) =>
    created(source, /^(?:Batch|Simple)SpanProcessor$/).map((node) =>
      replaced(
        node,
        '{ onStart() {}, onEnd() {}, forceFlush: () => Promise.resolve(), shutdown: () => Promise.resolve() }',
        'the processor hands nothing to the exporter',
      ),
    ),
};

/** Faults of the SDK's set-up: when it is loaded, what it samples and where it exports to. */
export const SET_UP: Operator[] = [dropImport, importLater, exportElsewhere, neverSampled, otherProcessor];

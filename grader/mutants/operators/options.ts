import ts from 'typescript';
import type { Operator } from '../operator.ts';
import { nodesOf, quoted, replaced, withoutElement } from '../syntax.ts';

const dropProperty: Operator = {
  name: 'drop-property',
  find: (source) =>
    nodesOf(source, ts.isObjectLiteralExpression).flatMap(({ properties }) =>
      [...properties].map((property) => ({
        at: property.getStart(),
        edits: [withoutElement(properties, property)],
        what: `${quoted(property)} is left out`,
      })),
    ),
};

const dropElement: Operator = {
  name: 'drop-element',
  find: (source) =>
    nodesOf(source, ts.isArrayLiteralExpression).flatMap(({ elements }) =>
      [...elements].map((element) => ({
        at: element.getStart(),
        edits: [withoutElement(elements, element)],
        what: `${quoted(element)} is not in the list`,
      })),
    ),
};

/** An object of options as a whole. */
const dropOptions: Operator = {
  name: 'drop-options',
  find: (source) =>
    nodesOf(source, ts.isNewExpression).flatMap((node) => {
      const [options] = node.arguments ?? [];
      if (!options || !ts.isObjectLiteralExpression(options) || options.properties.length < 2) return [];
      return [
        { ...replaced(options, '', `${quoted(node.expression)} gets no options`), at: node.getStart() },
      ];
    }),
};

/** Anybody may, or gets: `origin: '*'`, and trace headers for every address. */
const everybody: Operator = {
  name: 'everybody',
  find: (source) =>
    nodesOf(source, ts.isPropertyAssignment).flatMap((property) => {
      const name = property.name.getText();
      const all = name === 'origin' ? "'*'" : /Urls$/.test(name) ? '[/.*/]' : null;
      return all ? [replaced(property.initializer, all, `${name} is ${all}`)] : [];
    }),
};

/** Faults of options: properties and elements left out, or opened to everybody. */
export const OPTIONS: Operator[] = [dropProperty, dropElement, dropOptions, everybody];

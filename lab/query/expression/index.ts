export { evaluateFormula } from './evaluate.ts';
export { columnsOf, expressionFault, patternsOf } from './functions.ts';
export { type Expression, MAX_EXPRESSION, parseExpression } from './parse.ts';
export { type ExpressionScope, expressionSql, type TypedSql, textSql } from './sql.ts';

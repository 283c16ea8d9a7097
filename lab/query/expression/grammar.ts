/**
 * Honeycomb's expression language as a grammar for peggy. Source: HCDC.g4 of Honeycomb's derived-column validator for
 * literals, columns and calls, and its documentation for the infix operators. Operators become the functions that the
 * reference gives for them, so that nothing behind the parser knows both forms. `-` binds closer than `+`, as there.
 */
export const GRAMMAR = String.raw`
{{
  const call = (name, args) => ({ kind: 'call', name, args });
  const OPERATORS = {
    '=': 'EQUALS', '<': 'LT', '<=': 'LTE', '>': 'GT', '>=': 'GTE',
    '+': 'SUM', '-': 'SUB', '*': 'MUL', '/': 'DIV', '%': 'MOD', 'AND': 'AND', 'OR': 'OR',
  };
  const infix = (head, tail) => tail.reduce((left, [operator, right]) =>
    operator === '!='
      ? call('NOT', [call('EQUALS', [left, right])])
      : call(OPERATORS[operator], [left, right]), head);
  const codePoint = (digits, radix) => {
    const code = parseInt(digits, radix);
    if (code > 0x10ffff) throw new Error('there is no such character');
    return String.fromCodePoint(code);
  };
}}

Start = _ expression:Or _ { return expression; }

Or = head:And tail:(_ @$("OR" ![A-Za-z0-9_]) _ @And)* { return infix(head, tail); }
And = head:Equality tail:(_ @$("AND" ![A-Za-z0-9_]) _ @Equality)* { return infix(head, tail); }
Equality = head:Comparison tail:(_ @("!=" / "=") _ @Comparison)* { return infix(head, tail); }
Comparison = head:Addition tail:(_ @("<=" / "<" / ">=" / ">") _ @Addition)* { return infix(head, tail); }
Addition = head:Subtraction tail:(_ @"+" _ @Subtraction)* { return infix(head, tail); }
Subtraction = head:Product tail:(_ @"-" _ @Product)* { return infix(head, tail); }
Product = head:Prefix tail:(_ @[*/%] _ @Prefix)* { return infix(head, tail); }
Prefix = "!" _ operand:Prefix { return call('NOT', [operand]); } / Primary

Primary
  = "(" _ @Or _ ")"
  / name:Name _ "(" _ args:Arguments? _ ")" { return call(name.toUpperCase(), args ?? []); }
  / Column
  / Literal

Arguments = head:Or tail:(_ "," _ @Or)* (_ ",")? { return [head, ...tail]; }

Name "function" = $([a-zA-Z] [a-zA-Z0-9_]*)

Column "column"
  = "$" name:(String / RawString) { return { kind: 'column', name }; }
  / "$" name:$ColumnCharacter+ { return { kind: 'column', name }; }
ColumnCharacter = [\p{L}\p{N}_./:=+?-]u

Literal "value"
  = value:(Number / String / RawString / Word) { return { kind: 'literal', value }; }
Number = text:$("-"? (([0-9]+ ("." [0-9]*)?) / ("." [0-9]+)) ([eE] [+-]? [0-9]+)?) {
  const value = Number(text);
  if (!Number.isFinite(value)) error('this number is too large');
  return value;
}
Word
  = "true" ![A-Za-z0-9_] { return true; }
  / "false" ![A-Za-z0-9_] { return false; }
  / "null" ![A-Za-z0-9_] { return null; }

RawString = "${'`'}" text:$[^${'`'}]* "${'`'}" { return text; }
String = '"' parts:(Plain / Escape)* '"' { return parts.join(''); }
Plain = $[^"\\]+
Escape = "\\" @(
    "u" digits:$(Hex|4|) { return codePoint(digits, 16); }
  / "U" digits:$(Hex|8|) { return codePoint(digits, 16); }
  / "x" digits:$(Hex|2|) { return codePoint(digits, 16); }
  / digits:$([0-7]|3|) { return codePoint(digits, 8); }
  / letter:[abfnrtv] { return { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }[letter]; }
  / [\\'"]
)
Hex = [0-9a-fA-F]

_ "" = [\p{White_Space}]u*
`;

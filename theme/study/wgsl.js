// Tells the words of WGSL apart, for the colors of the editor.

const KEYWORDS = new Set(
  (
    'alias break case const const_assert continue continuing default diagnostic discard else enable ' +
    'false fn for if let loop override requires return struct switch true var while ' +
    'function private read read_write storage uniform workgroup write'
  ).split(' '),
);
const TYPE = /^(?:array|atomic|bool|f16|[fiu]32|mat[2-4]x[2-4][fh]?|ptr|vec[2-4][fhiu]?)$/;
const TOKEN = new RegExp(
  [
    /(?<comment>\/\/.*|\/\*)/u,
    /(?<number>(?<![\w.])(?:0[xX][\da-fA-F.]+(?:[pP][+-]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fhiu]?)/u,
    /(?<attribute>@\w+)/u,
    /(?<called>[\p{L}_][\p{L}\p{N}_]*(?=\s*\())/u,
    /(?<word>[\p{L}_][\p{L}\p{N}_]*)/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gu',
);

/**
 * The parts of a text, in turn, with their kinds; what is none of them has none.
 * @param {string} text @returns {Generator<{ part: string, kind?: string }>}
 */
export function* tokens(text) {
  const token = new RegExp(TOKEN);
  let done = 0;
  for (let match; (match = token.exec(text)); ) {
    const kind = kindOf(match.groups ?? {});
    if (!kind) continue;
    if (done < match.index) yield { part: text.slice(done, match.index) };
    done = match[0] === '/*' ? endOfComment(text, match.index) : token.lastIndex;
    token.lastIndex = done;
    yield { part: text.slice(match.index, done), kind };
  }
  if (done < text.length) yield { part: text.slice(done) };
}

/** @param {{ [group: string]: string | undefined }} groups */
function kindOf({ called, word = called, ...others }) {
  if (word === undefined) return Object.keys(others).find((kind) => others[kind]);
  if (KEYWORDS.has(word)) return 'keyword';
  return called || TYPE.test(word) ? 'name' : undefined;
}

/** Comments may hold comments. @param {string} text @param {number} start */
function endOfComment(text, start) {
  let depth = 0;
  for (const { 0: sign, index } of text.slice(start).matchAll(/\/\*|\*\//g)) {
    depth += sign === '/*' ? 1 : -1;
    if (depth === 0) return start + index + sign.length;
  }
  return text.length;
}

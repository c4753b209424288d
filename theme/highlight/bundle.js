// Makes `theme/highlight.js`, which takes the place of mdBook's: the same program with the languages
// of this book only, a quarter of the size, and with WGSL. To make it again:
//
//   npm install highlight.js@10.6.0 esbuild@0.28.2
//   npx esbuild bundle.js --bundle --minify --outfile=../highlight.js \
//     '--banner:js=/*! highlight.js 10.6.0 | BSD-3-Clause | theme/highlight/LICENSE */'

import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import diff from 'highlight.js/lib/languages/diff';
import ini from 'highlight.js/lib/languages/ini';
import json from 'highlight.js/lib/languages/json';
import plaintext from 'highlight.js/lib/languages/plaintext';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import yaml from 'highlight.js/lib/languages/yaml';

const wgsl = (hljs) => ({
  name: 'WGSL',
  keywords: {
    keyword:
      'alias break case const const_assert continue continuing default diagnostic discard else ' +
      'enable fn for if let loop override requires return struct switch var while ' +
      'function private read read_write storage uniform workgroup write',
    literal: 'true false',
    built_in:
      'array atomic bool f16 f32 i32 u32 vec2 vec3 vec4 mat2x2 mat2x3 mat2x4 mat3x2 mat3x3 mat3x4 ' +
      'mat4x2 mat4x3 mat4x4 vec2f vec3f vec4f vec2i vec3i vec4i vec2u vec3u vec4u ptr sampler ' +
      'abs arrayLength clamp cos dot exp exp2 fma floor inverseSqrt log log2 max min pow select ' +
      'sin sqrt storageBarrier tanh workgroupBarrier workgroupUniformLoad',
  },
  contains: [
    hljs.C_LINE_COMMENT_MODE,
    hljs.COMMENT('/\\*', '\\*/', { contains: ['self'] }),
    { className: 'meta', begin: /@[a-z_]+/ },
    {
      className: 'number',
      begin: /\b0[xX][\da-fA-F]+[iu]?\b|\b\d+(\.\d*)?([eE][+-]?\d+)?[fhiu]?\b/,
      relevance: 0,
    },
    {
      className: 'function',
      beginKeywords: 'fn',
      keywords: 'fn',
      end: /\(/,
      excludeEnd: true,
      contains: [hljs.UNDERSCORE_TITLE_MODE],
    },
  ],
});

const languages = { bash, diff, ini, json, plaintext, python, rust, wgsl, yaml };
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);
globalThis.hljs = hljs;

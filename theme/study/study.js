// What every page loads. It looks at what the page has and imports only that.

const has = (selector) => document.querySelector(selector) !== null;

import('./access.js');
if (has('study-demo')) import('./demo.js');
if (has('section.quiz')) import('./quiz.js');
if (has('section.progress, table.checks')) import('./scores.js');
// A local build changes all the time: it is not kept.
if (!has('html[data-local]')) import('./offline.js');

// The entry point of every page: imports only what the page needs.

/** @param {string} selector */
const has = (selector) => document.querySelector(selector) !== null;

import('./access.js');
if (has('study-demo')) import('./demo.js');
if (has('section.quiz')) import('./quiz.js');
if (has('section.progress, table.checks')) import('./scores.js');
// A local build changes too often to be cached.
if (!has('html[data-local]')) import('./offline.js');

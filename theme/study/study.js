// The entry point of every page: imports only what the page needs. What is imported here is named in
// `crates/book/src/modules.rs` as well, for the browser to fetch it early.

/** @param {string} selector */
const has = (selector) => document.querySelector(selector) !== null;

import('./access.js');
import('./print.js');
if (has('study-demo')) import('./demo.js');
if (has('section.quiz')) import('./quiz.js');
if (has('section.progress, table.checks')) import('./scores.js');
// A local build changes too often to be cached.
if (!has('html[data-local]')) import('./offline.js');

// Reads files in the worker, chunk by chunk, with progress reports: the reader's, as UTF-8 or as they
// are, and those of the book's models.

import { formatBytes } from './units.js';

/** Bytes between two progress reports. */
const REPORT_BYTES = 256 * 1024;
/** Milliseconds between two reports of a slow file: the worker must not seem to hang. */
const REPORT_MS = 5000;

/** @typedef {{ text: string, bytes?: Uint8Array }} Content A file of bytes has its name as text. */
/** @typedef {(message: FromWorker) => void} Post */

/** @type {Map<string, { id: number } & Content>} What the last file of each control held. */
const cache = new Map();
/** @type {Map<string, Uint8Array>} By name. */
const assets = new Map();
/** @type {Map<string, Uint8Array>} By run and control. */
const given = new Map();
/** @type {Map<number, () => void>} By run. */
const cancellers = new Map();

class NotText extends Error {}

const SAVE_AS = 'Save it as UTF-8, which every text editor offers, and choose it again.';

/**
 * The texts of the files of a run, by control; null if it was cancelled or failed, which is posted.
 * @param {Pick<RunMessage, 'run' | 'demo' | 'files'>} message @param {Post} post
 */
export async function textsOf({ run, demo, files }, post) {
  /** @type {Record<string, string>} */
  const texts = {};
  let cancelled = false;
  for (const [control, { id, file, binary }] of Object.entries(files ?? {})) {
    const key = `${demo} ${control}`;
    /** @param {Content} content */
    const use = ({ text, bytes }) => {
      texts[control] = text;
      if (bytes) given.set(`${run} ${control}`, bytes);
    };
    const cached = cache.get(key);
    if (cached?.id === id) {
      use(cached);
      continue;
    }
    const reader = file.stream().getReader();
    // A stream that has failed cannot be cancelled, and need not be.
    const close = () => reader.cancel().catch(() => {});
    cancellers.set(run, () => {
      cancelled = true;
      close();
    });
    try {
      const report = reporter(`reading ${file.name}`, file.size, run, post);
      const content = await (binary ? readBytes : readText)(file, reader, report);
      if (!cancelled) cache.set(key, { id, ...content });
      use(content);
    } catch (error) {
      // A cancelled stream may end with any error.
      if (!cancelled) {
        post({ type: 'error', run, control, file: id, message: `“${file.name}” ${describe(error)}` });
        return null;
      }
    } finally {
      cancellers.delete(run);
      close();
    }
    if (cancelled) {
      forget(run);
      post({ type: 'cancelled', run });
      return null;
    }
  }
  return texts;
}

/** The bytes of a file of a run. @param {number} run @param {string} control */
export const bytesOf = (run, control) => given.get(`${run} ${control}`);

/** Drops the files of a run that has ended. @param {number} run */
export function forget(run) {
  for (const key of given.keys()) if (key.startsWith(`${run} `)) given.delete(key);
}

/**
 * A file of the book's models, fetched once. Throws a text that says why it does not come, and null if
 * the run was cancelled.
 * @param {number} run @param {string} name @param {Post} post
 */
export async function assetOf(run, name, post) {
  const found = assets.get(name);
  if (found) return found;
  const controller = new AbortController();
  cancellers.set(run, () => controller.abort());
  try {
    const response = await fetch(new URL(`../models/${name}`, import.meta.url), { signal: controller.signal });
    if (!response.ok || !response.body) throw new Error(`the site answers ${response.status}`);
    const { headers } = response;
    // Of a packed file the header says the packed size.
    const size = headers.has('content-encoding') ? 0 : Number(headers.get('content-length'));
    const report = reporter(`loading ${name}`, size, run, post);
    const bytes = await readChunks(response.body.getReader(), report);
    assets.set(name, bytes);
    return bytes;
  } catch (error) {
    if (controller.signal.aborted) throw null;
    const why = /** @type {Error} */ (error)?.message ?? error;
    throw `The book’s file models/${name} did not come (${why}). Is the network there? Run it again then.`;
  } finally {
    cancellers.delete(run);
  }
}

/** @param {number} run */
export function stopReading(run) {
  cancellers.get(run)?.();
}

/**
 * Posts how far the reading of a file is; its size is 0 if unknown.
 * @param {string} doing @param {number} size @param {number} run @param {Post} post
 */
function reporter(doing, size, run, post) {
  return (/** @type {number} */ done) => {
    const what = `${doing}, ${formatBytes(done)}${size ? ` of ${formatBytes(size)}` : ''}`;
    // For a total of 1 the page shows no percentage beside the sizes.
    post({ type: 'event', run, event: { type: 'progress', what, done: size ? done / size : 0, total: 1 } });
  };
}

/**
 * Gives each chunk to `take`, and reports.
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader @param {(done: number) => void} report
 * @param {(chunk: Uint8Array, at: number) => void} take
 */
async function pump(reader, report, take) {
  let done = 0;
  let reported = 0;
  const tell = () => {
    reported = done;
    report(done);
  };
  tell();
  const timer = setInterval(tell, REPORT_MS);
  try {
    for (;;) {
      const { done: ended, value } = await reader.read();
      if (ended) return;
      take(value, done);
      done += value.length;
      if (done - reported >= REPORT_BYTES) {
        tell();
        // Lets `onmessage` run: reading a file in memory does not yield.
        await new Promise((resolve) => setTimeout(resolve));
      }
    }
  } finally {
    clearInterval(timer);
  }
}

/** @param {ReadableStreamDefaultReader<Uint8Array>} reader @param {(done: number) => void} report */
async function readChunks(reader, report) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  await pump(reader, report, (chunk) => chunks.push(new Uint8Array(chunk)));
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/**
 * @param {File} file @param {ReadableStreamDefaultReader<Uint8Array>} reader
 * @param {(done: number) => void} report
 */
async function readBytes(file, reader, report) {
  return { text: file.name, bytes: await readChunks(reader, report) };
}

/**
 * @param {File} _ @param {ReadableStreamDefaultReader<Uint8Array>} reader
 * @param {(done: number) => void} report
 */
async function readText(_, reader, report) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  /** @type {string[]} */
  const parts = [];
  await pump(reader, report, (chunk, at) => {
    if (at === 0) rejectUtf16(chunk);
    if (chunk.includes(0)) {
      throw new NotText(`is not plain text: it has NUL bytes, as a picture or UTF-16 has. ${SAVE_AS}`);
    }
    parts.push(decoder.decode(chunk, { stream: true }));
  });
  parts.push(decoder.decode());
  // Line ends as in a text area. The decoder has removed a byte order mark.
  const text = parts.join('').replace(/\r\n?/g, '\n');
  if (!text) throw new NotText('is empty. Choose a file with some text in it.');
  return { text };
}

/** @param {Uint8Array} bytes */
function rejectUtf16([first, second]) {
  const mark = (first << 8) | second;
  if (mark === 0xfffe || mark === 0xfeff) throw new NotText(`is UTF-16, not UTF-8. ${SAVE_AS}`);
}

/** @param {unknown} error */
function describe(error) {
  if (error instanceof NotText) return error.message;
  if (error instanceof TypeError) return `is not text in UTF-8. ${SAVE_AS}`;
  return 'cannot be read. Was it moved, or changed, since you chose it? Choose it again.';
}

// Reads text files in the worker: as UTF-8, chunk by chunk, with progress reports.

import { formatBytes } from './units.js';

/** Bytes between two progress reports. */
const REPORT_BYTES = 256 * 1024;
/** Milliseconds between two reports of a slow file: the worker must not seem to hang. */
const REPORT_MS = 5000;

/** @type {Map<string, { id: number, text: string }>} The last text of each control. */
const cache = new Map();
/** @type {Map<number, () => void>} By run. */
const cancellers = new Map();

class NotText extends Error {}

const SAVE_AS = 'Save it as UTF-8, which every text editor offers, and choose it again.';

/**
 * The texts of the files of a run, by control; null if it was cancelled or failed, which is posted.
 * @param {Pick<RunMessage, 'run' | 'demo' | 'files'>} message @param {(message: FromWorker) => void} post
 */
export async function textsOf({ run, demo, files }, post) {
  /** @type {Record<string, string>} */
  const texts = {};
  let cancelled = false;
  for (const [control, { id, file }] of Object.entries(files ?? {})) {
    const key = `${demo} ${control}`;
    const cached = cache.get(key);
    if (cached?.id === id) {
      texts[control] = cached.text;
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
      const text = await read(file, reader, (event) => post({ type: 'event', run, event }));
      if (!cancelled) cache.set(key, { id, text });
      texts[control] = text;
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
      post({ type: 'cancelled', run });
      return null;
    }
  }
  return texts;
}

/** @param {number} run */
export function stopReading(run) {
  cancellers.get(run)?.();
}

/**
 * @param {File} file @param {ReadableStreamDefaultReader<Uint8Array>} reader
 * @param {(event: ProgressReport) => void} post
 */
async function read(file, reader, post) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parts = [];
  let done = 0;
  let reported = 0;
  const report = () => {
    reported = done;
    const what = `reading ${file.name}, ${formatBytes(done)} of ${formatBytes(file.size)}`;
    // For a total of 1 the page shows no percentage beside the sizes.
    post({ type: 'progress', what, done: file.size ? done / file.size : 0, total: 1 });
  };
  report();
  const timer = setInterval(report, REPORT_MS);
  try {
    for (;;) {
      const { done: ended, value } = await reader.read();
      if (ended) break;
      if (done === 0) rejectUtf16(value);
      if (value.includes(0)) {
        throw new NotText(`is not plain text: it has NUL bytes, as a picture or UTF-16 has. ${SAVE_AS}`);
      }
      parts.push(decoder.decode(value, { stream: true }));
      done += value.length;
      if (done - reported >= REPORT_BYTES) {
        report();
        // Lets `onmessage` run: reading a file in memory does not yield.
        await new Promise((resolve) => setTimeout(resolve));
      }
    }
    parts.push(decoder.decode());
  } finally {
    clearInterval(timer);
  }
  // Line ends as in a text area. The decoder has removed a byte order mark.
  const text = parts.join('').replace(/\r\n?/g, '\n');
  if (!text) throw new NotText('is empty. Choose a file with some text in it.');
  return text;
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

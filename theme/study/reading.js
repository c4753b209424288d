// Reads a reader's text file, in the worker: as UTF-8, piece by piece, with word of how far it is.

import { bytes } from './units.js';

/** Bytes between two words of how far it is. */
const STEP = 256 * 1024;
/** Milliseconds after which a file that is slow to come is spoken of again. */
const BEAT = 5000;

/** The last text read for each control, so that a slider's every move does not read its file again. */
const kept = new Map();
/** What ends the reading of each run. */
const stops = new Map();

/** A file that is no text; what it says is for the reader. */
class Unreadable extends Error {}

const SAVE_AS = 'Save it as UTF-8, which every text editor offers, and choose it again.';

/**
 * The texts of the files of a run, `{control: {id, file}}`, by control. `tell` receives the messages
 * to the page. Gives null if the run is over: cancelled, or a file cannot be used.
 */
export async function textsOf({ run, demo, files }, tell) {
  const texts = {};
  let cancelled = false;
  for (const [control, { id, file }] of Object.entries(files ?? {})) {
    const place = `${demo} ${control}`;
    if (kept.get(place)?.id === id) {
      texts[control] = kept.get(place).text;
      continue;
    }
    const reader = file.stream().getReader();
    // A stream that has failed already cannot be cancelled, nor need it be.
    const end = () => reader.cancel().catch(() => {});
    stops.set(run, () => {
      cancelled = true;
      end();
    });
    try {
      const text = await read(file, reader, (event) => tell({ type: 'event', run, event }));
      if (!cancelled) kept.set(place, { id, text });
      texts[control] = text;
    } catch (error) {
      // A stream that was cancelled may end with any error.
      if (!cancelled) {
        tell({ type: 'error', run, control, file: id, message: `“${file.name}” ${why(error)}` });
        return null;
      }
    } finally {
      stops.delete(run);
      end();
    }
    if (cancelled) {
      tell({ type: 'cancelled', run });
      return null;
    }
  }
  return texts;
}

/** Ends the reading of a run. */
export function stopReading(run) {
  stops.get(run)?.();
}

async function read(file, reader, tell) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parts = [];
  let done = 0;
  let told = 0;
  const say = () => {
    told = done;
    const what = `reading ${file.name}, ${bytes(done)} of ${bytes(file.size)}`;
    // Of a total of one the page shows the line, and no percentage beside the sizes.
    tell({ type: 'progress', what, done: file.size ? done / file.size : 0, total: 1 });
  };
  say();
  const beat = setInterval(say, BEAT);
  try {
    for (;;) {
      const { done: ended, value } = await reader.read();
      if (ended) break;
      if (done === 0) expectNoUtf16(value);
      if (value.includes(0)) {
        throw new Unreadable(`is not plain text: it has NUL bytes, as a picture or UTF-16 has. ${SAVE_AS}`);
      }
      parts.push(decoder.decode(value, { stream: true }));
      done += value.length;
      if (done - told >= STEP) {
        say();
        // Time for a word from the page: a file in memory is read without any pause.
        await new Promise((go) => setTimeout(go));
      }
    }
    parts.push(decoder.decode());
  } finally {
    clearInterval(beat);
  }
  // As in a text area. The decoder has taken off a mark of UTF-8 at the beginning.
  const text = parts.join('').replace(/\r\n?/g, '\n');
  if (!text) throw new Unreadable('is empty. Choose a file with some text in it.');
  return text;
}

function expectNoUtf16([first, second]) {
  const mark = (first << 8) | second;
  if (mark === 0xfffe || mark === 0xfeff) throw new Unreadable(`is UTF-16, not UTF-8. ${SAVE_AS}`);
}

function why(error) {
  if (error instanceof Unreadable) return error.message;
  if (error instanceof TypeError) return `is not text in UTF-8. ${SAVE_AS}`;
  return 'cannot be read. Was it moved, or changed, since you chose it? Choose it again.';
}

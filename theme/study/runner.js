// The life of the page's one worker: hired at the first need, dismissed when it crashes or falls
// silent, and hired afresh for the next run.

/** Seconds without a message until the reader is told, and until the worker is dismissed. */
const SILENT = 10;
const DEAD = 20;

let worker = null;
let ready = false;
let silence = 0;
let clock = 0;
let lastRun = 0;
/** Runs the worker is busy with, by number. */
const busy = new Map();

/** Loads the WebAssembly of the page's demos if it is not there yet; it has the name of their lesson. */
export function warmUp(lesson) {
  if (worker) return;
  ready = false;
  worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: lesson });
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault();
    replace(new Set(busy.keys()), {
      type: 'panic',
      message: event.message || 'The program of the demos could not be loaded.',
    });
  };
}

/**
 * Runs a demo: `{lesson, demo, subject, backend, inputs}`. `tell` receives the worker's messages, and
 * `loading`, `silent` and `panic` from here. A newer run of the same owner takes its place: at
 * most one run of an owner is in the worker, so a slider never fills its queue.
 */
export function start(owner, request, tell) {
  const job = { owner, request, tell, next: null };
  const before = [...busy.values()].find((other) => other.owner === owner);
  if (before) {
    before.next = job;
    worker.postMessage({ type: 'cancel', run: before.run });
  } else {
    begin(job);
  }
}

/** Ends the run of an owner: politely, and if that does not help by dismissing the worker. */
export function stop(owner) {
  const job = [...busy.values()].find((other) => other.owner === owner);
  if (!job) return;
  job.next = null;
  worker.postMessage({ type: 'cancel', run: job.run });
  setTimeout(
    () => {
      if (busy.get(job.run) === job) replace(new Set([job.run]), { type: 'cancelled' });
    },
    ready ? 1000 : 0,
  );
}

function begin(job) {
  warmUp(job.request.lesson);
  job.run = ++lastRun;
  busy.set(job.run, job);
  silence = 0;
  clock ||= setInterval(tick, 1000);
  job.tell({ type: ready ? 'waiting' : 'loading' });
  worker.postMessage({ type: 'run', run: job.run, ...job.request });
}

function hear(message) {
  silence = 0;
  if (message.type === 'ready') {
    ready = true;
    for (const job of busy.values()) job.tell({ type: 'waiting' });
    return;
  }
  if (message.type === 'broken') {
    const text = `The demos could not be loaded (${message.message}). Is the network there?`;
    replace(new Set(busy.keys()), { type: 'error', message: text });
    return;
  }
  if (message.type === 'panic') {
    replace(new Set([message.run]), message);
    return;
  }
  const job = busy.get(message.run);
  if (!job) return;
  // Of a run that has a successor only its views are still of interest.
  if (!job.next || message.type === 'event') job.tell(message);
  if (['done', 'error', 'cancelled'].includes(message.type)) {
    busy.delete(job.run);
    if (job.next) begin(job.next);
    rest();
  }
}

/** Ends the worker. The runs to blame hear why; the others start again in a fresh one. */
function replace(blamed, why) {
  if (worker) dismiss(worker, why.type === 'panic');
  worker = null;
  ready = false;
  const jobs = [...busy.values()];
  busy.clear();
  for (const job of jobs) {
    if (!blamed.has(job.run)) begin(job.next ?? job);
    else if (job.next) begin(job.next);
    else job.tell(why);
  }
  rest();
}

/**
 * Ends a worker. One that still answers waits for a kernel that never ends: taking its device away
 * would make the browser wait, too, and with it every other worker. So it is left alone until its
 * GPU lets go of it.
 */
function dismiss(old, crashed) {
  let waitsForGpu = false;
  old.onerror = null;
  old.onmessage = ({ data }) => {
    if (data.type === 'pong') waitsForGpu = true;
    else if (['done', 'error', 'cancelled', 'panic'].includes(data.type)) old.terminate();
  };
  if (crashed) return old.terminate();
  old.postMessage({ type: 'ping' });
  setTimeout(() => waitsForGpu || old.terminate(), 1000);
}

function rest() {
  if (busy.size > 0) return;
  clearInterval(clock);
  clock = 0;
}

// Counts ticks instead of reading the time: a sleeping laptop must not look like a dead worker.
function tick() {
  silence += 1;
  if (silence === SILENT) {
    for (const job of busy.values()) job.tell({ type: 'silent', loading: !ready });
  }
  if (ready && silence >= DEAD) {
    const message =
      `Stopped: it gave no sign of life for ${DEAD} s. Is there a loop that never ends? ` +
      'The next run starts afresh.';
    replace(new Set(busy.keys()), { type: 'error', message });
  }
}

// Starts the page's one worker when it is first needed, terminates it when it crashes or hangs, and
// starts a new one for the next run.

/** Seconds without a message until the reader is warned, and until the worker is terminated. */
const WARN_AFTER = 10;
const TERMINATE_AFTER = 20;

const MISSING = 'The demos could not be loaded: a script of them is missing. Is the network there?';
const NO_WORKER =
  'This browser starts no worker for this page, and demos run in one. Try another browser, or serve ' +
  'the book with a web server if you opened it as a file.';

/** @type {Worker | null} */
let worker = null;
let ready = false;
let silentSeconds = 0;
let watchdog = 0;
let lastRun = 0;
/** @type {Map<number, Job>} The runs in the worker. */
const jobs = new Map();

/**
 * Starts the worker, which loads the lesson's WebAssembly, if there is none; false where the browser
 * has no workers for this page. @param {string} lesson
 */
export function ensureWorker(lesson) {
  if (worker) return true;
  ready = false;
  try {
    worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: lesson });
  } catch {
    return false;
  }
  worker.onmessage = ({ data }) => onMessage(data);
  worker.onerror = (event) => {
    event.preventDefault();
    const { message } = event;
    // Without a message a script is missing.
    restartWorker([...jobs.keys()], message ? { type: 'panic', message } : { type: 'error', message: MISSING });
  };
  return true;
}

/**
 * Runs a demo, after cancelling an earlier run of the same owner: at most one run of an owner is in
 * the worker, so that a slider never fills its queue.
 * @param {object} owner @param {PageRequest} request @param {Notify} notify
 */
export function startRun(owner, request, notify) {
  const job = { run: 0, owner, request, notify, next: null };
  const current = jobOf(owner);
  if (current) {
    current.next = job;
    post({ type: 'cancel', run: current.run });
  } else {
    startJob(job);
  }
}

/** Cancels the run of an owner; terminates a worker that does not react. @param {object} owner */
export function stopRun(owner) {
  const job = jobOf(owner);
  if (!job) return;
  job.next = null;
  post({ type: 'cancel', run: job.run });
  setTimeout(
    () => {
      if (jobs.get(job.run) === job) restartWorker([job.run], { type: 'cancelled' });
    },
    ready ? 1000 : 0,
  );
}

/** @param {object} owner */
const jobOf = (owner) => [...jobs.values()].find((job) => job.owner === owner);

/** @param {ToWorker} message */
const post = (message, to = worker) => to?.postMessage(message);

/** @param {Job} job */
function startJob(job) {
  if (!ensureWorker(job.request.lesson)) return job.notify({ type: 'error', message: NO_WORKER });
  job.run = ++lastRun;
  jobs.set(job.run, job);
  silentSeconds = 0;
  watchdog ||= setInterval(checkSilence, 1000);
  job.notify({ type: ready ? 'waiting' : 'loading' });
  post({ type: 'run', run: job.run, ...job.request });
}

/** @param {FromWorker} message */
function onMessage(message) {
  silentSeconds = 0;
  if (message.type === 'pong') return;
  if (message.type === 'ready') {
    ready = true;
    for (const job of jobs.values()) job.notify({ type: 'waiting' });
    return;
  }
  if (message.type === 'broken') {
    const text = `The demos could not be loaded (${message.message}). Is the network there?`;
    restartWorker([...jobs.keys()], { type: 'error', message: text });
    return;
  }
  if (message.type === 'panic') {
    restartWorker([message.run], message);
    return;
  }
  const job = jobs.get(message.run);
  if (!job) return;
  // Once a newer run waits, only the events of this one are passed on.
  if (!job.next || message.type === 'event') job.notify(message);
  if (['done', 'error', 'cancelled'].includes(message.type)) {
    jobs.delete(job.run);
    if (job.next) startJob(job.next);
    stopWatchdogIfIdle();
  }
}

/**
 * Terminates the worker. Failed runs are told the reason; the others start again in a new worker.
 * @param {number[]} failedRuns @param {RunnerMessage} reason
 */
function restartWorker(failedRuns, reason) {
  if (worker) terminate(worker, reason.type === 'panic');
  worker = null;
  ready = false;
  const unfinished = [...jobs.values()];
  jobs.clear();
  for (const job of unfinished) {
    if (!failedRuns.includes(job.run)) startJob(job.next ?? job);
    else if (job.next) startJob(job.next);
    else job.notify(reason);
  }
  stopWatchdogIfIdle();
}

/**
 * Terminates a worker; one that answers a ping only after its next result. It waits for a kernel that
 * may never end, and to destroy its device now would block the browser's GPU process.
 * @param {Worker} old @param {boolean} crashed
 */
function terminate(old, crashed) {
  let waitsForGpu = false;
  old.onerror = null;
  old.onmessage = (/** @type {MessageEvent<FromWorker>} */ { data }) => {
    if (data.type === 'pong') waitsForGpu = true;
    else if (['done', 'error', 'cancelled', 'panic'].includes(data.type)) old.terminate();
  };
  if (crashed) return old.terminate();
  post({ type: 'ping' }, old);
  setTimeout(() => waitsForGpu || old.terminate(), 1000);
}

function stopWatchdogIfIdle() {
  if (jobs.size > 0) return;
  clearInterval(watchdog);
  watchdog = 0;
}

// Counts ticks instead of reading the clock, which goes on while a laptop sleeps.
function checkSilence() {
  silentSeconds += 1;
  if (silentSeconds === WARN_AFTER) {
    for (const job of jobs.values()) job.notify({ type: 'silent', loading: !ready });
  }
  if (ready && silentSeconds >= TERMINATE_AFTER) {
    const message =
      `Stopped: it gave no sign of life for ${TERMINATE_AFTER} s. Is there a loop that never ends? ` +
      'The next run starts afresh.';
    restartWorker([...jobs.keys()], { type: 'error', message });
  }
}

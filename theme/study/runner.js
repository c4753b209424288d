// Runs demos in workers, one for each WebAssembly module: that of the page, and in a kernel lab that
// of the interpreter. A worker is started when it is first needed, terminated when it crashes or
// hangs, and a new one is started for the next run.

/** Seconds without a message until the reader is warned, and until the worker is terminated. */
const WARN_AFTER = 10;
const TERMINATE_AFTER = 20;

const MISSING = 'The demos could not be loaded: a script of them is missing. Is the network there?';
const NO_WORKER =
  'This browser starts no worker for this page, and demos run in one. Try another browser, or serve ' +
  'the book with a web server if you opened it as a file.';

let lastRun = 0;

/** The worker of a module, and the runs in it. */
class Runner {
  /** @type {Worker | null} */
  worker = null;
  ready = false;
  silentSeconds = 0;
  watchdog = 0;
  /** @type {Map<number, Job>} */
  jobs = new Map();

  /** @param {string} module */
  constructor(module) {
    this.module = module;
  }

  /** Starts the worker, which loads the module, if there is none; false where there are no workers. */
  ensureWorker() {
    if (this.worker) return true;
    this.ready = false;
    try {
      this.worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: this.module });
    } catch {
      return false;
    }
    this.worker.onmessage = ({ data }) => this.onMessage(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      const { message } = event;
      // Without a message a script is missing.
      this.restartWorker([...this.jobs.keys()], message ? { type: 'panic', message } : { type: 'error', message: MISSING });
    };
    return true;
  }

  /** @param {object} owner */
  jobOf(owner) {
    return [...this.jobs.values()].find((job) => job.owner === owner);
  }

  /** @param {ToWorker} message */
  post(message) {
    this.worker?.postMessage(message);
  }

  /** @param {Job} job */
  startJob(job) {
    if (!this.ensureWorker()) return job.notify({ type: 'error', message: NO_WORKER });
    job.run = ++lastRun;
    this.jobs.set(job.run, job);
    this.silentSeconds = 0;
    this.watchdog ||= setInterval(() => this.checkSilence(), 1000);
    job.notify({ type: this.ready ? 'waiting' : 'loading' });
    this.post({ type: 'run', run: job.run, ...job.request });
  }

  /** @param {Job} job */
  stopJob(job) {
    job.next = null;
    this.post({ type: 'cancel', run: job.run });
    setTimeout(
      () => {
        if (this.jobs.get(job.run) === job) this.restartWorker([job.run], { type: 'cancelled' });
      },
      this.ready ? 1000 : 0,
    );
  }

  /** @param {FromWorker} message */
  onMessage(message) {
    this.silentSeconds = 0;
    if (message.type === 'pong') return;
    if (message.type === 'ready') {
      this.ready = true;
      for (const job of this.jobs.values()) job.notify({ type: 'waiting' });
      return;
    }
    if (message.type === 'broken') {
      const text = `The demos could not be loaded (${message.message}). Is the network there?`;
      this.restartWorker([...this.jobs.keys()], { type: 'error', message: text });
      return;
    }
    if (message.type === 'panic') {
      this.restartWorker([message.run], message);
      return;
    }
    const job = this.jobs.get(message.run);
    if (!job) return;
    // Once a newer run waits, only the events of this one are passed on.
    if (!job.next || message.type === 'event') job.notify(message);
    if (['done', 'error', 'cancelled'].includes(message.type)) {
      this.jobs.delete(job.run);
      if (job.next) this.startJob(job.next);
      this.stopWatchdogIfIdle();
    }
  }

  /**
   * Terminates the worker. Failed runs are told the reason; the others start again in a new worker.
   * @param {number[]} failedRuns @param {RunnerMessage} reason
   */
  restartWorker(failedRuns, reason) {
    if (this.worker) terminate(this.worker, reason.type === 'panic');
    this.worker = null;
    this.ready = false;
    const unfinished = [...this.jobs.values()];
    this.jobs.clear();
    for (const job of unfinished) {
      if (!failedRuns.includes(job.run)) this.startJob(job.next ?? job);
      else if (job.next) this.startJob(job.next);
      else job.notify(reason);
    }
    this.stopWatchdogIfIdle();
  }

  stopWatchdogIfIdle() {
    if (this.jobs.size > 0) return;
    clearInterval(this.watchdog);
    this.watchdog = 0;
  }

  // Counts ticks instead of reading the clock, which goes on while a laptop sleeps.
  checkSilence() {
    this.silentSeconds += 1;
    if (this.silentSeconds === WARN_AFTER) {
      for (const job of this.jobs.values()) job.notify({ type: 'silent', loading: !this.ready });
    }
    if (this.ready && this.silentSeconds >= TERMINATE_AFTER) {
      const message =
        `Stopped: it gave no sign of life for ${TERMINATE_AFTER} s. Is there a loop that never ends? ` +
        'The next run starts afresh.';
      this.restartWorker([...this.jobs.keys()], { type: 'error', message });
    }
  }
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
  old.postMessage({ type: 'ping' });
  setTimeout(() => waitsForGpu || old.terminate(), 1000);
}

/** @type {Map<string, Runner>} By module. */
const runners = new Map();

/** @param {string} module */
function runnerOf(module) {
  const runner = runners.get(module) ?? new Runner(module);
  runners.set(module, runner);
  return runner;
}

/** Loads the module of a lesson's page, if it is not there yet. @param {string} lesson */
export const ensureWorker = (lesson) => runnerOf(lesson).ensureWorker();

/**
 * Runs a demo, after cancelling an earlier run of the same owner: at most one run of an owner is in
 * a worker, so that a slider never fills its queue.
 * @param {object} owner @param {PageRequest} request @param {Notify} notify
 */
export function startRun(owner, request, notify) {
  const runner = runnerOf(request.lesson);
  const job = { run: 0, owner, request, notify, next: null };
  const current = runner.jobOf(owner);
  if (!current) return runner.startJob(job);
  current.next = job;
  runner.post({ type: 'cancel', run: current.run });
}

/** Cancels the run of an owner; terminates a worker that does not react. @param {object} owner */
export function stopRun(owner) {
  for (const runner of runners.values()) {
    const job = runner.jobOf(owner);
    if (job) runner.stopJob(job);
  }
}

// “Thread by thread” in a kernel lab: what each thread of the reader's kernel does, and what is wrong
// with it. The kernel runs in the interpreter, the WebAssembly module of a page of its own, which is
// loaded only now.

import { startRun, stopRun } from './runner.js';
import { replaceViews } from './views.js';

/** The page of threads; its demo has the same name. */
const PAGE = 'kernel-threads';
/** So many orders of the threads can be tried. */
const ORDERS = 20;

export class Threads {
  order = 1;
  source = '';
  summary = '';

  /** @param {HTMLElement} box The section of the lab. @param {() => void} onShown */
  constructor(box, onShown) {
    this.box = box;
    this.onShown = onShown;
    this.line = /** @type {HTMLElement} */ (box.querySelector('.threads-status'));
    this.views = /** @type {HTMLElement} */ (box.querySelector('.views'));
    this.another = /** @type {HTMLElement} */ (box.querySelector('.another'));
    this.another.addEventListener('click', () => {
      this.order = (this.order % ORDERS) + 1;
      this.run(this.source);
    });
    this.clear();
  }

  /** @param {string} source */
  run(source) {
    this.source = source;
    this.box.hidden = false;
    this.box.dataset.state = 'running';
    const inputs = { kernel: 'own', order: `${this.order}`, source };
    const request = { lesson: PAGE, demo: PAGE, subject: /** @type {const} */ ('reference'), inputs, files: {} };
    startRun(this, { ...request, backend: 'cpu' }, (message) => this.onMessage(message));
  }

  /** @param {RunnerMessage} message */
  onMessage(message) {
    switch (message.type) {
      case 'loading':
        this.line.textContent = 'Loading the interpreter of kernels, once for all labs …';
        break;
      case 'event':
        if (message.event.type !== 'views') break;
        this.summary = message.event.summary;
        replaceViews(this.views, message.event.html);
        this.onShown();
        break;
      case 'done':
        this.end('done', this.summary);
        break;
      case 'error':
        this.fail(message.message);
        break;
      case 'panic':
        this.fail(`The interpreter itself failed, not your kernel: ${message.message}`);
        break;
    }
  }

  /** @param {string} why */
  fail(why) {
    this.views.replaceChildren();
    this.end('error', why);
  }

  /** @param {'done' | 'error'} state @param {string} text */
  end(state, text) {
    this.line.textContent = text;
    this.box.dataset.state = state;
    this.another.hidden = state === 'error';
  }

  /** What was shown is of another kernel now. */
  clear() {
    stopRun(this);
    this.box.hidden = true;
    this.box.dataset.state = 'idle';
    this.line.textContent = '';
    this.views.replaceChildren();
    this.another.hidden = true;
    this.order = 1;
  }
}

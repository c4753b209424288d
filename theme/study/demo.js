// `<study-demo>`: makes the prerendered demo interactive. The worker is started when a control takes
// the focus, or to run with the settings of a link or a draft.

import { createEditor } from './editor.js';
import { FilePicker } from './files.js';
import { findControls, findOptions } from './form.js';
import { ensureWorker, startRun, stopRun } from './runner.js';
import { dropDrafts, restoreSettings, saveSettings } from './share.js';
import { Status } from './status.js';
import { addScrubbers, measurePicture, replaceViews } from './views.js';

class Demo {
  frame = 0;
  /** What the threads of a lab's kernel do, once it is asked for. @type {import('./threads.js').Threads | null} */
  threads = null;
  /** Files to save, once there are some. @type {import('./offers.js').Offers | null} */
  offers = null;
  /** One import for all files: they come in the order in which they are offered. */
  offering = /** @type {Promise<import('./offers.js').Offers | null> | null} */ (null);
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.name = root.getAttribute('name') ?? '';
    this.lesson = root.dataset.lesson ?? '';
    this.runsOnInput = root.dataset.start === 'on-input';
    this.form = /** @type {HTMLFormElement} */ (root.querySelector('form'));
    this.views = /** @type {HTMLElement} */ (root.querySelector('.views'));
    this.status = new Status(root);
    this.controls = findControls(this.form);
    this.options = findOptions(this.form);
    this.controlsAndOptions = new Map([...this.controls, ...this.options]);
    for (const control of this.controls.values()) {
      const editor = control.box.querySelector('.editor');
      if (editor) control.editor = createEditor(editor);
      if (!control.box.querySelector('.file')) continue;
      control.file = new FilePicker(control, (error) => this.onFileChange(control, error));
    }
    addScrubbers(this.views);
    this.prerendered = [...this.views.childNodes];
    this.addListeners();
    this.form.querySelector('fieldset')?.removeAttribute('disabled');
    root.querySelector('.unloaded')?.remove();
    document.fonts.ready.then(() => measurePicture(root));
    this.restore();
  }

  addListeners() {
    this.form.addEventListener('input', (event) => this.onInput(event.target));
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.run();
    });
    this.form.querySelector('.stop')?.addEventListener('click', () => stopRun(this));
    this.form.querySelector('.reset')?.addEventListener('click', () => this.reset());
    this.form.querySelector('.by-thread')?.addEventListener('click', () => this.showThreads());
    this.form.addEventListener('focusin', () => ensureWorker(this.lesson), { once: true });
    this.root.addEventListener('click', ({ target }) => this.goToError(/** @type {Element} */ (target)));
    this.root.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.run();
      // Keeps mdBook's keys (next chapter, search, help) from acting within a demo.
      if (event.key !== 'Escape') event.stopPropagation();
    });
  }

  /** Restores settings from the URL and from drafts, and runs with them once the demo is near. */
  restore() {
    const { restored, rejected, note } = restoreSettings(this.name, this.controlsAndOptions);
    for (const name of rejected) {
      this.controls.get(name)?.showError('The value in the address does not fit here; this is the default.');
    }
    for (const control of this.controls.values()) {
      control.refresh();
      if (!control.isDefault) control.unfold();
    }
    this.status.showNote(note);
    if (restored.length === 0) return;
    const hint = 'These are not the default settings. Press Run to see what they give.';
    if (!this.runsOnInput) return this.status.announce(hint);
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        this.run();
      },
      { rootMargin: '200px' },
    );
    observer.observe(this.root);
  }

  /** @param {EventTarget | null} field */
  onInput(field) {
    const control = [...this.controlsAndOptions.values()].find((one) => one.field === field);
    // A file tells of itself when it is chosen.
    if (!control || control.file?.binary) return;
    control.refresh();
    control.showError('');
    control.editor?.markLines([]);
    this.save();
    if (this.runsOnInput) this.scheduleRun();
  }

  /** @param {Control} control @param {string} error */
  onFileChange(control, error) {
    control.showError(error, true);
    if (error) return this.status.showError(`${control.label}: ${error}`);
    this.save();
    if (this.runsOnInput) return this.scheduleRun();
    const chosen = control.file?.chosen;
    this.status.announce(chosen ? `“${chosen.file.name}” is in use.` : 'The file is removed.');
  }

  /** Several inputs in one animation frame make one run. */
  scheduleRun() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.run();
    });
  }

  save() {
    saveSettings(this.name, this.controlsAndOptions, (note) => this.status.showNote(note));
  }

  run() {
    this.threads?.clear();
    const inputs = /** @type {Record<string, string>} */ ({});
    const files = /** @type {Record<string, ChosenFile>} */ ({});
    for (const [name, control] of this.controls) {
      const error = control.validate();
      control.showError(error);
      if (error) return this.status.showError(`${control.label}: ${error}`);
      const chosen = control.file?.chosen;
      if (chosen) files[name] = chosen;
      inputs[name] = chosen ? '' : control.value;
    }
    const subject = /** @type {Subject} */ (this.options.get('subject')?.value ?? 'reference');
    const backend = /** @type {WantedBackend} */ (this.options.get('backend')?.value ?? 'auto');
    const request = { lesson: this.lesson, demo: this.name, subject, backend, inputs, files };
    startRun(this, request, (message) => this.onMessage(message));
  }

  /** @param {RunnerMessage} message */
  onMessage(message) {
    if (message.type === 'event') this.onEvent(message.event);
    else if (message.type === 'error' && message.control) {
      const control = this.controls.get(message.control);
      if (message.file) control?.file?.reject(message.file);
      control?.showError(message.message, Boolean(message.file));
      this.status.showError(`${control?.label ?? message.control}: ${message.message}`);
      if (message.file) this.save();
    } else {
      if (message.type === 'started') {
        this.controls.forEach(({ file }) => file?.accept());
        this.offers?.outdate();
      }
      this.status.onMessage(message);
      if (this.isWrongKernel(message)) this.showThreads();
    }
  }

  /**
   * Whether a lab's run has ended without full points: it failed, did not compile, or hung, or there
   * was no GPU to judge it. @param {RunnerMessage} message
   */
  isWrongKernel({ type }) {
    if (!this.root.querySelector('.threads')) return false;
    const isWrong = this.views.querySelector('.failed, [data-jump]') || this.root.dataset.backend === 'cpu';
    return type === 'error' || (type === 'done' && Boolean(isWrong));
  }

  /** Runs the kernel of a lab one thread at a time. */
  async showThreads() {
    const box = this.root.querySelector('.threads');
    if (!box) return;
    const kernel = [...this.controls.values()].find(({ editor }) => editor);
    const script = await import('./threads.js').catch(() => null);
    if (!script) return this.status.showWarning('The threads are not shown: a script did not load.');
    this.threads ??= new script.Threads(box, () => this.markErrorLines());
    this.threads.run(kernel?.value ?? '');
  }

  /** @param {DemoEvent} event */
  async onEvent(event) {
    if (event.type === 'progress') this.status.showProgress(event);
    if (event.type === 'views') {
      replaceViews(this.views, event.html);
      // Where sliders show what they do, the picture is as high as at first.
      if (!this.runsOnInput) measurePicture(this.root);
      this.status.summary = event.summary;
      this.markErrorLines();
      this.offers?.dropOutdated();
    }
    if (event.type === 'offer') {
      this.offering ??= import('./offers.js').then(
        ({ Offers }) => (this.offers = new Offers(this.views)),
        () => null,
      );
      const offers = await this.offering;
      if (offers) return offers.add(event);
      this.offering = null;
      this.status.showWarning('There is a file to save, but a script did not load.');
    }
    if (event.type === 'score') {
      const progress = await import('./progress.js').catch(() => null);
      const note = progress ? progress.NOT_SAVED : 'This score is not kept: a script did not load.';
      this.status.showWarning(progress?.saveSheets([event.sheet]) ? '' : note);
    }
  }

  markErrorLines() {
    const places = [...this.root.querySelectorAll('.views [data-jump]')];
    for (const { name, editor } of this.controls.values()) {
      const own = places.filter(({ dataset }) => dataset.jump === name);
      editor?.markLines(own.map(({ dataset }) => Number(dataset.line)));
    }
  }

  /** @param {Element} target */
  goToError(target) {
    const button = target.closest('[data-jump]');
    if (!button) return;
    const { jump = '', line, column } = button.dataset;
    this.controls.get(jump)?.editor?.goTo(Number(line), Number(column));
  }

  reset() {
    stopRun(this);
    this.threads?.clear();
    for (const control of this.controlsAndOptions.values()) {
      control.reset();
      control.file?.remove();
      control.showError('');
      control.editor?.markLines([]);
      control.refresh();
    }
    dropDrafts(this.name, this.controls);
    this.save();
    this.views.replaceChildren(...this.prerendered);
    measurePicture(this.root);
    this.offers?.reset();
    this.status.reset();
  }
}

class StudyDemo extends HTMLElement {
  demo = /** @type {Demo | null} */ (null);

  connectedCallback() {
    // Called again when the element is moved.
    this.demo ??= new Demo(this);
  }
}

customElements.define('study-demo', StudyDemo);

// `<study-demo>`: brings the still of a demo to life. Nothing heavy is loaded until the reader
// touches a control, or follows a link that holds settings.

import { edit } from './editor.js';
import { FilePlace } from './files.js';
import { controls, options } from './form.js';
import { start, stop, warmUp } from './runner.js';
import { forget, read, write } from './share.js';
import { Status } from './status.js';
import { enhance, show } from './views.js';

class StudyDemo extends HTMLElement {
  connectedCallback() {
    if (this.controls) return;
    this.name = this.getAttribute('name');
    this.onInput = this.dataset.start === 'on-input';
    this.form = this.querySelector('form');
    this.views = this.querySelector('.views');
    this.status = new Status(this);
    this.controls = controls(this.form);
    this.options = options(this.form);
    this.editors = new Map();
    for (const [name, control] of this.controls) {
      if (control.box.matches('.wgsl')) this.editors.set(name, edit(control.box.querySelector('.editor')));
      if (!control.box.querySelector('.file')) continue;
      control.file = new FilePlace(control, (fault) => this.fileChanged(control, fault));
    }
    enhance(this.views);
    this.still = [...this.views.childNodes];
    this.listen();
    this.form.querySelector('fieldset').disabled = false;
    this.readLink();
  }

  listen() {
    this.form.addEventListener('input', (event) => this.changed(event.target));
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.run();
    });
    this.form.querySelector('.stop').addEventListener('click', () => stop(this));
    this.form.querySelector('.reset').addEventListener('click', () => this.reset());
    this.form.addEventListener('focusin', () => warmUp(this.dataset.lesson), { once: true });
    this.views.addEventListener('click', (event) => this.jump(event.target.closest('[data-jump]')));
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.run();
      // The book's own keys (next chapter, search, help) must not fire from within a demo.
      if (event.key !== 'Escape') event.stopPropagation();
    });
  }

  get everything() {
    return new Map([...this.controls, ...this.options]);
  }

  /** The controls that have a file in use. */
  get withFiles() {
    return [...this.controls.values()].filter((control) => control.file?.chosen);
  }

  readLink() {
    const { found, refused, note } = read(this.name, this.everything);
    for (const name of refused) {
      this.controls.get(name)?.complain('The value in the address does not fit here; this is the default.');
    }
    this.refresh();
    this.status.note(note);
    if (found.length === 0) return;
    if (!this.onInput) {
      this.status.say('These are not the default settings. Press Run to see what they give.');
      return;
    }
    const nearby = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        nearby.disconnect();
        this.run();
      },
      { rootMargin: '200px' },
    );
    nearby.observe(this);
  }

  refresh() {
    for (const control of this.controls.values()) control.refresh();
    for (const editor of this.editors.values()) editor.count();
  }

  changed(field) {
    const control = [...this.everything.values()].find((one) => one.field === field);
    if (!control) return;
    control.refresh();
    control.complain('');
    this.editors.get(control.name)?.mark([]);
    this.share();
    if (this.onInput) this.runSoon();
  }

  /** A file took the place of what was typed, or gave it back, or was refused. */
  fileChanged(control, fault) {
    control.complain(fault, true);
    if (fault) return this.refused(control, fault);
    this.share();
    if (this.onInput) return this.runSoon();
    const { chosen } = control.file;
    this.status.say(chosen ? `“${chosen.file.name}” is in use.` : 'The file is removed.');
  }

  runSoon() {
    // One run a frame at most, with the values of its end.
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.run();
    });
  }

  share() {
    write(this.name, this.everything, (text) => this.status.note(text));
  }

  run() {
    const inputs = {};
    for (const [name, control] of this.controls) {
      const fault = control.fault();
      control.complain(fault);
      if (fault) return this.refused(control, fault);
      inputs[name] = control.file?.chosen ? '' : control.value;
    }
    const option = (name, otherwise) => this.options.get(name)?.value ?? otherwise;
    const request = {
      lesson: this.dataset.lesson,
      demo: this.name,
      subject: option('subject', 'reference'),
      backend: option('backend', 'auto'),
      inputs,
      files: Object.fromEntries(this.withFiles.map(({ name, file }) => [name, file.chosen])),
    };
    start(this, request, (message) => this.hear(message));
  }

  hear(message) {
    if (message.type === 'event') this.happen(message.event);
    else if (message.type === 'error' && message.control) {
      const control = this.controls.get(message.control);
      if (message.file) control?.file?.refuse(message.file);
      control?.complain(message.message, Boolean(message.file));
      this.refused(control ?? { label: message.control }, message.message);
      if (message.file) this.share();
    } else {
      if (message.type === 'started') this.withFiles.forEach(({ file }) => file.accept());
      this.status.hear(message);
    }
  }

  refused({ label }, fault) {
    this.status.refuse(`${label}: ${fault}`);
  }

  async happen(event) {
    if (event.type === 'progress') this.status.progress(event);
    if (event.type === 'views') {
      show(this.views, event.html);
      this.status.summary = event.summary;
      this.markErrors();
    }
    if (event.type === 'score') {
      const { keep, NOT_KEPT } = await import('./progress.js');
      this.status.warn(keep(event.sheet) ? '' : NOT_KEPT);
    }
  }

  markErrors() {
    for (const [name, editor] of this.editors) {
      const places = [...this.views.querySelectorAll('[data-jump]')].filter((b) => b.dataset.jump === name);
      editor.mark(places.map((place) => Number(place.dataset.line)));
    }
  }

  jump(place) {
    if (place)
      this.editors.get(place.dataset.jump)?.jump(Number(place.dataset.line), Number(place.dataset.column));
  }

  reset() {
    stop(this);
    for (const control of this.everything.values()) {
      control.reset();
      control.file?.remove();
      control.complain('');
    }
    for (const editor of this.editors.values()) editor.mark([]);
    this.refresh();
    forget(this.name, this.controls);
    this.share();
    this.views.replaceChildren(...this.still);
    this.status.reset();
  }
}

customElements.define('study-demo', StudyDemo);

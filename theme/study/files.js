// A text file in place of what is typed into a control: chosen or dropped. Here only its name and
// size are looked at; the worker reads it (`reading.js`).

import { bytes } from './units.js';

let lastId = 0;

/** The place for a file at a control. `changed(refused)` hears of a new file, or why it is none. */
export class FilePlace {
  constructor(control, changed) {
    this.control = control;
    this.changed = changed;
    const box = control.box.querySelector('.file');
    this.input = box.querySelector('input');
    this.line = box.querySelector('.used');
    this.input.addEventListener('change', () => {
      const files = [...this.input.files];
      // The same file again, saved anew, must be a change again.
      this.input.value = '';
      if (files.length > 0) this.take(files);
    });
    box.querySelector('.remove').addEventListener('click', () => {
      this.remove();
      this.input.focus();
      changed('');
    });
    this.welcomeDrops(control.box);
  }

  /** `{id, file}`, or null. The id tells a file from another of the same name. */
  chosen = null;
  /** What a file that turns out not to be text gives its place back to. */
  before = null;

  take(files, isFolder = false) {
    const fault = this.fault(files, isFolder);
    if (fault) return this.changed(fault);
    // A file of which nothing is known yet is no good to go back to.
    if (this.chosen?.good) this.before = this.chosen;
    this.use({ id: ++lastId, file: files[0], good: false });
    this.changed('');
  }

  fault(files, isFolder) {
    if (isFolder) return 'This is a folder. Choose one text file in it.';
    if (files.length > 1) return `These are ${files.length} files. Choose one.`;
    const [{ name, size }] = files;
    const max = Number(this.control.field.dataset.maxBytes);
    if (size === 0) return `“${name}” is empty. Choose a file with some text in it.`;
    if (size <= max) return '';
    return `“${name}” has ${bytes(size)}, and at most ${bytes(max)} are read here. Choose a shorter one.`;
  }

  /** Shows which text is in use; the other one is kept. */
  use(chosen) {
    this.chosen = chosen;
    const { box, field } = this.control;
    box.toggleAttribute('data-file', Boolean(chosen));
    field.readOnly = Boolean(chosen);
    this.line.hidden = !chosen;
    if (chosen) {
      this.line.querySelector('.name').textContent = chosen.file.name;
      this.line.querySelector('.size').textContent = bytes(chosen.file.size);
    }
    this.control.describe();
  }

  remove() {
    this.before = null;
    this.use(null);
  }

  /** A run has begun with it: it is text. */
  accept() {
    if (this.chosen) this.chosen.good = true;
    this.before = null;
  }

  /** The worker could not read the file with this id: what was in use before is again. */
  refuse(id) {
    if (this.chosen?.id !== id) return;
    this.use(this.before);
    this.before = null;
  }

  welcomeDrops(box) {
    const over = (is) => box.toggleAttribute('data-over', is);
    box.addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      over(true);
    });
    box.addEventListener('dragleave', (event) => {
      if (!box.contains(event.relatedTarget)) over(false);
    });
    box.addEventListener('drop', (event) => {
      over(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      const { files, items } = event.dataTransfer;
      const isFolder = [...items].some((item) => item.webkitGetAsEntry?.()?.isDirectory);
      if (files.length > 0) this.take([...files], isFolder);
    });
  }
}

function hasFiles({ dataTransfer }) {
  return dataTransfer?.types.includes('Files') ?? false;
}

// A file that misses its place must not take the page away, and with it all that was typed.
for (const type of ['dragover', 'drop']) {
  document.addEventListener(type, (event) => {
    if (event.defaultPrevented || !hasFiles(event) || event.target.matches?.('input[type="file"]')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
  });
}

// Files of a control, chosen or dropped: a text file in place of what is typed, or one of any bytes,
// which has no other value. Only name and size are checked here; the worker reads the file
// (`reading.js`).

import { formatBytes } from './units.js';

let lastId = 0;

export class FilePicker {
  /** @param {Control} control @param {OnFileChange} onChange */
  constructor(control, onChange) {
    this.control = control;
    this.onChange = onChange;
    this.binary = control.field.type === 'file';
    const box = /** @type {HTMLElement} */ (control.box.querySelector('.file'));
    this.input = /** @type {HTMLInputElement} */ (box.querySelector('input'));
    this.line = /** @type {HTMLElement} */ (box.querySelector('.used'));
    this.input.addEventListener('change', () => {
      const files = [...(this.input.files ?? [])];
      // Otherwise the same file, chosen again, would fire no event.
      this.input.value = '';
      if (files.length > 0) this.choose(files);
    });
    box.querySelector('.remove')?.addEventListener('click', () => {
      this.remove();
      this.input.focus();
      onChange('');
    });
    this.addDropListeners(control.box);
  }

  /** @type {ChosenFile | null} */
  chosen = null;
  /** @type {ChosenFile | null} What `reject` goes back to. */
  previous = null;

  /** @param {File[]} files */
  choose(files, isFolder = false) {
    const error = this.validate(files, isFolder);
    if (error) return this.onChange(error);
    // A file that no run has read may not be text either.
    if (this.chosen?.readable) this.previous = this.chosen;
    this.use({ id: ++lastId, file: files[0], binary: this.binary, readable: false });
    this.onChange('');
  }

  /** @param {File[]} files @param {boolean} isFolder */
  validate(files, isFolder) {
    if (isFolder) return `This is a folder. Choose one ${this.binary ? '' : 'text '}file in it.`;
    if (files.length > 1) return `These are ${files.length} files. Choose one.`;
    const [{ name, size }] = files;
    const max = Number(this.control.field.dataset.maxBytes);
    if (size === 0) return `“${name}” is empty. Choose a file with ${this.binary ? 'something' : 'some text'} in it.`;
    if (size <= max) return '';
    return (
      `“${name}” has ${formatBytes(size)}, and at most ${formatBytes(max)} are read here. ` +
      `Choose a ${this.binary ? 'smaller' : 'shorter'} one.`
    );
  }

  /** Shows which text is in use; the typed one is kept. @param {ChosenFile | null} chosen */
  use(chosen) {
    this.chosen = chosen;
    this.control.box.toggleAttribute('data-file', Boolean(chosen));
    const { field } = this.control;
    if (field instanceof HTMLTextAreaElement) field.readOnly = Boolean(chosen);
    this.line.hidden = !chosen;
    if (chosen) {
      const { name, size } = chosen.file;
      /** @type {HTMLElement} */ (this.line.querySelector('.name')).textContent = name;
      /** @type {HTMLElement} */ (this.line.querySelector('.size')).textContent = formatBytes(size);
    }
    this.control.updateDescription();
  }

  remove() {
    this.previous = null;
    this.use(null);
  }

  /** The worker could read the file. */
  accept() {
    if (this.chosen) this.chosen.readable = true;
    this.previous = null;
  }

  /** The worker could not read the file. @param {number} id */
  reject(id) {
    if (this.chosen?.id !== id) return;
    this.use(this.previous);
    this.previous = null;
  }

  /** @param {HTMLElement} box */
  addDropListeners(box) {
    /** @param {boolean} isOver */
    const setOver = (isOver) => box.toggleAttribute('data-over', isOver);
    box.addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    });
    box.addEventListener('dragleave', (event) => {
      if (!box.contains(/** @type {Node} */ (event.relatedTarget))) setOver(false);
    });
    box.addEventListener('drop', (event) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      const { files, items } = event.dataTransfer;
      const isFolder = [...items].some((item) => item.webkitGetAsEntry?.()?.isDirectory);
      if (files.length > 0) this.choose([...files], isFolder);
    });
  }
}

/** @param {DragEvent} event @returns {event is FileDragEvent} */
function hasFiles(event) {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

// A file dropped elsewhere would make the browser leave the page, and typed text would be lost.
for (const type of /** @type {const} */ (['dragover', 'drop'])) {
  document.addEventListener(type, (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.defaultPrevented || !hasFiles(event) || target.matches?.('input[type="file"]')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
  });
}

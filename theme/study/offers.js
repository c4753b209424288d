// Files that a run offers to save, beneath its views. They stay until a later run shows something.

import { formatBytes } from './units.js';

export class Offers {
  /** @type {Map<string, HTMLElement>} The lines, by the names of the files. */
  lines = new Map();
  outdated = false;

  /** @param {HTMLElement} views */
  constructor(views) {
    const box = document.createElement('div');
    box.className = 'offers';
    this.box = views.parentElement?.querySelector('.offers') ?? box;
    views.after(this.box);
    this.prerendered = [...this.box.childNodes];
    this.box.replaceChildren();
  }

  /** @param {OfferedFile} file */
  add({ name, label, bytes }) {
    this.dropOutdated();
    let line = this.lines.get(name);
    if (!line) {
      line = document.createElement('p');
      line.append(document.createElement('a'), document.createElement('span'));
      this.lines.set(name, line);
      this.box.append(line);
    }
    const link = /** @type {HTMLAnchorElement} */ (line.querySelector('a'));
    URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([bytes]));
    link.download = name;
    link.textContent = `Save ${name} (${formatBytes(bytes.length)})`;
    /** @type {HTMLElement} */ (line.querySelector('span')).textContent = label;
  }

  /** A new run has started: what it shows or offers first takes the place of what is here. */
  outdate() {
    this.outdated = true;
  }

  dropOutdated() {
    if (this.outdated) this.clear();
  }

  clear() {
    this.outdated = false;
    for (const link of this.box.querySelectorAll('a')) URL.revokeObjectURL(link.href);
    this.lines.clear();
    this.box.replaceChildren();
  }

  reset() {
    this.clear();
    this.box.replaceChildren(...this.prerendered);
  }
}

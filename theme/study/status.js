// The status of a demo: its progress, its result, and where it ran.

/** Milliseconds between two announcements: a dragged slider must not flood a screen reader. */
const ANNOUNCE_EVERY = 800;
/** Milliseconds until a run is shown as running: short ones must not make the page flicker. */
const SHOW_AFTER = 250;

export class Status {
  progress = '';
  backend = '';
  /** What the views show, in words. */
  summary = '';
  announcedAt = -ANNOUNCE_EVERY;
  announceTimer = 0;
  showTimer = 0;

  /** @param {HTMLElement} demo */
  constructor(demo) {
    this.demo = demo;
    this.line = /** @type {HTMLElement} */ (demo.querySelector('.status'));
    this.ran = /** @type {HTMLElement} */ (demo.querySelector('.ran'));
    this.runButton = /** @type {HTMLElement} */ (demo.querySelector('.run'));
    this.stopButton = /** @type {HTMLElement} */ (demo.querySelector('.stop'));
    this.warning = this.addLine('problem');
    this.warning.setAttribute('role', 'alert');
    this.note = this.addLine('note');
    this.initial = [this.line.textContent, this.ran.textContent];
    this.setState('idle');
  }

  /** Sets the state that the style sheet and the tests read. @param {'idle' | 'running' | 'done' | 'error'} state */
  setState(state) {
    this.demo.dataset.state = state;
    clearTimeout(this.showTimer);
    if (state === 'running') {
      this.progress = 'Running …';
      this.showTimer = setTimeout(() => {
        this.showTimer = 0;
        this.stopButton.hidden = false;
        this.announce(this.progress);
      }, SHOW_AFTER);
      return;
    }
    this.showTimer = 0;
    if (document.activeElement === this.stopButton) this.runButton.focus();
    this.stopButton.hidden = true;
    this.demo.style.removeProperty('--done');
  }

  /** Sets the live region, but not more often than `ANNOUNCE_EVERY`. @param {string} text */
  announce(text) {
    clearTimeout(this.announceTimer);
    const wait = this.announcedAt + ANNOUNCE_EVERY - performance.now();
    if (wait > 0) {
      this.announceTimer = setTimeout(() => this.announce(text), wait);
    } else if (this.line.textContent !== text) {
      this.announcedAt = performance.now();
      this.line.textContent = text;
    }
  }

  /** @param {string} className */
  addLine(className) {
    const line = document.createElement('p');
    line.className = className;
    line.hidden = true;
    this.demo.querySelector('form')?.append(line);
    return line;
  }

  /** @param {string} text */
  showNote(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
  }

  /** Shows a text that a screen reader reads at once. @param {string} text */
  showWarning(text) {
    this.warning.textContent = text;
    this.warning.hidden = !text;
  }

  /** Announces at once why nothing ran. @param {string} text */
  showError(text) {
    this.setState('error');
    this.ran.textContent = 'No new result: below stands what was shown before.';
    this.announcedAt = -ANNOUNCE_EVERY;
    this.announce(text);
  }

  /** @param {ProgressReport} report */
  showProgress({ what, done, total }) {
    const doing = what.charAt(0).toUpperCase() + what.slice(1);
    const far = total > 100 ? `${Math.round((100 * done) / total)} %` : `${done} of ${total}`;
    this.progress = total > 1 ? `${doing}: ${far}` : `${doing} …`;
    if (!this.showTimer) this.announce(this.progress);
    if (total > 0) this.demo.style.setProperty('--done', `${done / total}`);
  }

  /** @param {RunnerMessage} message */
  onMessage(message) {
    switch (message.type) {
      case 'loading':
        this.setState('running');
        this.progress = 'Loading the demos, once for all pages …';
        break;
      case 'waiting':
        this.setState('running');
        break;
      case 'started':
        this.backend = message.label;
        this.demo.dataset.backend = message.backend;
        break;
      case 'silent':
        this.announce(
          message.loading ? 'Still loading …' : 'No sign of life for 10 s. You can wait, or stop it.',
        );
        break;
      case 'done':
        this.setState('done');
        this.ran.textContent = `Ran on ${this.backend} · ${formatDuration(message.ms)}`;
        this.announce(this.summary);
        break;
      case 'cancelled':
        this.setState('idle');
        this.announce('Stopped.');
        break;
      case 'panic':
        this.showError(describePanic(message));
        break;
      case 'error':
        this.showError(message.message);
        break;
    }
  }

  /** Back to the state before the first run. */
  reset() {
    this.setState('idle');
    this.showWarning('');
    [this.summary, this.ran.textContent] = this.initial;
    this.announce(this.summary);
    delete this.demo.dataset.backend;
  }
}

/** @param {number} ms */
function formatDuration(ms) {
  if (ms < 1) return 'less than 1 ms';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/**
 * A panic of `todo!()` names the file and line to complete.
 * @param {{ message: string, place?: Place | null }} panic
 */
function describePanic({ message, place }) {
  const todo = message.match(/^not (?:yet )?implemented(?:: (.*))?$/s);
  if (todo && place) {
    const what = todo[1] ? `\`${todo[1]}\`` : 'This';
    return `${what} is not written yet: open ${place.file}, line ${place.line}.`;
  }
  const at = place ? `${place.file}:${place.line}: ` : '';
  return `The code panicked. ${at}${message}\nThe next run starts afresh.`;
}

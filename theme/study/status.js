// What a demo says about itself: how far it is, what came out, where it ran.

/** Milliseconds between two announcements: a dragged slider must not drown a screen reader. */
const PAUSE = 800;
/** Milliseconds after which a run is worth a word. */
const PATIENCE = 250;

/** The lines and buttons of one demo that tell its state. */
export class Status {
  constructor(demo) {
    this.demo = demo;
    this.line = demo.querySelector('.status');
    this.ran = demo.querySelector('.ran');
    this.runButton = demo.querySelector('.run');
    this.stopButton = demo.querySelector('.stop');
    this.lost = this.addLine('problem');
    this.lost.setAttribute('role', 'alert');
    this.share = this.addLine('note');
    this.first = [this.line.textContent, this.ran.textContent];
    this.summary = '';
    this.said = -PAUSE;
    this.enter('idle');
  }

  /** The state as the style sheet and the tests see it. */
  enter(state) {
    this.demo.dataset.state = state;
    clearTimeout(this.flip);
    if (state === 'running') {
      // A run of a few milliseconds must not make the lines and buttons flicker.
      this.doing = 'Running …';
      this.flip = setTimeout(() => {
        this.flip = 0;
        this.stopButton.hidden = false;
        this.say(this.doing);
      }, PATIENCE);
      return;
    }
    this.flip = 0;
    if (document.activeElement === this.stopButton) this.runButton.focus();
    this.stopButton.hidden = true;
    this.demo.style.removeProperty('--done');
  }

  /** Says a text now, or as soon as the last one had its time. */
  say(text) {
    clearTimeout(this.later);
    const wait = this.said + PAUSE - performance.now();
    if (wait > 0) {
      this.later = setTimeout(() => this.say(text), wait);
    } else if (this.line.textContent !== text) {
      this.said = performance.now();
      this.line.textContent = text;
    }
  }

  addLine(className) {
    const line = document.createElement('p');
    line.className = className;
    line.hidden = true;
    this.demo.querySelector('form').append(line);
    return line;
  }

  /** A line under the controls that is read only when wanted. */
  note(text) {
    this.share.textContent = text;
    this.share.hidden = !text;
  }

  /** A line under the controls that is read at once: something was lost. */
  warn(text) {
    this.lost.textContent = text;
    this.lost.hidden = !text;
  }

  /** Says why nothing ran, at once. */
  refuse(text) {
    this.enter('error');
    this.ran.textContent = 'No new result: below stands what was shown before.';
    this.said = -PAUSE;
    this.say(text);
  }

  progress({ what, done, total }) {
    const doing = what.charAt(0).toUpperCase() + what.slice(1);
    const far = total > 100 ? `${Math.round((100 * done) / total)} %` : `${done} of ${total}`;
    this.doing = total > 1 ? `${doing}: ${far}` : `${doing} …`;
    if (!this.flip) this.say(this.doing);
    if (total > 0) this.demo.style.setProperty('--done', done / total);
  }

  /** A message of the runner. */
  hear(message) {
    switch (message.type) {
      case 'loading':
        this.enter('running');
        this.doing = 'Loading the demos, once for all pages …';
        break;
      case 'waiting':
        this.enter('running');
        break;
      case 'started':
        this.label = message.label;
        this.demo.dataset.backend = message.backend;
        break;
      case 'silent':
        this.say(message.loading ? 'Still loading …' : 'No sign of life for 10 s. You can wait, or stop it.');
        break;
      case 'done':
        this.enter('done');
        this.ran.textContent = `Ran on ${this.label} · ${duration(message.ms)}`;
        this.say(this.summary);
        break;
      case 'cancelled':
        this.enter('idle');
        this.say('Stopped.');
        break;
      case 'panic':
        this.refuse(panic(message.message));
        break;
      case 'error':
        this.refuse(message.message);
        break;
    }
  }

  /** As the page was before the reader touched it. */
  reset() {
    this.enter('idle');
    this.warn('');
    [this.summary] = this.first;
    this.say(this.first[0]);
    this.ran.textContent = this.first[1];
    delete this.demo.dataset.backend;
  }
}

function duration(ms) {
  if (ms < 1) return 'less than 1 ms';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A panic in the words of this book; its place is the learner's file and line. */
function panic(message) {
  const todo = message.match(/^(.*):(\d+): not (?:yet )?implemented(?:: (.*))?$/s);
  if (todo) {
    const [, file, line, what] = todo;
    return `${what ? `\`${what}\`` : 'This'} is not written yet: open ${file}, line ${line}.`;
  }
  return `The code panicked. ${message}\nThe next run starts afresh.`;
}

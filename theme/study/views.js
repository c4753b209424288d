// Shows views, HTML that Rust has rendered and escaped, and adds scrubbers to steps.

/** Keeps open folds, scroll positions and steps. @param {HTMLElement} views @param {string} html */
export function replaceViews(views, html) {
  const folds = [...views.querySelectorAll('details')].map((fold) => fold.open);
  const scrolls = [...views.querySelectorAll('.scroll, pre')].map((box) => ({
    left: box.scrollLeft,
    top: box.scrollTop,
  }));
  /** @type {NodeListOf<HTMLInputElement>} */
  const sliders = views.querySelectorAll('.scrubber input');
  const steps = [...sliders].map(({ value, dataset }) => ({
    at: Number(value),
    moved: dataset.moved === 'true',
  }));
  views.innerHTML = html;
  addScrubbers(views, steps);
  const newFolds = views.querySelectorAll('details');
  if (newFolds.length === folds.length) newFolds.forEach((fold, i) => (fold.open = folds[i]));
  views.querySelectorAll('.scroll, pre').forEach((box, i) => box.scrollTo(scrolls[i] ?? { left: 0, top: 0 }));
}

/**
 * Keeps the height of the first view for `phone.css`, where it stands above sliders and does not get
 * another height while one is moved. @param {HTMLElement} demo
 */
export function measurePicture(demo) {
  const picture = demo.querySelector('.views > :not(.code)');
  if (!picture) return;
  picture.style.height = 'auto';
  demo.style.setProperty('--needs', `${picture.offsetHeight}px`);
  picture.style.height = '';
}

/** @param {HTMLElement} views @param {ScrubberState[]} states */
export function addScrubbers(views, states = []) {
  views.querySelectorAll('figure.steps').forEach((figure, i) => addScrubber(figure, states[i]));
}

/** @param {HTMLElement} figure @param {ScrubberState} [before] */
function addScrubber(figure, before) {
  const fold = figure.querySelector(':scope > details');
  if (!fold) return;
  const frames = [...figure.querySelectorAll(':scope > .frame, :scope > details > .frame')];
  frames.sort((a, b) => Number(a.dataset.frame) - Number(b.dataset.frame));
  // The one that is not folded away; the first of many may not be there.
  const start = frames.findIndex((frame) => frame.parentElement === figure);

  const stage = createBox('stage', ...frames);
  const previous = createButton('‹', 'Previous step');
  const next = createButton('›', 'Next step');
  const slider = createSlider(frames.length, `Step: ${figure.querySelector('figcaption')?.textContent}`);
  fold.replaceWith(createBox('scrubber', previous, slider, next), stage);

  /** @param {number} to */
  const show = (to) => {
    const at = Math.max(0, Math.min(frames.length - 1, to));
    // Never shrinks, so that the page below does not jump while the reader scrubs.
    stage.style.minHeight = `${Math.max(stage.offsetHeight, parseFloat(stage.style.minHeight) || 0)}px`;
    // Keeps the scroll positions from frame to frame.
    const last = frames.find((frame) => !frame.hidden);
    const scrolls = [...(last?.querySelectorAll('.scroll') ?? [])].map((box) => box.scrollLeft);
    frames.forEach((frame, i) => (frame.hidden = i !== at));
    frames[at].querySelectorAll('.scroll').forEach((box, i) => (box.scrollLeft = scrolls[i] ?? 0));
    slider.value = `${at}`;
    slider.setAttribute('aria-valuetext', frames[at].querySelector('.caption')?.textContent ?? '');
    previous.disabled = at === 0;
    next.disabled = at === frames.length - 1;
  };
  /** @param {number} to */
  const move = (to) => {
    slider.dataset.moved = 'true';
    show(to);
  };
  slider.addEventListener('input', () => move(Number(slider.value)));
  previous.addEventListener('click', () => move(Number(slider.value) - 1));
  next.addEventListener('click', () => move(Number(slider.value) + 1));
  frames.forEach((frame, i) => (frame.hidden = i !== start));
  if (before?.moved) move(before.at);
  else show(start);
}

/** @param {string} className @param {HTMLElement[]} content */
function createBox(className, ...content) {
  const box = document.createElement('div');
  box.className = className;
  box.append(...content);
  return box;
}

/** @param {number} steps @param {string} label */
function createSlider(steps, label) {
  const slider = document.createElement('input');
  slider.type = 'range';
  slider.min = '0';
  slider.max = `${steps - 1}`;
  slider.setAttribute('aria-label', label);
  return slider;
}

/** @param {string} text @param {string} label */
function createButton(text, label) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = text;
  button.setAttribute('aria-label', label);
  return button;
}

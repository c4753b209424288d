// Shows views, which come as HTML from Rust (escaped there), and makes their steps a scrubber.

/** Replaces all views, and keeps what the reader had unfolded, scrolled and scrubbed to. */
export function show(views, html) {
  const folds = [...views.querySelectorAll('details')].map((fold) => fold.open);
  const places = [...views.querySelectorAll('.scroll, pre')].map((box) => [box.scrollLeft, box.scrollTop]);
  const steps = [...views.querySelectorAll('.scrubber input')].map((input) => ({
    at: Number(input.value),
    moved: input.dataset.moved === 'true',
  }));
  views.innerHTML = html;
  enhance(views, steps);
  const newFolds = views.querySelectorAll('details');
  if (newFolds.length === folds.length) newFolds.forEach((fold, i) => (fold.open = folds[i]));
  views.querySelectorAll('.scroll, pre').forEach((box, i) => box.scrollTo(...(places[i] ?? [0, 0])));
}

/** Gives every figure with steps its scrubber. */
export function enhance(views, steps = []) {
  views.querySelectorAll('figure.steps').forEach((figure, i) => scrub(figure, steps[i]));
}

function scrub(figure, before) {
  const fold = figure.querySelector(':scope > details');
  if (!fold) return;
  const frames = [...figure.querySelectorAll(':scope > .frame, :scope > details > .frame')];
  const start = Number(figure.querySelector(':scope > .frame').dataset.frame);
  frames.sort((a, b) => a.dataset.frame - b.dataset.frame);

  const stage = box('stage', ...frames);
  const back = button('‹', 'Previous step');
  const on = button('›', 'Next step');
  const range = slider(frames.length, `Step: ${figure.querySelector('figcaption').textContent}`);
  fold.replaceWith(box('scrubber', back, range, on), stage);

  const go = (to) => {
    const at = Math.max(0, Math.min(frames.length - 1, to));
    // Growing only, so that the page below does not jump while the reader scrubs.
    stage.style.minHeight = `${Math.max(stage.offsetHeight, parseFloat(stage.style.minHeight) || 0)}px`;
    // What scrolls stays where the reader scrolled it to.
    const scrolls = (frame) => [...(frame?.querySelectorAll('.scroll') ?? [])];
    const places = scrolls(frames.find((frame) => !frame.hidden)).map((box) => box.scrollLeft);
    frames.forEach((frame, i) => (frame.hidden = i !== at));
    scrolls(frames[at]).forEach((box, i) => (box.scrollLeft = places[i] ?? 0));
    range.value = at;
    range.setAttribute('aria-valuetext', frames[at].querySelector('.caption').textContent);
    back.disabled = at === 0;
    on.disabled = at === frames.length - 1;
  };
  const move = (to) => {
    range.dataset.moved = 'true';
    go(to);
  };
  range.addEventListener('input', () => move(Number(range.value)));
  back.addEventListener('click', () => move(Number(range.value) - 1));
  on.addEventListener('click', () => move(Number(range.value) + 1));
  frames.forEach((frame, i) => (frame.hidden = i !== start));
  if (before?.moved) move(before.at);
  else go(start);
}

function box(className, ...content) {
  const element = document.createElement('div');
  element.className = className;
  element.append(...content);
  return element;
}

function slider(places, label) {
  const element = document.createElement('input');
  element.type = 'range';
  element.min = 0;
  element.max = places - 1;
  element.setAttribute('aria-label', label);
  return element;
}

function button(text, label) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  element.setAttribute('aria-label', label);
  return element;
}

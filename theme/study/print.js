// Paper has no folds and no scrolling: before the page is printed, what is folded is opened, and what
// stands in a text area is set as text.

/** @type {(() => void)[]} */
let undo = [];

addEventListener('beforeprint', () => {
  // What is folded in a view says in words what the view shows.
  for (const fold of document.querySelectorAll('main details:not([open], .views details)')) {
    fold.toggleAttribute('open', true);
    undo.push(() => fold.removeAttribute('open'));
  }
  for (const area of document.querySelectorAll('main textarea')) {
    const copy = document.createElement('pre');
    copy.className = 'printed';
    copy.translate = false;
    copy.textContent = /** @type {HTMLTextAreaElement} */ (area).value;
    area.after(copy);
    undo.push(() => copy.remove());
  }
});

addEventListener('afterprint', () => {
  for (const step of undo) step();
  undo = [];
});

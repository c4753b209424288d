// What mdBook's pages lack for a keyboard and a screen reader.

const bar = document.getElementById('mdbook-menu-bar');
bar?.setAttribute('role', 'banner');

// mdBook opens the sidebar with a label, which takes no key and may carry no state. A button takes
// its place and passes clicks on; mdBook's script keeps telling the label what is open.
const label = document.getElementById('mdbook-sidebar-toggle');
if (label) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = label.className;
  const copy = (name) => button.setAttribute(name, label.getAttribute(name) ?? '');
  ['title', 'aria-label', 'aria-controls', 'aria-expanded'].forEach(copy);
  button.append(...label.childNodes);
  button.addEventListener('click', () => label.click());
  new MutationObserver(() => copy('aria-expanded')).observe(label, { attributeFilter: ['aria-expanded'] });
  label.before(button);
  label.hidden = true;
}

// What scrolls sideways on a phone must scroll by keyboard, too.
for (const box of document.querySelectorAll('.katex-display, .table-wrapper, main pre > code')) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}

// Keyboard and screen reader support that mdBook's pages lack.

const menuBar = document.getElementById('mdbook-menu-bar');
menuBar?.setAttribute('role', 'banner');
// After a jump upward mdBook leaves the bar in the midst of the screen. Its next event takes it to
// the top.
window.addEventListener(
  'scroll',
  () => {
    if (menuBar && menuBar.getBoundingClientRect().top > 1) document.dispatchEvent(new Event('scroll'));
  },
  { passive: true },
);

// mdBook toggles the sidebar with a label, which takes no focus and no state. A button replaces it
// and forwards clicks to it; mdBook's script keeps updating the hidden label.
const label = document.getElementById('mdbook-sidebar-toggle');
if (label) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = label.className;
  /** @param {string} name */
  const copy = (name) => button.setAttribute(name, label.getAttribute(name) ?? '');
  ['title', 'aria-label', 'aria-controls', 'aria-expanded'].forEach(copy);
  button.append(...label.childNodes);
  button.addEventListener('click', () => label.click());
  new MutationObserver(() => copy('aria-expanded')).observe(label, { attributeFilter: ['aria-expanded'] });
  label.before(button);
  label.hidden = true;
}

// A box that scrolls sideways must take the focus to be scrolled by keyboard.
for (const box of document.querySelectorAll('.katex-display, .table-wrapper, main pre > code')) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}

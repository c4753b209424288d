// Numbers with units, formatted as in `crates/demo/src/format.rs`; a short name for a text.

/** @param {number} n */
export function formatBytes(n) {
  /** @param {number} x */
  const trim = (x) => x.toFixed(1).replace(/\.0$/, '');
  if (n < 1000) return `${n}\u202fbyte${n === 1 ? '' : 's'}`;
  return n < 1e6 ? `${trim(n / 1e3)}\u202fKB` : `${trim(n / 1e6)}\u202fMB`;
}

/** FNV-1a, in hexadecimal. @param {string} text */
export function hash(text) {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return (sum >>> 0).toString(16);
}

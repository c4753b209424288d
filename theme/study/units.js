// Numbers with units, formatted as in `crates/demo/src/format.rs`.

/** @param {number} n */
export function formatBytes(n) {
  /** @param {number} x */
  const trim = (x) => x.toFixed(1).replace(/\.0$/, '');
  if (n < 1000) return `${n}\u202fbytes`;
  return n < 1e6 ? `${trim(n / 1e3)}\u202fKB` : `${trim(n / 1e6)}\u202fMB`;
}

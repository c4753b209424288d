// Numbers with their units, as `crates/demo/src/format.rs` writes them.

/** A size, e.g. `1.5 MB`. */
export function bytes(n) {
  const tidy = (x) => x.toFixed(1).replace(/\.0$/, '');
  if (n < 1000) return `${n}\u202fbytes`;
  return n < 1e6 ? `${tidy(n / 1e3)}\u202fKB` : `${tidy(n / 1e6)}\u202fMB`;
}

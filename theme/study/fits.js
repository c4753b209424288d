// Whether an imported score can be one of this book: the progress page lists its checks and points.

/**
 * Why a sheet is none of this book, or an empty text. One of an earlier version, with another hash,
 * is: it counts for nothing and is kept. @param {Sheet} sheet @param {HTMLElement[]} cells
 */
export function whyUnfit(sheet, cells) {
  const own = cells.find(({ dataset }) => dataset.lesson === sheet.lesson && dataset.part === sheet.part);
  if (!own) return 'this book has no such lesson';
  if (own.dataset.hash !== sheet.hash) return '';
  /** @type {Record<string, number>} */
  const listed = JSON.parse(own.dataset.checks ?? '{}');
  const odd = sheet.checks.find(({ name, max_points }) => listed[name] !== max_points);
  return odd ? `it has no check “${odd.name}” of ${odd.max_points} points` : '';
}

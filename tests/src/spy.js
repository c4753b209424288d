// Runs before every page's own scripts, in the tests only: keeps the workers and what they say.
window.__workers = [];
window.__heard = [];
window.__shift = 0;

window.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    window.__workers.push(this);
    this.addEventListener("message", (message) => window.__heard.push(message.data));
  }
};

new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) window.__shift += entry.value;
  }
}).observe({ type: "layout-shift", buffered: true });

// Runs before the first paint, so that a saved choice of light or dark never flashes the other one.
(() => {
  let saved = null;
  try {
    saved = localStorage.getItem('jobtally-color-scheme');
  } catch {
    // Storage is switched off: follow the system.
  }
  const dark = saved === 'dark' || (saved !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();

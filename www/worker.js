// The worker of an engine: starts the program that the page has already downloaded and compiled. What follows is Rust (web/src/engine).
addEventListener("message", async ({ data }) => {
  try {
    const { default: start } = await import(data.glue);
    await start({ module_or_path: data.module });
  } catch (error) {
    postMessage({ id: 0, body: { Panicked: String(error) } });
  }
}, { once: true });

// Makes the page ready for use without a network, once it is at rest, and says how far that is in #offline: its `data-state` chooses which
// of the texts in it is seen (waiting, saving, ready, refused), so that the words stay in index.html. Nothing else depends on it:
// where a browser stores nothing (private windows, no room), the page goes on as it is.

const root = document.documentElement;
const PATIENCE = 10000; // ms
const line = document.getElementById("offline");

function say(state, why = "") {
  line.dataset.state = state;
  line.title = why;
}

// Resolves when everything asked for is on the screen.
const atRest = () => new Promise((resolve) => {
  const look = () => root.dataset.state === "ready" && (watch.disconnect(), resolve());
  const watch = new MutationObserver(look);
  watch.observe(root, { attributeFilter: ["data-state"] });
  look();
});

// Resolves when the worker has come to one of these states.
const comesTo = (worker, ...states) => new Promise((resolve, reject) => {
  const look = () => {
    if (states.includes(worker.state)) resolve();
    else if (worker.state === "redundant") reject(new Error("the files could not be stored"));
  };
  worker.addEventListener("statechange", look);
  look();
});

// The service worker of this build, which can open the page from now on; or which could, but for tabs that an older build still serves.
async function serviceWorker() {
  const registration = await navigator.serviceWorker.register("sw.js", { updateViaCache: "none" });
  const older = registration.active;
  // Without a network there is no news, and with a slow one it is not waited for.
  if (older) await Promise.race([registration.update().catch(() => {}), new Promise((late) => setTimeout(late, PATIENCE))]);
  const newest = registration.installing ?? registration.waiting ?? older;
  await comesTo(newest, "installed", "activating", "activated");
  newest.postMessage({ takeOver: document.querySelector("meta[name=fovea-build]").content });
  if (!older) await comesTo(newest, "activated");
  return newest;
}

const keep = (worker, folder) => new Promise((resolve, reject) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => (data ? reject(new Error(data)) : resolve());
  worker.postMessage({ keep: folder }, [port2]);
});

const kept = new Set();
try {
  await atRest();
  say("saving");
  await globalThis.foveaStored; // what boot.mjs has downloaded need not be asked for again
  const worker = await serviceWorker();
  for (;;) {
    const { domain } = window.fovea.state();
    if (domain && !kept.has(domain)) {
      say("saving");
      await keep(worker, domain);
      kept.add(domain);
    }
    say("ready");
    await new Promise((resolve) => {
      const watch = new MutationObserver(() => (watch.disconnect(), resolve()));
      watch.observe(root, { attributeFilter: ["data-state"] });
    });
    await atRest();
  }
} catch (error) {
  say("refused", String(error?.message ?? error));
}

// The service worker: the page without a network. `cargo xtask` writes sw.js from this: BUILD and kept.js come before it.
// BUILD: { id, page: { name: sha256 }, program: { name: sha256 }, bundles: { folder: { name: sha256 } } }.
//
// A new build never meets the files of an old one: program and bundles are asked for by addresses with their SHA-256 in it and are checked
// against it before they are kept; the few files with plain names (the page itself, the list of bundles, icons) come from the network
// while there is one, and else from a cache that one build has filled, whole or not at all.

const PAGE = `${Kept.prefix}page ${BUILD.id}`;
// How long a network may take to answer at all before what is kept is shown, in ms.
const PATIENCE = 4000;

const short = (sha256) => sha256.slice(0, 12);
const at = (name) => new URL(name === "index.html" ? "./" : name, Kept.folder).href;

// Gets a file and makes sure that it is the right one. The page has just loaded it in most cases, so the browser's own cache comes first.
async function take(address, sha256) {
  for (const cache of ["force-cache", "reload"]) {
    const response = await fetch(address, { cache });
    if (!response.ok) throw new Error(`${address}: the server answers ${response.status}`);
    const bytes = await response.arrayBuffer();
    if (await Kept.fits(bytes, sha256)) return { bytes, headers: response.headers };
  }
  throw new Error(`${address}: the server has another build by now`);
}

async function keep(address, sha256) {
  if (await Kept.get(short(sha256))) return;
  const { bytes, headers } = await take(address, sha256);
  await Kept.put(short(sha256), bytes, headers);
}

// All or nothing: a build that cannot be had whole leaves the one before in charge.
async function install() {
  try {
    const cache = await caches.open(PAGE);
    const page = Object.entries(BUILD.page).map(async ([name, sha256]) => {
      const { bytes, headers } = await take(at(name), sha256);
      await cache.put(at(name), Kept.copy(bytes, headers));
    });
    const program = Object.entries(BUILD.program).map(([name, sha256]) => keep(at(name), sha256));
    await Promise.all([...page, ...program]);
  } catch (error) {
    await caches.delete(PAGE);
    throw error;
  }
}

// No page of an older build is open any more: its files can go.
async function activate() {
  const old = (await caches.keys()).filter((n) => n.startsWith(Kept.prefix) && n !== PAGE && n !== Kept.name);
  await Promise.all(old.map((n) => caches.delete(n)));
  const lists = [BUILD.program, ...Object.values(BUILD.bundles)];
  await Kept.forgetOthers(lists.flatMap((list) => Object.values(list).map(short)));
  await clients.claim();
}

async function named(event, hash) {
  const found = await Kept.get(hash);
  if (found) return found;
  const response = await fetch(event.request);
  if (response.ok) {
    const copy = response.clone();
    // No room is no reason to keep the page from its file.
    event.waitUntil(copy.arrayBuffer().then((bytes) => Kept.put(hash, bytes, copy.headers)).catch(() => {}));
  }
  return response;
}

async function newest(request, url) {
  const name = url.pathname.slice(Kept.folder.pathname.length) || "index.html";
  const found = name in BUILD.page ? await (await caches.open(PAGE)).match(at(name)) : undefined;
  if (!found) return fetch(request);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(request, { cache: "no-cache", signal: stop.signal });
    if (response.ok || response.type === "opaqueredirect") return response;
  } catch {
    // No network, or one that does not answer.
  } finally {
    clearTimeout(timer);
  }
  return found;
}

async function keepBundle(folder) {
  const files = Object.entries(BUILD.bundles[folder] ?? {});
  await Promise.all(files.map(([name, sha256]) => keep(at(`bundle/${folder}/${name}?v=${short(sha256)}`), sha256)));
}

// A page of this very build asks to be served by it: done at once when no other page is open that may be of an older one.
async function takeOver(build) {
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (build === BUILD.id && open.length < 2) await skipWaiting();
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  // What the visitor asks of a language model goes past this.
  if (request.method !== "GET" || url.origin !== location.origin || !url.pathname.startsWith(Kept.folder.pathname)) return;
  const hash = Kept.hashIn(url);
  event.respondWith(hash ? named(event, hash) : newest(request, url));
});
addEventListener("message", (event) => {
  const { takeOver: build, keep: folder } = event.data;
  if (build) event.waitUntil(takeOver(build));
  if (folder) {
    const [port] = event.ports;
    event.waitUntil(keepBundle(folder).then(() => port.postMessage(""), (error) => port.postMessage(String(error))));
  }
});

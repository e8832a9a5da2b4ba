// Downloads the program and the model of one domain, shows how far both are, and starts the program. Everything later is Rust
// (web/src/app), other domains too. `foveaBundle` is a promise of { folder, files }: the bundle's folder, and index.json, manifest.json
// and the model files as { name: Uint8Array }. What comes is kept for the next time (kept.js); `foveaStored` resolves when it is.

// What is said before the program can say it, by the ids of web/text/*.ftl. It stands here and not in a file
// of its own because it must be there at once, also to say that a file could not be loaded.
// texts: begin (cargo xtask texts writes them; to add one, write its id with an empty text into `en`)
const TEXTS = {
  en: {
    "boot-program": "Program",
    "boot-the-program": "The program",
    "boot-model": "model",
    "boot-part": "{name} {done} MB",
    "boot-part-of": "{name} {done} of {total} MB",
    "boot-old-browser": "This browser cannot start the program ({cause}). It needs WebAssembly with SIMD: Chrome 91, Firefox 89, Safari 16.4 or newer.",
    "file-not-loaded": "{file} could not be loaded: {cause}.",
    "boot-no-wasm": "it has no WebAssembly, or that is switched off",
    "boot-no-simd": "its WebAssembly has no SIMD",
    "file-answer": "the server answers {status}",
    "file-cut": "{file} could not be loaded to its end: {cause}.",
    "loading": "Loading the program and the model",
    "page-stopped": "Something went wrong and the page has stopped.",
    "incoming-kept": "{names} will be opened when the program is ready.",
    "incoming-stopped": "{names} cannot be opened. Load the page again, then bring it once more.",
  },
  zh: {
    "boot-program": "程序",
    "boot-the-program": "程序",
    "boot-model": "模型",
    "boot-part": "{name} {done} MB",
    "boot-part-of": "{name} {done} / {total} MB",
    "boot-old-browser": "此浏览器无法启动程序（{cause}）。程序需要支持 SIMD 的 WebAssembly：Chrome 91、Firefox 89、Safari 16.4 或更新版本。",
    "file-not-loaded": "无法加载 {file}：{cause}。",
    "boot-no-wasm": "它没有 WebAssembly，或者已被关闭",
    "boot-no-simd": "它的 WebAssembly 不支持 SIMD",
    "file-answer": "服务器返回 {status}",
    "file-cut": "{file} 未能完整加载：{cause}。",
    "loading": "正在加载程序和模型",
    "page-stopped": "出了问题，页面已停止运行。",
    "incoming-kept": "程序就绪后将打开 {names}。",
    "incoming-stopped": "无法打开 {names}。请重新加载页面，然后再次放入。",
  },
};
// texts: end

// As the program chooses (web/src/text): the address, else what was chosen before, else the browser's languages, else English.
function language() {
  let stored = null;
  try {
    stored = localStorage.getItem("fovea-language");
  } catch {
    // A browser that keeps nothing.
  }
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
  const codes = [asked, stored, ...navigator.languages].map((tag) => (tag ?? "").split(/[-_]/)[0].toLowerCase());
  return codes.find((code) => Object.keys(TEXTS).includes(code)) ?? "en";
}

const spoken = language();
const say = (id, values = {}) => TEXTS[spoken][id].replace(/\{(\w+)\}/g, (_, name) => values[name]);

// The page around it is English until the program arrives.
function write(id, text) {
  const element = document.getElementById(id);
  element.textContent = text;
  element.lang = spoken;
}

// Parts of the page that the address hides (web/src/app/share/address.rs); style.css knows them.
function hide() {
  const parts = new URLSearchParams(location.hash.slice(1)).get("hide") ?? "";
  document.documentElement.dataset.hide = parts.replaceAll("_", " ");
}
hide();
addEventListener("hashchange", hide);

// A stand shows the picture alone (web/src/app/stand).
if (new URLSearchParams(location.search).has("kiosk")) document.documentElement.dataset.kiosk = "";

const MODEL = /^([^/]+|students\/[^/]+)\.(safetensors|json)$/; // the gallery is fetched when it is looked at
const program = { done: 0, total: 0, lost: undefined };
const model = { done: 0, total: 0 };

const mb = (bytes) => (bytes / 1e6).toFixed(1);
const part = (name, { done, total }) => say(total ? "boot-part-of" : "boot-part", { name, done: mb(done), total: mb(total) });

function show() {
  const total = program.total + model.total;
  const bar = document.getElementById("progress");
  if (program.total && model.total) {
    bar.max = total;
    bar.value = Math.min(program.done + model.done, total);
    if (bar.value >= total) bar.removeAttribute("value"); // what follows is computing, not downloading
  }
  write("loading-bytes", `${part(say("boot-program"), program)} · ${part(say("boot-model"), model)}`);
}

let failure; // what was said when the page could not go on

// What was brought before the program was there (incoming.js): that it will be opened, or cannot be.
function tellKept() {
  const names = globalThis.foveaIncoming?.names().join(", ");
  if (!names) return;
  const gap = spoken === "zh" ? "" : " ";
  if (failure) write("message-text", failure + gap + say("incoming-stopped", { names }));
  else write("incoming-note", say("incoming-kept", { names }));
}
globalThis.foveaIncoming?.listen(tellKept);

// `again`: whether loading the page again may help.
function fail(text, again) {
  failure = text;
  document.documentElement.dataset.state = "error";
  document.getElementById("message-retry").hidden = !again;
  document.getElementById("loading").hidden = true;
  document.getElementById("message").hidden = false;
  write("message-text", text);
  write("status", say("page-stopped"));
  tellKept();
}

class Unavailable extends Error {}

const stored = [];

// Keeps what is put together (bytes or a Blob), as long as nothing is wrong with it or with the browser's store.
function store(hash, body, { headers }) {
  stored.push(body.then((whole) => Kept.put(hash, whole, headers)).catch(() => {}));
}

// Lets the browser do what else waits, such as a visitor's click: without it what is awaited and is
// there already follows at once, as one long task. A message, because timers in a row are slowed down.
const pause = () => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    resolve();
  };
  port2.postMessage(undefined);
});

// Whether the service worker sees every request anyway.
function served() {
  try {
    return !!navigator.serviceWorker?.controller;
  } catch {
    return false; // private windows may refuse to say
  }
}

// An answer of the server, or what is kept of an earlier one.
async function ask(name, address, options = {}) {
  const hash = Kept.hashIn(new URL(address, location.href));
  const kept = hash && !served() ? await Kept.get(hash) : undefined;
  if (kept) return { response: kept };
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    throw new Unavailable(say("file-not-loaded", { file: name, cause: error.message }));
  }
  if (!response.ok) {
    const cause = say("file-answer", { status: response.status });
    throw new Unavailable(say("file-not-loaded", { file: name, cause }));
  }
  return { response, hash };
}

// The parts of an answer as they come.
async function* parts(name, response) {
  const reader = response.body.getReader();
  for (;;) {
    let part;
    try {
      part = await reader.read();
    } catch (error) {
      throw new Unavailable(say("file-cut", { file: name, cause: error.message }));
    }
    if (part.done) return;
    yield part.value;
  }
}

async function fetchFile(name, address, options, onBytes) {
  const { response, hash } = await ask(`bundle/${name}`, address, options);
  const chunks = [];
  for await (const chunk of parts(`bundle/${name}`, response)) {
    chunks.push(chunk);
    onBytes(chunk.byteLength);
  }
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  if (!hash || !isSecureContext) return bytes;
  if (options.cache !== "reload" && !(await Kept.fits(bytes, hash))) {
    // Perhaps the browser's own copy was cut short. If not, the program says what is wrong.
    return fetchFile(name, address, { cache: "reload" }, () => {});
  }
  store(hash, Promise.resolve(bytes), response);
  return bytes;
}

// The folder of the domain that the address asks for, else of the first.
function choose(index) {
  const wanted = new URLSearchParams(location.hash.slice(1)).get("domain");
  return index.find(({ folder }) => folder === wanted) ?? index[0];
}

const parse = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

async function download() {
  const files = { "index.json": await fetchFile("index.json", "bundle/index.json", { cache: "no-cache" }, () => {}) };
  let folder = "";
  let entries;
  try {
    const chosen = choose(parse(files["index.json"]));
    folder = chosen.folder;
    const address = `bundle/${folder}/manifest.json?v=${chosen.manifest_sha256.slice(0, 12)}`;
    files["manifest.json"] = await fetchFile(`${folder}/manifest.json`, address, {}, () => {});
    entries = Object.entries(parse(files["manifest.json"]).files).filter(([name]) => MODEL.test(name));
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    return { folder, files }; // the program says what is wrong with the index or the manifest
  }
  model.total = entries.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const count = (bytes) => {
    model.done += bytes;
    show();
  };
  await Promise.all(entries.map(async ([name, { sha256 }]) => {
    files[name] = await fetchFile(`${folder}/${name}`, `bundle/${folder}/${name}?v=${sha256.slice(0, 12)}`, {}, count);
  }));
  return { folder, files };
}

// The program as it comes: compiled while it is downloaded.
async function fetchProgram({ href, dataset }) {
  program.total = Number(dataset.bytes);
  const { response, hash } = await ask(say("boot-the-program"), href);
  if (hash) {
    const whole = response.clone();
    store(hash, whole.blob(), whole); // not as bytes, which the window would copy twice
  }
  const source = parts(say("boot-the-program"), response);
  const body = new ReadableStream({
    async pull(controller) {
      await pause();
      // The compiler says less of what went wrong.
      const { done, value } = await source.next().catch((error) => { throw (program.lost = error); });
      if (done) return controller.close();
      program.done += value.byteLength;
      show();
      controller.enqueue(value);
    },
  });
  return new Response(body, { headers: { "Content-Type": "application/wasm" } });
}

// A function that returns a vector of 16 bytes.
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

// What of WebAssembly this browser lacks, if it lacks anything.
function lacking() {
  if (typeof globalThis.WebAssembly !== "object") return say("boot-no-wasm");
  return WebAssembly.validate(new Uint8Array(SIMD)) ? "" : say("boot-no-simd");
}

async function start() {
  if (spoken !== "en") write("loading-text", say("loading"));
  tellKept();
  const why = lacking();
  if (why) throw new Error(why);
  globalThis.foveaBundle = download();
  globalThis.foveaBundle.catch(() => {}); // the program reports it
  const wasm = fetchProgram(document.getElementById("program-wasm"));
  wasm.catch(() => {}); // awaited below
  let glue;
  try {
    glue = await import(document.getElementById("program-glue").href);
  } catch (error) {
    throw new Unavailable(say("file-not-loaded", { file: say("boot-the-program"), cause: error.message }));
  }
  const module = await WebAssembly.compileStreaming(wasm);
  await pause();
  await glue.default({ module_or_path: module });
}

document.getElementById("message-retry").addEventListener("click", () => location.reload());
globalThis.foveaStored = start().then(() => globalThis.foveaBundle).then(() => Promise.all(stored));
globalThis.foveaStored.catch((reason) => {
  const error = program.lost ?? reason;
  if (error instanceof Unavailable) fail(error.message, true);
  else fail(say("boot-old-browser", { cause: error?.message ?? error }), false);
});

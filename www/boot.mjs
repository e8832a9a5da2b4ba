// Downloads the model of one domain while trunk's loader downloads the program, and shows how far both are. It runs before any
// WebAssembly does; everything later is Rust (web/src/app), other domains too. `foveaBundle` is a promise of { folder, files }: the
// bundle's folder, and index.json, manifest.json and the model files as { name: Uint8Array }.

// What is said before the program can say it, by the ids of web/text/*.ftl; a test holds it to them. It stands here and not in a file
// of its own because it must be there at once, also to say that a file could not be loaded.
const TEXTS = {
  en: {
    "boot-program": "Program",
    "boot-model": "model",
    "boot-part": "{name} {done} MB",
    "boot-part-of": "{name} {done} of {total} MB",
    "boot-old-browser": "This browser cannot start the program ({cause}). It needs WebAssembly with SIMD: Chrome 91, Firefox 89, Safari 16.4 or newer.",
    "file-not-loaded": "{file} could not be loaded: {cause}.",
    "file-answer": "the server answers {status}",
    "loading": "Loading the program and the model",
    "page-stopped": "The page cannot go on.",
  },
  zh: {
    "boot-program": "程序",
    "boot-model": "模型",
    "boot-part": "{name} {done} MB",
    "boot-part-of": "{name} {done} / {total} MB",
    "boot-old-browser": "此浏览器无法启动程序（{cause}）。程序需要支持 SIMD 的 WebAssembly：Chrome 91、Firefox 89、Safari 16.4 或更新版本。",
    "file-not-loaded": "无法加载 {file}：{cause}。",
    "file-answer": "服务器返回 {status}",
    "loading": "正在加载程序和模型",
    "page-stopped": "页面无法继续运行。",
  },
};

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

const MODEL = /^([^/]+|students\/[^/]+)\.(safetensors|json)$/; // the gallery is fetched when it is looked at
const program = { done: 0, total: 0 };
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

function fail(text) {
  document.documentElement.dataset.state = "error";
  document.getElementById("loading").hidden = true;
  document.getElementById("message").hidden = false;
  write("message-text", text);
  write("status", say("page-stopped"));
}

class Unavailable extends Error {}

async function fetchFile(name, address, options, onBytes) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    throw new Unavailable(say("file-not-loaded", { file: `bundle/${name}`, cause: error.message }));
  }
  if (!response.ok) {
    const cause = say("file-answer", { status: response.status });
    throw new Unavailable(say("file-not-loaded", { file: `bundle/${name}`, cause }));
  }
  const chunks = [];
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    onBytes(value.byteLength);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
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

export default function initializer() {
  return {
    onStart() {
      if (spoken !== "en") write("loading-text", say("loading"));
      globalThis.foveaBundle = download();
      globalThis.foveaBundle.catch(() => {}); // the program reports it
    },
    onProgress({ current, total }) {
      Object.assign(program, { done: current, total });
      show();
    },
    onFailure(error) {
      fail(say("boot-old-browser", { cause: error.message ?? error }));
    },
  };
}

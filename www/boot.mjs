// Downloads the model of one domain while trunk's loader downloads the program, and shows how far both are. It runs before any
// WebAssembly does; everything later is Rust (web/src/app), other domains too. `foveaBundle` is a promise of { folder, files }: the
// bundle's folder, and index.json, manifest.json and the model files as { name: Uint8Array }.

const MODEL = /^([^/]+|students\/[^/]+)\.(safetensors|json)$/; // the gallery is fetched when it is looked at
const program = { done: 0, total: 0 };
const model = { done: 0, total: 0 };

const mb = (bytes) => (bytes / 1e6).toFixed(1);
const part = (name, { done, total }) => (total ? `${name} ${mb(done)} of ${mb(total)} MB` : `${name} ${mb(done)} MB`);

function show() {
  const total = program.total + model.total;
  const bar = document.getElementById("progress");
  if (program.total && model.total) {
    bar.max = total;
    bar.value = Math.min(program.done + model.done, total);
    if (bar.value >= total) bar.removeAttribute("value"); // what follows is computing, not downloading
  }
  document.getElementById("loading-bytes").textContent = `${part("Program", program)} · ${part("model", model)}`;
}

function fail(text) {
  document.documentElement.dataset.state = "error";
  document.getElementById("loading").hidden = true;
  document.getElementById("message").hidden = false;
  document.getElementById("message-text").textContent = text;
  document.getElementById("status").textContent = "The page cannot go on.";
}

class Unavailable extends Error {}

async function fetchFile(name, address, options, onBytes) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    throw new Unavailable(`bundle/${name} could not be loaded: ${error.message}.`);
  }
  if (!response.ok) throw new Unavailable(`bundle/${name} could not be loaded: the server answers ${response.status}.`);
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
      globalThis.foveaBundle = download();
      globalThis.foveaBundle.catch(() => {}); // the program reports it
    },
    onProgress({ current, total }) {
      Object.assign(program, { done: current, total });
      show();
    },
    onFailure(error) {
      fail(`This browser cannot start the program (${error.message ?? error}). It needs WebAssembly with SIMD: Chrome 91, Firefox 89, Safari 16.4 or newer.`);
    },
  };
}

// The store of files for use without a network: by the first twelve digits of their SHA-256, so that what is in it is never out of date,
// whichever build put it there, and what two models share is in it once. The page loads this as a script; xtask puts it into sw.js too.
const Kept = (() => {
  const folder = new URL("./", location.href); // of the page and of sw.js alike
  const prefix = `fovea ${folder.pathname} `; // an origin may have several copies of the page
  const name = `${prefix}files`;
  const address = (hash) => new URL(`kept/${hash}`, folder).href;
  const HEADERS = ["Content-Type", "Content-Security-Policy"];

  // The hash in a file's address: `name-HASH.ext`, or `?v=HASH` for the files of bundles.
  function hashIn(url) {
    const hash = url.searchParams.get("v") ?? /-([0-9a-f]{12})\.[a-z]+$/.exec(url.pathname)?.[1];
    return /^[0-9a-f]{12}$/.test(hash) ? hash : undefined;
  }

  // Whether the SHA-256 of bytes begins with these digits.
  async function fits(bytes, hash) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("").startsWith(hash);
  }

  // An answer to give again: without the address it came from and without how it was packed.
  const copy = (bytes, headers) =>
    new Response(bytes, { headers: HEADERS.filter((h) => headers.has(h)).map((h) => [h, headers.get(h)]) });

  return {
    folder, prefix, name, hashIn, fits, copy,
    // The kept file, or nothing: also where the browser refuses to store anything.
    async get(hash) {
      try {
        return await (await caches.open(name)).match(address(hash));
      } catch {
        return undefined;
      }
    },
    // Keeps bytes or a Blob if they are what they should be. Rejects where they are not, or where there is no room.
    async put(hash, body, headers) {
      const bytes = body instanceof Blob ? await body.arrayBuffer() : body;
      if (!(await fits(bytes, hash))) throw new Error(`a file is not the one that its address names (${hash})`);
      await (await caches.open(name)).put(address(hash), copy(body, headers));
    },
    // Forgets all files but these.
    async forgetOthers(hashes) {
      const wanted = new Set([...hashes].map(address));
      const cache = await caches.open(name);
      const others = (await cache.keys()).filter(({ url }) => !wanted.has(url));
      await Promise.all(others.map((request) => cache.delete(request)));
    },
  };
})();

//! The last step of every build of the page: names with hashes, and the service worker with the
//! list of what belongs together.
//!
//! Here and not in trunk, because wasm-opt and `demo --data` change files after trunk, and because
//! the service worker has to list all of them. After it, whatever the program consists of has the
//! first twelve digits of its SHA-256 in its address, as the files of the bundles have had all
//! along; so neither a browser's cache nor the service worker can take the file of one build for
//! that of another.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The program's files, as trunk leaves them: each is referred to by `index.html` alone, as `"./NAME"`.
const PROGRAM: [&str; 9] = [
    "boot.mjs",
    "camera.mjs",
    "fovea-page.js",
    "fovea-page_bg.wasm",
    "incoming.js",
    "kept.js",
    "offline.mjs",
    "style.css",
    "worker.js",
];

/// Texts to be read in the browser, without an extension as trunk leaves them: a host that knows a
/// file by its extension would send them
/// as something to download. `index.html` links to them as `NAME.txt`.
const TEXTS: [&str; 2] = ["LICENSE-APACHE", "NOTICE"];

/// What `index.html` says before it is sealed, and the name of the script that is written.
const UNSEALED: &str = "<meta name=\"fovea-build\" content=\"unsealed\">";
const SERVICE_WORKER: &str = "sw.js";

/// Digits of a SHA-256 in an address.
const DIGITS: usize = 12;

/// Files by name, with their SHA-256.
type Hashes = BTreeMap<String, String>;

/// What belongs to one build of the page; the service worker has it as `BUILD`.
#[derive(Debug, Serialize)]
pub struct Build {
    /// Names this very build.
    pub id: String,
    /// Files with plain names: the page itself, the list of bundles, icons, licences.
    pub page: Hashes,
    /// Files of the program, with hashes in their names.
    pub program: Hashes,
    /// The files of each bundle, by its folder.
    pub bundles: BTreeMap<String, Hashes>,
}

/// Seals the page in `dist`, as trunk, wasm-opt and the gallery have left it; `www` holds the
/// source of the service worker.
///
/// # Errors
/// A file is missing, `index.html` does not refer to one of the program's files, or the folder has been sealed before.
pub fn seal(dist: &Path, www: &Path) -> Result<Build> {
    let index = dist.join("index.html");
    let mut html = read_text(&index)?;
    if !html.contains(UNSEALED) {
        bail!("{} has been sealed already, or lacks {UNSEALED}", index.display());
    }
    let mut program = Hashes::new();
    for name in PROGRAM {
        let path = dist.join(name);
        let bytes = fs::read(&path).with_context(|| format!("the build left no {}", path.display()))?;
        let hash = sha256(&bytes);
        let sealed = hashed_name(name, &hash);
        let reference = format!("\"./{name}\"");
        if !html.contains(&reference) {
            bail!("{} does not refer to {reference}", index.display());
        }
        if name.ends_with(".wasm") {
            // The length that a server tells is that of the compressed file.
            html = html.replace("data-bytes=\"0\"", &format!("data-bytes=\"{}\"", bytes.len()));
        }
        html = html.replace(&reference, &format!("\"./{sealed}\""));
        fs::rename(&path, dist.join(&sealed)).with_context(|| format!("cannot rename {}", path.display()))?;
        program.insert(sealed, hash);
    }
    for name in TEXTS {
        let (path, named) = (dist.join(name), format!("{name}.txt"));
        if !html.contains(&format!("href=\"{named}\"")) {
            bail!("{} does not link to {named}", index.display());
        }
        fs::rename(&path, dist.join(&named)).with_context(|| format!("the build left no {}", path.display()))?;
    }
    let mut bundles = BTreeMap::new();
    let bundle = dist.join("bundle");
    for entry in fs::read_dir(&bundle).with_context(|| format!("cannot read {}", bundle.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            let folder = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            bundles.insert(folder, hashes(&path)?);
        }
    }
    let mut page: Hashes = files(dist)?
        .into_iter()
        .filter(|name| !program.contains_key(name) && name != "index.html" && name != SERVICE_WORKER)
        .filter(|name| !name.starts_with("bundle/") || name == "bundle/index.json")
        .map(|name| Ok((name.clone(), sha256(&fs::read(dist.join(&name))?))))
        .collect::<Result<_>>()?;
    let id = sha256(serde_json::to_string(&(&html, &page, &program, &bundles))?.as_bytes())[..DIGITS].to_owned();
    let html = html.replace(UNSEALED, &UNSEALED.replace("unsealed", &id));
    write(&index, &html)?;
    page.insert("index.html".into(), sha256(html.as_bytes()));
    let build = Build { id, page, program, bundles };
    let [kept, worker] = ["kept.js", "service-worker.js"].map(|name| read_text(&www.join(name)));
    let script = format!("const BUILD = {};\n{}{}", serde_json::to_string(&build)?, kept?, worker?);
    write(&dist.join(SERVICE_WORKER), &script)?;
    Ok(build)
}

/// `style.css` -> `style-0123456789ab.css`.
fn hashed_name(name: &str, hash: &str) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("{stem}-{}.{extension}", &hash[..DIGITS])
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files below a folder, with slashes in their names, in order.
///
/// # Errors
/// A folder cannot be read.
pub fn files(dir: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path)?.into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

/// Copies a folder with all that is in it.
///
/// # Errors
/// A file cannot be read or written.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    for name in files(from)? {
        let target = to.join(&name);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        fs::copy(from.join(&name), &target).with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}

fn hashes(dir: &Path) -> Result<Hashes> {
    files(dir)?.into_iter().map(|name| Ok((name.clone(), sha256(&fs::read(dir.join(&name))?)))).collect()
}

fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What trunk leaves, in small, with these contents of the bundle's one file.
    fn page(name: &str, weights: &str) -> (std::path::PathBuf, Build) {
        let dir = std::env::temp_dir().join(format!("fovea-seal-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&dir));
        fs::create_dir_all(dir.join("bundle/polyp")).unwrap();
        let mut references: String = PROGRAM.iter().map(|name| format!("<link href=\"./{name}\">")).collect();
        references.extend(TEXTS.iter().map(|name| format!("<a href=\"{name}.txt\">")));
        fs::write(dir.join("index.html"), format!("{UNSEALED}<i data-bytes=\"0\">{references}")).unwrap();
        for name in PROGRAM {
            fs::write(dir.join(name), name).unwrap();
        }
        for name in TEXTS {
            fs::write(dir.join(name), name).unwrap();
        }
        fs::write(dir.join("bundle/index.json"), "[]").unwrap();
        fs::write(dir.join("bundle/polyp/teacher.safetensors"), weights).unwrap();
        let build = seal(&dir, &crate::paths::root().join("www")).unwrap();
        (dir, build)
    }

    #[test]
    fn the_page_refers_to_names_with_hashes_and_the_service_worker_lists_everything() {
        let (dir, build) = page("names", "w");
        let html = fs::read_to_string(dir.join("index.html")).unwrap();
        for (name, hash) in &build.program {
            assert!(html.contains(&format!("\"./{name}\"")) && name.contains(&hash[..DIGITS]), "{name}: {html}");
            assert_eq!(sha256(&fs::read(dir.join(name)).unwrap()), *hash);
        }
        assert!(html.contains("data-bytes=\"18\"") && html.contains(&build.id), "{html}");
        assert_eq!(
            build.page.keys().collect::<Vec<_>>(),
            ["LICENSE-APACHE.txt", "NOTICE.txt", "bundle/index.json", "index.html"]
        );
        assert_eq!(build.page["index.html"], sha256(html.as_bytes()));
        assert_eq!(build.bundles["polyp"]["teacher.safetensors"], sha256(b"w"));
        let script = fs::read_to_string(dir.join("sw.js")).unwrap();
        let list = script.strip_prefix("const BUILD = ").unwrap().lines().next().unwrap();
        let list: serde_json::Value = serde_json::from_str(list.trim_end_matches(';')).unwrap();
        assert_eq!(list, serde_json::to_value(&build).unwrap());
        let again = seal(&dir, &crate::paths::root().join("www")).unwrap_err();
        assert!(again.to_string().contains("sealed already"), "{again}");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn the_same_files_are_the_same_build_and_any_other_file_is_another() {
        let builds = [("one", "w"), ("two", "w"), ("three", "x")].map(|(name, weights)| page(name, weights));
        let [one, two, three] = builds.each_ref().map(|(_, build)| &build.id);
        assert_eq!(one, two);
        assert_ne!(one, three);
        builds.into_iter().for_each(|(dir, _)| fs::remove_dir_all(dir).unwrap());
    }
}

//! `fovea gallery replace` through the binary, on the bundle of another test.

use std::{fs, path::Path};

use fovea_shared::bundle::Manifest;

use crate::binary::{fails, passes};

/// Another gallery leaves the networks as they are, and each picture says whose it is.
pub(crate) fn replaces(folder: &Path, bundles: &str, shown: &str) {
    let list = folder.join("list.toml").to_string_lossy().into_owned();
    let text = format!(
        "domain = \"polyp\"\nseed = 1\n[[source]]\nname = \"Drawn\"\nauthors = \"A\"\nlicence = \"CC BY 4.0\"\n\
         link = \"https://doi.org/10/x\"\ndata = \"data\"\nsplit = \"phantom\"\n[[source.case]]\nid \
         = \"{shown}\"\nriddle = \"One\"\n"
    );
    fs::write(&list, text).unwrap();
    let manifest = || Manifest::parse(&fs::read(Path::new(bundles).join("polyp/manifest.json")).unwrap()).unwrap();
    let before = manifest();
    let replace = ["gallery", "replace", "--bundles", bundles, "--list", &list, "--phantoms", "4"];
    assert!(passes(&replace).contains("polyp: 1 pictures of the list and 1 phantoms"));
    passes(&replace);
    let after = manifest();
    let ids: Vec<&str> = after.gallery.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, [shown, "phantom-4"]);
    let files = fs::read_dir(Path::new(bundles).join("polyp/gallery")).unwrap().count();
    assert_eq!(files, 6, "image, mask and gaze of each, and nothing of the former gallery");
    assert_eq!(after.notices.iter().filter(|notice| notice.contains("Drawn: A, CC BY 4.0")).count(), 1);
    let networks = |manifest: &Manifest| -> Vec<_> {
        let files = manifest.files.iter().filter(|(name, _)| !name.starts_with("gallery/"));
        files.map(|(name, entry)| (name.clone(), entry.sha256.clone())).collect()
    };
    assert_eq!(networks(&before), networks(&after));
    fs::write(&list, fs::read_to_string(&list).unwrap().replace(shown, "none")).unwrap();
    let message = fails(&replace);
    assert!(message.contains("`none` is not a test image"), "{message}");
    assert_eq!(manifest().gallery.len(), 2, "a list that cannot be shown changes nothing");
}

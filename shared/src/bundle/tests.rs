#![allow(clippy::unwrap_used)]
use super::*;

fn manifest(files: &BTreeMap<String, Vec<u8>>) -> Manifest {
    Manifest {
        format: FORMAT,
        name: "test".into(),
        created: "2026-01-01T00:00:00Z".into(),
        files: files
            .iter()
            .map(|(name, bytes)| (name.clone(), FileEntry { sha256: sha256(bytes), bytes: bytes.len() as u64 }))
            .collect(),
        gallery: Vec::new(),
        training: Training {
            data: "none".into(),
            split: "none".into(),
            data_sha256: String::new(),
            seed: 1,
            selection: "validation".into(),
            git_sha: "unknown".into(),
            config: serde_json::Value::Null,
            text: "none".into(),
            text_verdict: None,
            student_dice: None,
            teacher_dice: None,
            teacher_dice_with_gaze: None,
        },
        notices: Vec::new(),
    }
}

fn files() -> BTreeMap<String, Vec<u8>> {
    MODEL_FILES.iter().map(|name| (name.to_string(), name.as_bytes().to_vec())).collect()
}

#[test]
fn a_whole_bundle_loads() {
    let files = files();
    let json = serde_json::to_vec(&manifest(&files)).unwrap();
    let bundle =
        Bundle::load(|name| if name == MANIFEST { Ok(json.clone()) } else { Ok(files[name].clone()) }).unwrap();
    assert_eq!(bundle.file("teacher.safetensors").unwrap(), b"teacher.safetensors");
    assert!(bundle.file("other").unwrap_err().to_string().contains("`other`"));
}

#[test]
fn every_defect_names_its_file() {
    let good = files();
    let list = manifest(&good);
    for name in MODEL_FILES {
        for change in ["missing", "short", "changed"] {
            let mut bad = good.clone();
            match change {
                "missing" => drop(bad.remove(name)),
                "short" => drop(bad.get_mut(name).unwrap().pop()),
                _ => bad.get_mut(name).unwrap()[0] ^= 1,
            }
            let text = Bundle::from_files(list.clone(), bad).unwrap_err().to_string();
            assert!(text.contains(&format!("`{name}`")), "{change}: {text}");
        }
    }
}

#[test]
fn manifests_of_another_kind_are_refused() {
    let text = |bytes: &[u8]| Manifest::parse(bytes).unwrap_err().to_string();
    assert!(text(b"{").contains("`manifest.json`"));
    assert!(text(b"{}").contains("no number `format`"));
    assert!(text(b"{\"format\": 99}").contains("format 99"));
    let mut list = manifest(&files());
    list.gallery.push(GalleryCase {
        id: "a".into(),
        title: "A".into(),
        image: "gallery/a.png".into(),
        mask: None,
        gaze: None,
        gaze_source: None,
        origin: "phantom".into(),
        descriptions: Vec::new(),
    });
    assert!(text(&serde_json::to_vec(&list).unwrap()).contains("`gallery/a.png`"));
}

#[test]
fn goldens_round_trip() {
    let side = crate::image::INPUT_SIDE as u32;
    let plane = |v: f32| crate::plane::Plane::filled(3, 2, v);
    let goldens = Goldens {
        image: image::RgbImage::from_fn(side, side, |x, y| image::Rgb([x as u8, y as u8, 9])),
        heat: plane(0.5),
        text: vec![vec![1.0, 2.0], vec![3.0, -4.0]],
        teacher_text: plane(0.25),
        teacher: plane(-1.5),
        teacher_gaze: plane(f32::MIN_POSITIVE),
        student: plane(3.25),
    };
    let again = Goldens::from_bytes(&goldens.to_bytes().unwrap()).unwrap();
    assert_eq!(again.image, goldens.image);
    assert_eq!(again.teacher_gaze, goldens.teacher_gaze);
    assert_eq!(again.student, goldens.student);
    assert_eq!((again.text, again.teacher_text), (goldens.text, goldens.teacher_text));
    assert!(Goldens::from_bytes(b"no").unwrap_err().to_string().contains("goldens.safetensors"));
}

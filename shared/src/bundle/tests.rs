#![allow(clippy::unwrap_used)]
use super::*;
use crate::{
    description::{Field, Modality},
    model::PromptMaps,
};

fn manifest(files: &BTreeMap<String, Vec<u8>>) -> Manifest {
    Manifest {
        format: FORMAT,
        name: "test".into(),
        domain: Modality::SkinLesion,
        created: "2026-01-01T00:00:00Z".into(),
        files: files
            .iter()
            .map(|(name, bytes)| (name.clone(), FileEntry { sha256: sha256(bytes), bytes: bytes.len() as u64 }))
            .collect(),
        students: students().to_vec(),
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
            teacher_dice: None,
            teacher_dice_with_gaze: None,
            int8_difference: None,
            steers: None,
        },
        notices: Vec::new(),
    }
}

/// Two of the many, and not in the order of their place.
fn students() -> [StudentVariant; 2] {
    ["refined-all", "refined"].map(student)
}

fn student(name: &str) -> StudentVariant {
    StudentVariant::new(name.parse().unwrap(), None)
}

fn files() -> BTreeMap<String, Vec<u8>> {
    let students = students().map(|student| student.file);
    let names = MODEL_FILES.map(str::to_owned).into_iter().chain(students);
    names.map(|name| (name.clone(), name.into_bytes())).collect()
}

#[test]
fn a_whole_bundle_loads() {
    let files = files();
    let json = serde_json::to_vec(&manifest(&files)).unwrap();
    let bundle =
        Bundle::load(|name| Ok::<_, String>(if name == MANIFEST { json.clone() } else { files[name].clone() }))
            .unwrap();
    assert_eq!(bundle.file("teacher.safetensors").unwrap(), b"teacher.safetensors");
    assert!(bundle.file("other").unwrap_err().to_string().contains("`other`"));
}

#[test]
fn every_defect_names_its_file() {
    let good = files();
    let list = manifest(&good);
    for name in good.keys() {
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
        riddle: None,
        purpose: None,
        image: "gallery/a.png".into(),
        mask: None,
        gaze: None,
        gaze_source: None,
        origin: PHANTOM.into(),
        attribution: None,
        descriptions: Vec::new(),
    });
    assert!(text(&serde_json::to_vec(&list).unwrap()).contains("`gallery/a.png`"));
}

#[test]
fn the_student_on_the_teachers_labels_comes_first_else_all_of_them() {
    let mut files = files();
    let mut parsed = |names: &[&str], change: &dyn Fn(&mut Manifest)| {
        for name in names {
            files.insert(student(name).file, Vec::new());
        }
        let mut list = manifest(&files);
        list.students = names.iter().copied().map(student).collect();
        change(&mut list);
        Manifest::parse(&serde_json::to_vec(&list).unwrap())
    };
    let mut first = |names: &[&str]| {
        let found = parsed(names, &|_| ()).unwrap();
        found.students[found.default_student()].name.clone()
    };
    assert_eq!(first(&["heat", "heat-all", "teacher", "full-supervision"]), "teacher");
    assert_eq!(first(&["heat", "heat-all-released", "heat-all", "teacher+afc"]), "heat-all");
    assert_eq!(first(&["heat+darm-released", "heat"]), "heat+darm-released");
    let mut error = |names: &[&str], change: &dyn Fn(&mut Manifest)| parsed(names, change).unwrap_err().to_string();
    assert!(error(&[], &|_| ()).contains("0 students"));
    let many: Vec<String> = StudentKind::every().take(MOST_STUDENTS + 1).map(|kind| kind.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(error(&many, &|_| ()).contains("17 students"));
    assert!(error(&["heat", "heat"], &|_| ()).contains("`heat` is listed twice"));
    assert!(error(&["heat-all"], &|m| m.students[0].name = "teacher-all".into()).contains("is of the kind `heat-all`"));
    assert!(error(&["heat"], &|m| m.students[0].kind.released = true).contains("no DARM"));
    let gone = "students/refined-afc.safetensors";
    assert!(error(&["refined+afc"], &|m| drop(m.files.remove(gone))).contains(gone));
}

#[test]
fn a_student_is_written_in_one_level_and_a_method_without_its_form() {
    let text = serde_json::to_value(student("heat+afc")).unwrap();
    let expected = serde_json::json!({
        "name": "heat+afc",
        "told": "heat",
        "strategies": { "afc": true, "cwc": false, "darm": false },
        "file": "students/heat-afc.safetensors",
    });
    assert_eq!(text, expected);
    let released = student("heat+darm-released");
    let text = serde_json::to_string(&released).unwrap();
    assert!(text.contains("\"released\":true"), "{text}");
    assert_eq!(serde_json::from_str::<StudentVariant>(&text).unwrap(), released);
}

#[test]
fn a_field_is_offered_unless_it_was_measured_not_to_steer() {
    let steering = |effect, offered| Steering { effect, what: "share of pictures".into(), offered };
    let parsed = |steers: Option<BTreeMap<Field, Steering>>| {
        let mut list = manifest(&files());
        list.training.steers = steers;
        let json = serde_json::to_string(&list).unwrap();
        (Manifest::parse(json.as_bytes()), json)
    };
    let (older, json) = parsed(None);
    assert!(!json.contains("steers") && older.unwrap().offers(Field::Location), "older bundles do not say");
    let said = BTreeMap::from([(Field::Location, steering(0.31, false)), (Field::Size, steering(2.0, true))]);
    let (measured, json) = parsed(Some(said.clone()));
    assert!(
        json.contains(r#""steers":{"location":{"effect":0.31,"what":"share of pictures","offered":false}"#),
        "{json}"
    );
    let measured = measured.unwrap();
    assert_eq!(measured.training.steers.as_ref(), Some(&said));
    assert_eq!([Field::Location, Field::Size, Field::Shape].map(|f| measured.offers(f)), [false, true, true]);
    assert_eq!([Field::Location, Field::Size, Field::Shape].map(|f| measured.steers(f)), [false, true, false]);
    let strange = parsed(Some(BTreeMap::from([(Field::Symmetry, steering(0.9, true))]))).0.unwrap_err().to_string();
    assert!(strange.contains("`symmetry`") && strange.contains("skin lesion"), "{strange}");
}

#[test]
fn goldens_round_trip() {
    let side = crate::image::INPUT_SIDE as u32;
    let plane = |v: f32| crate::plane::Plane::filled(3, 2, v);
    let goldens = Goldens {
        image: image::RgbImage::from_fn(side, side, |x, y| image::Rgb([x as u8, y as u8, 9])),
        prompt: PromptMaps { dwell: plane(0.5), looks: plane(0.75) },
        text: vec![vec![1.0, 2.0], vec![3.0, -4.0]],
        teacher_text: plane(0.25),
        teacher: plane(-1.5),
        teacher_gaze: plane(f32::MIN_POSITIVE),
        students: BTreeMap::from([("heat-all".to_owned(), plane(3.25)), ("heat+afc".to_owned(), plane(-0.125))]),
    };
    let again = Goldens::from_bytes(&goldens.to_bytes().unwrap()).unwrap();
    assert_eq!(again.image, goldens.image);
    assert_eq!(again.teacher_gaze, goldens.teacher_gaze);
    assert_eq!(again.students, goldens.students);
    assert_eq!((&again.text, &again.teacher_text), (&goldens.text, &goldens.teacher_text));
    assert_eq!(again.difference(&goldens), 0.0);
    let mut other = goldens.clone();
    other.students.get_mut("heat+afc").unwrap().data[5] += 0.5;
    assert_eq!((other.difference(&goldens), goldens.difference(&other)), (0.5, 0.5));
    other.students.get_mut("heat+afc").unwrap().data[5] = f32::NAN;
    assert_eq!(other.difference(&goldens), f32::INFINITY);
    // A student without reference is not compared; a reference without its student is missed.
    other.students.remove("heat+afc");
    assert_eq!((goldens.difference(&other), other.difference(&goldens)), (0.0, f32::INFINITY));
    assert!(Goldens::from_bytes(b"no").unwrap_err().to_string().contains("goldens.safetensors"));
}

//! The bundles that the page of a test is given.

use fovea_shared::{
    bundle::{FORMAT, Manifest, StudentKind, StudentVariant, Told, domain_folder, sha256},
    description::Modality,
    distill::Strategies,
};
use fovea_web::{
    app::model::bundles::Download,
    protocol::{Backend, Blob, Report},
};

/// What the students of the polyp bundle were directed by, all of which were told the refined masks: the first is shown first.
pub const STUDENTS: [Strategies; 3] = [
    Strategies::ALL,
    Strategies { afc: false, cwc: false, darm: false },
    Strategies { afc: true, cwc: false, darm: false },
];

pub fn report() -> Report {
    let adapter = "test".into();
    Report { backend: Backend::Cpu, adapter, max_abs_diff: 2e-6, passed: true, embed_ms: 100.0, click_ms: 5.0 }
}

/// The bytes of a model file, in every bundle but for those that bundles do not share.
pub fn model_file(domain: Modality, name: &str) -> String {
    if name == "backbone.safetensors" { name.into() } else { format!("{name} for {}", domain.noun()) }
}

/// A manifest with one gallery case where the domain is not polyp; its students learnt from refined masks.
pub fn manifest(domain: Modality, students: &[Strategies]) -> String {
    let folder = domain_folder(domain);
    let kind = |on: &Strategies| StudentKind::new(Told::Refined, *on);
    let students: Vec<StudentVariant> = students.iter().map(|on| StudentVariant::new(kind(on), None)).collect();
    let files = ["backbone.safetensors", "teacher.safetensors", "goldens.safetensors", "phrases.safetensors"];
    let files = files.into_iter().chain(students.iter().map(|s| s.file.as_str())).chain(["gallery/a.png"]);
    let entry = |name: &str| {
        let bytes = model_file(domain, name);
        format!(r#""{name}": {{"sha256": "{}", "bytes": {}}}"#, sha256(bytes.as_bytes()), bytes.len())
    };
    let files: Vec<String> = files.map(entry).collect();
    let score = r#"{"mean": 0.8, "sd": 0.01, "seeds": 3, "on": "100 images"}"#;
    let listed = |s: &StudentVariant| {
        let Strategies { afc, cwc, darm } = s.kind.strategies;
        let dice = if s.kind.strategies == Strategies::ALL { score } else { "null" };
        let on = format!(r#"{{"afc": {afc}, "cwc": {cwc}, "darm": {darm}}}"#);
        let head = format!(r#""name": "{}", "told": "{}""#, s.name, s.kind.told.name());
        format!(r#"{{{head}, "strategies": {on}, "file": "{}", "dice": {dice}}}"#, s.file)
    };
    let students: Vec<String> = students.iter().map(listed).collect();
    let case = r#"{"id": "a", "title": "Case a", "image": "gallery/a.png", "mask": null, "gaze": null, "gaze_source": null, "origin": "phantom"}"#;
    let gallery = if domain == Modality::Polyp { "" } else { case };
    format!(
        r#"{{"format": {FORMAT}, "name": "{folder} model", "domain": "{}", "created": "2026-01-01T00:00:00Z", "files": {{{}}}, "students": [{}],
    "gallery": [{gallery}], "notices": ["A notice about {folder}."],
    "training": {{"data": "none", "split": "none", "data_sha256": "", "seed": 1, "selection": "validation", "git_sha": "", "config": {{}},
    "text": "words for tests", "text_verdict": "It was found to listen.", "teacher_dice": {score}, "teacher_dice_with_gaze": null}}}}"#,
        domain.name(),
        files.join(", "),
        students.join(", ")
    )
}

/// What `boot.mjs` would have downloaded: an index of two bundles, and the first of them.
pub fn download(students: &[Strategies]) -> Download {
    let polyp = manifest(Modality::Polyp, students);
    let prostate = manifest(Modality::Prostate, &Strategies::every());
    let entry = |domain: Modality, manifest: &str| {
        let (name, folder) = (domain.name(), domain_folder(domain));
        let sha = sha256(manifest.as_bytes());
        format!(r#"{{"domain": "{name}", "name": "{folder} model", "folder": "{folder}", "manifest_sha256": "{sha}"}}"#)
    };
    let index = format!("[{}, {}]", entry(Modality::Polyp, &polyp), entry(Modality::Prostate, &prostate));
    let files = Manifest::parse(polyp.as_bytes()).unwrap();
    let model = files.model_files().into_iter().map(|name| (name.to_owned(), model_file(Modality::Polyp, name)));
    let own = [("index.json".to_owned(), index), ("manifest.json".to_owned(), polyp)];
    let files = model.chain(own).map(|(name, text)| (name, Blob(text.into_bytes()))).collect();
    Download { folder: "polyp".into(), files }
}

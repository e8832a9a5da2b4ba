//! A data set of own pictures, as the page packs it, through the trainer's program.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use fovea_shared::{
    description::Modality,
    gaze::parse_csv,
    image::{decode, mask_png},
    plane::Mask,
};
use fovea_tests::fovea;
use fovea_web::app::collection::{
    archive::{folder::texts, pack::Pack},
    item::{Mark, Verdict},
    shape::Shape,
    state::Collection,
};

/// Cases of the shipped gallery.
const CASES: [&str; 5] = [
    "cju1cbokpuiw70988j4lq1fpi",
    "cju45v0pungu40871acnwtmu5",
    "cju2wve9v7esz0878mxsdcy04",
    "cju15wdt3zla10801odjiw7sy",
    "cju31w6goazci0799n014ly1q",
];

fn gallery(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle/polyp/gallery");
    fs::read(folder.join(name)).unwrap()
}

fn mask(case: &str) -> Shape {
    let image = decode(&gallery(&format!("{case}-mask.png"))).unwrap();
    let inside = image.pixels().map(|pixel| pixel.0[0] > 127).collect();
    Shape::of_mask(&Mask::from_vec(image.width() as usize, image.height() as usize, inside))
}

/// The ZIP of a collection whose pictures were looked at, drawn, accepted, and left as they came.
fn packed() -> Vec<u8> {
    let mut all = Collection::default();
    for case in CASES {
        let shape = mask(case);
        all.add(&format!("Picture of {case}.JPG"), "jpg", (shape.width, shape.height));
    }
    for case in &CASES[..3] {
        let gaze = String::from_utf8(gallery(&format!("{case}-gaze.csv"))).unwrap();
        all.take(parse_csv(&gaze).unwrap().into_values().next().unwrap().fixations);
    }
    all.draw(mask(CASES[3]), 38.0);
    let numbers: Vec<u64> = all.items().iter().map(|item| item.number).collect();
    all.set_truth(numbers[0], mask(CASES[0]));
    all.judge(numbers[1], Some(Verdict::Accepted(mask(CASES[1]).scaled((128, 100)))));
    all.judge(numbers[4], Some(Verdict::Mended(mask(CASES[4]))));
    assert!(matches!(all.items()[3].mark, Mark::Drawn { .. }));
    let (mut pack, mut file) = (Pack::default(), Vec::new());
    for (item, case) in all.items().iter().zip(CASES) {
        file.extend(pack.add(&item.path(), &gallery(&format!("{case}.jpg"))).unwrap());
        if let Some((shape, _)) = item.mask() {
            let png = mask_png(&shape.scaled(item.size).mask()).unwrap();
            file.extend(pack.add(&format!("masks/{}.png", item.id), &png).unwrap());
        }
    }
    for (name, text) in texts(&all, Modality::Polyp).unwrap() {
        file.extend(pack.add(&name, text.as_bytes()).unwrap());
    }
    file.extend(pack.finish().unwrap());
    file
}

#[test]
fn the_zip_of_own_pictures_is_checked_trained_with_and_segmented_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let set = at("set");
    zip::ZipArchive::new(Cursor::new(packed())).unwrap().extract(&set).unwrap();
    let checked = fovea::run(&["data", "check", &set]).unwrap();
    assert!(checked.contains("No errors"), "{checked}");
    assert!(
        ["train", "validate", "evaluate"].iter().all(|use_| checked.contains(&format!("split own, {use_}: yes"))),
        "{checked}"
    );
    let train = ["train", "--data", &set, "--split", "own", "--out", &at("run"), "--cache", &at("cache")];
    let short = ["--device", "cpu", "--quiet", "--batch", "1", "--teacher-epochs", "1", "--student-epochs", "1"];
    fovea::run(&[&train[..], &short].concat()).unwrap();
    let mut images: Vec<PathBuf> =
        fs::read_dir(Path::new(&set).join("images")).unwrap().map(|entry| entry.unwrap().path()).collect();
    images.sort();
    assert_eq!(images.len(), 5);
    let first = images[0].to_string_lossy().into_owned();
    fovea::run(&["predict", "--run", &at("run"), "--out", &at("out"), "--device", "cpu", "--quiet", &first]).unwrap();
    assert_eq!(fs::read_dir(at("out")).unwrap().count(), 4);
}

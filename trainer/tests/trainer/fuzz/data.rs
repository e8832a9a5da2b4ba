//! What a data set's folder and a training's configuration hold.

use std::borrow::Cow;

use fovea_shared::{
    gaze::{parse_csv, write_csv},
    text_file::decode,
};
use fovea_trainer::{
    config::TrainConfig,
    data::{Case, GazeOrigin, MaskFile, info, nci_isbi::dicom, picture, splits::List},
};

use super::{target, text, with_file};

/// What a reader may take beside a multiple of its input.
const MIB: usize = 1 << 20;

/// Pictures: what is decoded and what comes out of it are bounded together.
const PICTURE: usize = 512 * MIB;

target!(gaze_csv, 16 * MIB, |input| {
    // What is read can be written and is read as the same.
    let text = decode(input).map_or_else(|_| text(input), Cow::Owned);
    if let Ok(found) = parse_csv(&text) {
        for fixation in found.values().flat_map(|path| &path.fixations) {
            assert!((0.0..=1.0).contains(&fixation.x) && (0.0..=1.0).contains(&fixation.y), "{fixation:?}");
            assert!(fixation.duration_ms.is_finite() && fixation.start_ms.is_finite(), "{fixation:?}");
        }
        let written = write_csv(&found.iter().map(|(id, path)| (id.clone(), (path.clone(), (10, 10)))).collect());
        let kept = found.into_iter().filter(|(_, path)| !path.fixations.is_empty()).collect();
        assert_eq!(parse_csv(&written), Ok(kept));
    }
});

target!(dicom_slice, 256 * MIB, |input| {
    drop(dicom::decode(input));
    with_file("slice.dcm", input, |path| drop(dicom::header(path)));
});

target!(image_file, PICTURE, |input| drop(picture::decode(input)));

target!(mask_file, PICTURE, |input| {
    with_file("mask.png", input, |path| {
        let mask = Some(MaskFile::Picture(path.to_owned()));
        let modality = fovea_shared::description::Modality::Polyp;
        let case = Case {
            id: "a".into(),
            image: path.to_owned(),
            mask,
            gaze: None,
            origin: GazeOrigin::Recorded,
            modality: Some(modality),
        };
        if let Ok(mask) = case.load_mask(8, 6) {
            assert_eq!((mask.width, mask.height), (8, 6));
        }
    });
});

target!(split_list, 4 * MIB, |input| {
    with_file("gaze-train.txt", input, |path| {
        if let Ok(list) = List::read(path) {
            assert!(list.entries.iter().all(|(line, id)| *line >= 1 && !id.is_empty()));
            drop(list.repeated());
        }
    });
});

target!(dataset_info, 4 * MIB, |input| {
    with_file("dataset.json", input, |path| drop(info::read(path.parent().unwrap())));
});

target!(train_config, 16 * MIB, |input| {
    with_file("config.toml", input, |path| {
        // What is read can be written and is read as the same.
        if let Ok(config) = TrainConfig::read(path) {
            let written = toml::to_string(&config).unwrap();
            std::fs::write(path, &written).unwrap();
            let again = TrainConfig::read(path).unwrap_or_else(|e| panic!("{e:#}\n{written}"));
            assert_eq!(toml::to_string(&again).unwrap(), written);
        }
    });
});

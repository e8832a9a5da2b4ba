//! Every reader on stored inputs, on what bolero draws, and on changed copies of the stored inputs.
//! It may refuse an input; it may neither panic nor take more memory than its bound. The stored
//! DICOM files are those of `files.py`.

use std::path::Path;

use fovea_medical::{dicom, nifti, nrrd, plane::Section, volume::Volume};

/// What a reader may take beside a multiple of its input.
const MIB: usize = 1 << 20;

/// Inputs that bolero draws in a plain run, beside the stored ones.
const DRAWN: usize = 64;

/// A target as a test: its name, the most memory it may take in bytes, and what is done with the
/// bytes.
macro_rules! target {
    ($name:ident, $memory:expr, $read:expr) => {
        #[test]
        fn $name() {
            let read: fn(&[u8]) = $read;
            let bounded = move |input: &[u8]| {
                let most = crate::memory::peak(|| read(input));
                assert!(most <= $memory, "it took {most} bytes of memory, more than {}", $memory);
            };
            bolero::check!().with_iterations(DRAWN).for_each(bounded);
            let folder =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/medical/__fuzz__/fuzz__").display().to_string();
            let folder = folder + stringify!($name);
            crate::mutate::run(Path::new(&folder), Path::new(env!("CARGO_TARGET_TMPDIR")), bounded);
        }
    };
}

target!(dicom, 256 * MIB, |input| {
    if let Ok(file) = dicom::Dicom::read(input) {
        assert_eq!(file.header().places.len(), file.header().frames);
        for index in 0..file.header().frames.min(3) {
            if let Ok(frame) = file.frame(index) {
                let pixels = frame.size[0] * frame.size[1];
                match frame.pixels {
                    dicom::Pixels::Grey(levels) => assert_eq!(levels.len(), pixels),
                    dicom::Pixels::Rgb(levels) => assert_eq!(levels.len(), 3 * pixels),
                }
            }
        }
    }
});

fn look(volume: &Volume) {
    for z in [0, volume.sizes[2] - 1] {
        let section = Section::stored(volume.sizes, z);
        if let Ok(labels) = volume.labels(&section) {
            assert_eq!(labels.len(), volume.sizes[0] * volume.sizes[1]);
        }
    }
}

target!(nrrd, 256 * MIB, |input| {
    if let Ok(volume) = nrrd::read(input) {
        look(&volume);
    }
    // The same bytes as a header and as its data.
    if let Ok(volume) = nrrd::read_detached(input, &[input, input]) {
        look(&volume);
    }
});

target!(nifti, 256 * MIB, |input| {
    if let Ok(volume) = nifti::read(input) {
        look(&volume);
        let values = vec![1; volume.sizes.iter().product()];
        if values.len() < 1 << 16 {
            let again =
                nifti::write(&fovea_medical::volume::Voxels { sizes: volume.sizes, values: &values }, volume.geometry);
            assert_eq!(nifti::read(&again).map(|v| v.sizes), Ok(volume.sizes));
        }
    }
});

#[test]
#[ignore = "writes the corpora of NRRD and NIfTI into the source tree"]
fn write_the_corpora() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/medical/__fuzz__");
    let store = |target: &str, name: &str, bytes: &[u8]| {
        let folder = root.join(format!("fuzz__{target}/corpus"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    };
    let head = |kind: &str, more: &str| {
        format!(
            "NRRD0004\n# a comment\ntype: {kind}\ndimension: 3\nspace: left-posterior-superior\nsizes: 3 2 2\n\
             space directions: (0.5,0,0) (0,0.4,-0.1) (0,-0.3,2.9)\nspace origin: (-10,20,30.5)\n{more}\n\n"
        )
    };
    let labels = [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0u8];
    let words: Vec<u8> = labels.iter().flat_map(|v| u16::from(*v).to_be_bytes()).collect();
    let gzip = crate::nrrd::gzip;
    store("nrrd", "raw.nrrd", &[head("uchar", "encoding: raw").as_bytes(), &labels].concat());
    store("nrrd", "gzip.nrrd", &[head("short", "endian: big\nencoding: gzip").as_bytes(), &gzip(&words)].concat());
    store(
        "nrrd",
        "ascii.nrrd",
        &[head("float", "encoding: ascii").as_bytes(), b"0 0 0 0 0 0 1 2.5 nan 0 0 0"].concat(),
    );
    store("nrrd", "list.nhdr", head("uchar", "byte skip: 2\nencoding: raw\ndata file: LIST\na.raw\nb.raw").as_bytes());
    store("nrrd", "pattern.nhdr", head("uchar", "line skip: 1\nencoding: raw\ndata file: s%03d.raw 1 2 1").as_bytes());
    let place = nrrd::header(head("uchar", "encoding: raw").as_bytes()).unwrap().0.geometry;
    let whole = nifti::write(&fovea_medical::volume::Voxels { sizes: [3, 2, 2], values: &labels }, place);
    store("nifti", "whole.nii", &whole);
    store("nifti", "packed.nii.gz", &gzip(&whole));
    let mut turned = whole;
    // A quaternion in place of the affine, and a slope.
    turned[252..256].copy_from_slice(&[1, 0, 0, 0]);
    turned[112..116].copy_from_slice(&0.5f32.to_le_bytes());
    store("nifti", "quaternion.nii", &turned);
}

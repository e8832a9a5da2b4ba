//! NIfTI in its forms.

use fovea_medical::{
    geometry::Geometry,
    nifti::{self, NiftiError},
    volume::Voxels,
};

use crate::nrrd::gzip;

const PLACE: Geometry =
    Geometry { origin: [-10.0, 20.0, 30.5], steps: [[0.5, 0.0, 0.0], [0.0, 0.4, -0.1], [0.0, -0.3, 2.9]] };

fn written() -> Vec<u8> {
    nifti::write(&Voxels { sizes: [3, 2, 2], values: &[0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0] }, Some(PLACE))
}

/// The file with some bytes of its header changed.
fn changed(changes: &[(usize, &[u8])]) -> Vec<u8> {
    let mut file = written();
    for (at, bytes) in changes {
        file[*at..at + bytes.len()].copy_from_slice(bytes);
    }
    file
}

#[test]
fn what_is_written_is_read() {
    for file in [written(), gzip(&written())] {
        let volume = nifti::read(&file).unwrap();
        assert_eq!((volume.sizes, volume.label([0, 0, 1]), volume.label([1, 0, 1])), ([3, 2, 2], Ok(1), Ok(2)));
        let found = volume.geometry.unwrap();
        let apart = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(apart(found.origin, PLACE.origin) < 1e-5);
        assert!((0..3).all(|i| apart(found.steps[i], PLACE.steps[i]) < 1e-6));
    }
    let nowhere = nifti::read(&nifti::write(&Voxels { sizes: [1, 1, 1], values: &[1] }, None)).unwrap();
    assert_eq!(nowhere.geometry, None);
}

#[test]
fn big_endian_scaled_and_turned_by_a_quaternion() {
    let mut file = vec![0; 352];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &348i32.to_be_bytes());
    for (i, size) in [3i16, 2, 1, 2, 1].iter().enumerate() {
        put(40 + 2 * i, &size.to_be_bytes());
    }
    put(70, &4i16.to_be_bytes());
    // Handed the other way, 0.5 x 0.25 x 3 mm.
    for (i, spacing) in [-1f32, 0.5, 0.25, 3.0].iter().enumerate() {
        put(76 + 4 * i, &spacing.to_be_bytes());
    }
    put(108, &352f32.to_be_bytes());
    put(112, &0.5f32.to_be_bytes());
    put(116, &(-1f32).to_be_bytes());
    put(123, &[2]);
    put(252, &1i16.to_be_bytes());
    // Half a turn around z.
    put(264, &1f32.to_be_bytes());
    put(268, &7f32.to_be_bytes());
    put(344, b"n+1\0");
    file.extend([2i16, 4, 6, 8].iter().flat_map(|v| v.to_be_bytes()));
    let volume = nifti::read(&file).unwrap();
    assert_eq!((volume.sizes, volume.value([1, 0, 1])), ([2, 1, 2], 3.0));
    let geometry = volume.geometry.unwrap();
    assert_eq!(geometry.origin, [-7.0, 0.0, 0.0]);
    assert_eq!(geometry.steps, [[0.5, 0.0, 0.0], [0.0, 0.25, 0.0], [0.0, 0.0, -3.0]]);
}

#[test]
fn refuses_with_the_reason() {
    let fails = |file: &[u8]| nifti::read(file).unwrap_err();
    let whole = written();
    assert_eq!(fails(&whole[..whole.len() - 1]), NiftiError::Short { found: 11, wanted: 12 });
    assert!(matches!(fails(&gzip(&whole)[..60]), NiftiError::Gzip(_)));
    assert_eq!(fails(b"nothing at all"), NiftiError::NotNifti);
    assert!(fails(&[0x1f, 0x8b]).to_string().contains("gzip"));
    assert!(fails(&changed(&[(344, b"ni1\0")])).to_string().contains(".hdr"));
    assert!(fails(&changed(&[(0, &540i32.to_le_bytes())])).to_string().contains("NIfTI-2"));
    assert_eq!(fails(&changed(&[(70, &128i16.to_le_bytes())])), NiftiError::Type(128));
    assert_eq!(fails(&changed(&[(40, &4i16.to_le_bytes()), (48, &3i16.to_le_bytes())])), NiftiError::Volumes(3));
    assert!(matches!(fails(&changed(&[(42, &(-3i16).to_le_bytes())])), NiftiError::Sizes(_)));
    assert!(matches!(fails(&changed(&[(108, &f32::NAN.to_le_bytes())])), NiftiError::Offset(_)));
}

#[test]
fn nothing_is_reserved_for_what_is_not_there() {
    let big = [16_000i16, 16_000, 9_999].map(i16::to_le_bytes).concat();
    for file in [changed(&[(42, &big)]), gzip(&changed(&[(42, &big)]))] {
        let most = crate::memory::peak(|| assert!(matches!(nifti::read(&file), Err(NiftiError::Short { .. }))));
        assert!(most < 1 << 20, "{most} bytes");
    }
}

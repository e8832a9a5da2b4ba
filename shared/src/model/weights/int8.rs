//! Weights as 8-bit integers with a scale per output channel, in safetensors.
//!
//! A tensor `w` of two or more dimensions becomes `w` (I8, same shape) and `w.scale` (F32, one
//! number an output channel) with `w = scale * q`, `scale = max |w| / 127` over the channel, `q`
//! rounded to the nearest integer: symmetric per-channel quantisation (Jacob et al., CVPR 2018;
//! Krishnamoorthi 2018, section 3). So no weight moves by more than half a scale. Tensors of one
//! dimension (biases, norms, gates) are few and matter more: they stay f16. Networks compute in f32
//! as ever; what is saved is download.

use std::collections::BTreeMap;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::error::WeightsError;

/// What the name of a tensor's scales ends with.
const SCALE: &str = ".scale";
/// The largest magnitude of a quantised weight.
const LEVELS: f32 = 127.0;

/// A tensor on its way into a file.
type Raw = (Dtype, Vec<usize>, Vec<u8>);

/// The output channel of an element: convolution kernels are `[output, input, height, width]`,
/// matrices of linear layers `[input, output]`, and tokens and positions `[1, place, channel]`.
fn channel(shape: &[usize], index: usize) -> usize {
    match shape {
        [_, rest @ ..] if shape.len() == 4 => index / rest.iter().product::<usize>().max(1),
        [.., last] => index % last.max(&1),
        [] => 0,
    }
}

/// How many output channels a tensor of this shape has.
fn channels(shape: &[usize]) -> usize {
    let axis = if shape.len() == 4 { shape.first() } else { shape.last() };
    axis.copied().unwrap_or(1)
}

/// From a safetensors file in f32, and the same in f16, to one in int8.
///
/// # Errors
/// [`WeightsError::Write`], naming the tensor: values that are not finite, or a name that would be taken for scales.
pub(super) fn pack(full: &[u8], half: &[u8]) -> Result<Vec<u8>, WeightsError> {
    let failed = |e: safetensors::SafeTensorError| WeightsError::Write(e.to_string());
    let (full, half) =
        (SafeTensors::deserialize(full).map_err(failed)?, SafeTensors::deserialize(half).map_err(failed)?);
    let mut out: BTreeMap<String, Raw> = BTreeMap::new();
    for (name, view) in full.iter() {
        if name.ends_with(SCALE) {
            return Err(WeightsError::Write(format!("`{name}` is a name that int8 files keep for scales")));
        }
        let shape = view.shape().to_vec();
        if shape.len() < 2 {
            let short = half.tensor(name).map_err(failed)?;
            out.insert(name.to_owned(), (short.dtype(), shape, short.data().to_vec()));
            continue;
        }
        let values = floats(view.data());
        let (quantised, scales) = quantise(&shape, &values)
            .ok_or_else(|| WeightsError::Write(format!("`{name}` holds a value that is not finite")))?;
        let bytes = scales.iter().flat_map(|scale| scale.to_le_bytes()).collect();
        out.insert(format!("{name}{SCALE}"), (Dtype::F32, vec![scales.len()], bytes));
        out.insert(name.to_owned(), (Dtype::I8, shape, quantised.iter().map(|q| q.cast_unsigned()).collect()));
    }
    write(&out).map_err(WeightsError::Write)
}

/// Integers and scales of a tensor, or nothing when a value is not finite.
fn quantise(shape: &[usize], values: &[f32]) -> Option<(Vec<i8>, Vec<f32>)> {
    let mut scales = vec![0.0f32; channels(shape)];
    for (index, value) in values.iter().enumerate() {
        if !value.is_finite() {
            return None;
        }
        let scale = &mut scales[channel(shape, index)];
        *scale = scale.max(value.abs() / LEVELS);
    }
    let integer = |(index, value): (usize, &f32)| {
        let scale = scales[channel(shape, index)];
        // A channel of zeros has no scale to divide by.
        if scale > 0.0 { (value / scale).round().clamp(-LEVELS, LEVELS) as i8 } else { 0 }
    };
    let quantised = values.iter().enumerate().map(integer).collect();
    Some((quantised, scales))
}

/// A file without int8 tensors as it is, else one in which they are f32 again and their scales are gone.
///
/// # Errors
/// [`WeightsError::Unfit`], naming the tensor whose scales are missing or do not fit.
pub(super) fn unpack(bytes: Vec<u8>) -> Result<Vec<u8>, WeightsError> {
    let file = SafeTensors::deserialize(&bytes).map_err(|e| WeightsError::Unfit(e.to_string()))?;
    if file.iter().all(|(_, view)| view.dtype() != Dtype::I8) {
        return Ok(bytes);
    }
    let mut out: BTreeMap<String, Raw> = BTreeMap::new();
    for (name, view) in file.iter() {
        let of_int8 = |tensor: &str| file.tensor(tensor).is_ok_and(|view| view.dtype() == Dtype::I8);
        if name.strip_suffix(SCALE).is_some_and(of_int8) {
            continue;
        }
        let shape = view.shape().to_vec();
        if view.dtype() != Dtype::I8 {
            out.insert(name.to_owned(), (view.dtype(), shape, view.data().to_vec()));
            continue;
        }
        let scales = scales(&file, name, channels(&shape))?;
        let value = |(index, byte): (usize, &u8)| scales[channel(&shape, index)] * f32::from(byte.cast_signed());
        let values = view.data().iter().enumerate().map(value).flat_map(f32::to_le_bytes).collect();
        out.insert(name.to_owned(), (Dtype::F32, shape, values));
    }
    write(&out).map_err(WeightsError::Unfit)
}

/// The scales of an int8 tensor with so many output channels.
fn scales(file: &SafeTensors<'_>, name: &str, channels: usize) -> Result<Vec<f32>, WeightsError> {
    let unfit = |cause: String| Err(WeightsError::Unfit(format!("`{name}` is int8, and {cause}")));
    let Ok(view) = file.tensor(&format!("{name}{SCALE}")) else {
        return unfit(format!("its scales `{name}{SCALE}` are missing"));
    };
    if view.dtype() != Dtype::F32 || view.shape() != [channels] {
        let found = format!("{:?} {:?}", view.dtype(), view.shape());
        return unfit(format!("its scales are {found}, not F32 [{channels}], one an output channel"));
    }
    let scales = floats(view.data());
    if scales.iter().any(|scale| !scale.is_finite() || *scale < 0.0) {
        return unfit("one of its scales is negative or not finite".into());
    }
    Ok(scales)
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
}

fn write(tensors: &BTreeMap<String, Raw>) -> Result<Vec<u8>, String> {
    let mut views = Vec::with_capacity(tensors.len());
    for (name, (dtype, shape, bytes)) in tensors {
        let view = TensorView::new(*dtype, shape.clone(), bytes).map_err(|e| format!("`{name}`: {e}"))?;
        views.push((name, view));
    }
    safetensors::serialize(views, None).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use burn::tensor::Device;
    use proptest::prelude::*;

    use super::*;
    use crate::model::{
        StudentHead, TeacherHead,
        weights::{self, Precision},
    };

    fn file(tensors: &[(&str, Dtype, &[usize], Vec<u8>)]) -> Vec<u8> {
        let tensors = tensors
            .iter()
            .map(|(name, dtype, shape, bytes)| ((*name).to_owned(), (*dtype, shape.to_vec(), bytes.clone())));
        write(&tensors.collect()).unwrap()
    }

    fn f32s(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|v| v.to_le_bytes()).collect()
    }

    fn shapes() -> impl Strategy<Value = Vec<usize>> {
        prop_oneof![
            (1usize..5, 1usize..7).prop_map(|(a, b)| vec![a, b]),
            (1usize..4, 1usize..6).prop_map(|(a, b)| vec![1, a, b]),
            (1usize..4, 1usize..4, 1usize..4).prop_map(|(a, b, c)| vec![a, b, c, c]),
        ]
    }

    fn tensors() -> impl Strategy<Value = (Vec<usize>, Vec<f32>)> {
        shapes().prop_flat_map(|shape| {
            let length = shape.iter().product::<usize>();
            (Just(shape), proptest::collection::vec(prop_oneof![4 => -3.0f32..3.0, 1 => Just(0.0)], length))
        })
    }

    proptest! {
        #[test]
        fn no_weight_moves_by_more_than_half_a_scale((shape, values) in tensors()) {
            let full = file(&[("w", Dtype::F32, &shape, f32s(&values))]);
            let packed = pack(&full, &full).unwrap();
            let read = SafeTensors::deserialize(&packed).unwrap();
            let written = read.tensor("w").unwrap();
            prop_assert_eq!((written.dtype(), written.shape()), (Dtype::I8, &shape[..]));
            let scales = floats(read.tensor("w.scale").unwrap().data());
            prop_assert_eq!(scales.len(), channels(&shape));
            let back = unpack(packed).unwrap();
            let back = SafeTensors::deserialize(&back).unwrap();
            prop_assert_eq!(back.names().len(), 1);
            let back = back.tensor("w").unwrap();
            prop_assert_eq!((back.dtype(), back.shape()), (Dtype::F32, &shape[..]));
            for (index, (before, after)) in values.iter().zip(floats(back.data())).enumerate() {
                // Half a scale, and what f32 rounds.
                let allowed = 0.5 * scales[channel(&shape, index)] + 1e-6;
                prop_assert!((before - after).abs() <= allowed, "{before} became {after}, more than {allowed} away");
            }
        }

        #[test]
        fn packing_what_was_packed_changes_nothing((shape, values) in tensors()) {
            let once = pack(&file(&[("w", Dtype::F32, &shape, f32s(&values))]), &file(&[])).unwrap();
            let twice = pack(&unpack(once.clone()).unwrap(), &file(&[])).unwrap();
            let data = |bytes: &[u8]| SafeTensors::deserialize(bytes).unwrap().tensor("w").unwrap().data().to_vec();
            prop_assert_eq!(data(&once), data(&twice));
        }
    }

    #[test]
    fn each_output_channel_has_its_own_scale() {
        // [input, output]: the second output is a thousand times larger, and the first keeps its precision.
        let full = file(&[("w", Dtype::F32, &[2, 2], f32s(&[0.001, 1.0, -0.0005, 0.5]))]);
        let packed = pack(&full, &full).unwrap();
        let data = SafeTensors::deserialize(&packed).unwrap().tensor("w").unwrap().data().to_vec();
        assert_eq!(data.iter().map(|b| b.cast_signed()).collect::<Vec<_>>(), [127, 127, -64, 64]);
        // [output, input, 1, 1]
        let full = file(&[("w", Dtype::F32, &[2, 2, 1, 1], f32s(&[0.001, -0.0005, 1.0, 0.5]))]);
        let data = pack(&full, &full).unwrap();
        let data = SafeTensors::deserialize(&data).unwrap().tensor("w").unwrap().data().to_vec();
        assert_eq!(data.iter().map(|b| b.cast_signed()).collect::<Vec<_>>(), [127, -64, 127, 64]);
    }

    #[test]
    fn heads_survive_and_are_half_as_long_as_in_f16() {
        let device = Device::flex();
        let (student, teacher) = (StudentHead::new(5, &device), TeacherHead::new(5, &device));
        let sizes = |precision| {
            let bytes = [weights::save(&student, precision).unwrap(), weights::save(&teacher, precision).unwrap()];
            bytes.map(|b| b.len() as f64)
        };
        for (short, half) in sizes(Precision::Int8).iter().zip(sizes(Precision::Half)) {
            assert!(*short < 0.56 * half, "{short} bytes against {half} in f16");
        }
        let mut read = StudentHead::new(6, &device);
        weights::load(&mut read, weights::save(&student, Precision::Int8).unwrap()).unwrap();
        let (old, new) =
            (weights::save(&student, Precision::Full).unwrap(), weights::save(&read, Precision::Full).unwrap());
        let (old, new) = (SafeTensors::deserialize(&old).unwrap(), SafeTensors::deserialize(&new).unwrap());
        for (name, view) in old.iter() {
            let largest = floats(view.data()).iter().fold(0.0f32, |m, v| m.max(v.abs()));
            let worst = floats(view.data())
                .iter()
                .zip(floats(new.tensor(name).unwrap().data()))
                .fold(0.0f32, |m, (a, b)| m.max((a - b).abs()));
            assert!(worst <= largest / 254.0 + 1e-6, "`{name}` moved by {worst}, its largest weight is {largest}");
        }
    }

    #[test]
    fn scales_that_do_not_fit_are_named() {
        let error = |tensors: &[(&str, Dtype, &[usize], Vec<u8>)]| unpack(file(tensors)).unwrap_err().to_string();
        let weight = ("w", Dtype::I8, &[2usize, 1][..], vec![1, 2]);
        assert!(error(std::slice::from_ref(&weight)).contains("`w.scale` are missing"));
        let two = ("w.scale", Dtype::F32, &[2usize][..], f32s(&[1.0, 1.0]));
        assert!(error(&[weight.clone(), two]).contains("not F32 [1]"));
        let integers = ("w.scale", Dtype::I32, &[1usize][..], vec![0; 4]);
        assert!(error(&[weight.clone(), integers]).contains("I32"));
        for bad in [f32::NAN, -1.0, f32::INFINITY] {
            let scale = ("w.scale", Dtype::F32, &[1usize][..], f32s(&[bad]));
            assert!(error(&[weight.clone(), scale]).contains("negative or not finite"), "{bad}");
        }
        assert!(unpack(b"no".to_vec()).is_err());
    }

    #[test]
    fn a_network_with_wrong_int8_tensors_is_refused_by_name() {
        let device = Device::flex();
        let bytes = weights::save(&StudentHead::new(1, &device), Precision::Int8).unwrap();
        let error = weights::load(&mut TeacherHead::new(1, &device), bytes).unwrap_err().to_string();
        assert!(error.contains("lateral8.conv.weight"), "{error}");
        let nan = file(&[("w", Dtype::F32, &[1, 1], f32s(&[f32::NAN]))]);
        assert!(pack(&nan, &nan).unwrap_err().to_string().contains("`w`"));
        let taken = file(&[("w.scale", Dtype::F32, &[1], f32s(&[1.0]))]);
        assert!(pack(&taken, &taken).unwrap_err().to_string().contains("`w.scale`"));
    }
}

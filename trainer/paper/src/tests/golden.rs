//! The golden file, and its formula for weights and inputs (`tools/paper_reference.py` states it in Python).

use burn::{
    module::Module,
    tensor::{Device, Tensor, TensorData},
};
use safetensors::tensor::{Dtype, TensorView, serialize};
use serde::Deserialize;

use fovea_shared::model::weights;

use crate::{PaperConfig, TextTokens};

#[derive(Deserialize)]
pub(super) struct Golden {
    pub(super) counts: Counts,
    pub(super) cases: [Case; 4],
}

#[derive(Deserialize)]
pub(super) struct Counts {
    pub(super) teacher_text_768: usize,
    pub(super) teacher_text_384: usize,
    pub(super) student: usize,
    pub(super) student_at_inference: usize,
}

/// One network on one batch.
#[derive(Deserialize)]
pub(super) struct Case {
    pub(super) name: String,
    teacher: [usize; 6],
    student: [usize; 6],
    head: usize,
    batch: usize,
    size: [usize; 2],
    /// Width of a token, number of places.
    text: Option<[usize; 2]>,
    /// Places with a token, for each sample.
    used: Option<Vec<usize>>,
    pub(super) parameters: usize,
    /// Name, shape, scale and shift of the formula.
    tensors: Vec<(String, Vec<usize>, f64, f64)>,
    pub(super) logits: Sampled,
    pub(super) features: [Sampled; 4],
    pub(super) train: Option<Train>,
}

/// Values of a tensor at `k * 7919 mod n`.
#[derive(Deserialize)]
pub(super) struct Sampled {
    shape: Vec<usize>,
    mean: f64,
    std: f64,
    values: Vec<f64>,
}

/// With the statistics of the batch in the batch norms.
#[derive(Deserialize)]
pub(super) struct Train {
    pub(super) logits: Sampled,
    pub(super) features: [Sampled; 4],
    /// Name, norm, product with the values of `gradient.<name>`.
    pub(super) gradients: Vec<(String, f64, f64)>,
}

pub(super) fn golden() -> Golden {
    serde_json::from_str(include_str!("paper.golden.json")).unwrap()
}

/// `count` values in [-1, 1) that depend on the name alone: splitmix64 (Steele et al. 2014) from
/// the name's FNV-1a hash.
pub(super) fn uniform(name: &str, count: usize) -> impl Iterator<Item = f64> + use<> {
    let seed = name.bytes().fold(0xCBF2_9CE4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3));
    (1..=count as u64).map(move |i| {
        let z = seed.wrapping_add(i.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f64 / f64::from(1 << 23) - 1.0
    })
}

pub(super) fn formula<const D: usize>(name: &str, shape: [usize; D], scale: f64, device: &Device) -> Tensor<D> {
    let values: Vec<f32> = uniform(name, shape.iter().product()).map(|u| (scale * u) as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

impl Case {
    pub(super) fn config(&self) -> PaperConfig {
        PaperConfig {
            teacher: self.teacher,
            student: self.student,
            head: self.head,
            text: self.text.map_or(0, |[width, _]| width),
            side: self.size[0],
        }
    }

    /// Fills `network` by name: refused if a name or a shape differs, or if either side has a
    /// tensor that the other has not.
    pub(super) fn fill<M: Module>(&self, network: &mut M) {
        let bytes: Vec<Vec<u8>> = self
            .tensors
            .iter()
            .map(|(name, shape, scale, shift)| {
                let values = uniform(name, shape.iter().product()).map(|u| (shift + scale * u) as f32);
                values.flat_map(f32::to_le_bytes).collect()
            })
            .collect();
        let views = self.tensors.iter().zip(&bytes).map(|((name, shape, ..), bytes)| {
            (name.clone(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
        });
        weights::load(network, serialize(views, None).unwrap()).unwrap();
    }

    pub(super) fn image(&self, device: &Device) -> Tensor<4> {
        formula("image", [self.batch, 3, self.size[0], self.size[1]], 1.732051, device)
    }

    pub(super) fn text(&self, device: &Device) -> TextTokens {
        let [width, tokens] = self.text.unwrap();
        let used = self.used.as_ref().unwrap();
        let bias: Vec<f32> =
            used.iter().flat_map(|used| (0..tokens).map(move |place| if place < *used { 0.0 } else { -1e4 })).collect();
        // A text without a token is zeros.
        let spoken: Vec<f32> = used.iter().map(|used| if *used > 0 { 1.0 } else { 0.0 }).collect();
        let spoken = Tensor::<3>::from_data(TensorData::new(spoken, [self.batch, 1, 1]), device);
        TextTokens {
            values: formula("text", [self.batch, tokens, width], 1.732051, device) * spoken,
            bias: Tensor::from_data(TensorData::new(bias, [self.batch, 1, tokens]), device),
        }
    }
}

impl Sampled {
    /// Largest deviation of the samples, the mean and the standard deviation.
    pub(super) fn deviation(&self, found: &Tensor<4>) -> f64 {
        assert_eq!(found.dims().as_slice(), self.shape);
        let found = found.to_data().try_to_vec::<f32>().unwrap();
        let count = found.len();
        let mean = found.iter().map(|v| f64::from(*v)).sum::<f64>() / count as f64;
        let variance = found.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / count as f64;
        let samples = self.values.iter().enumerate().map(|(k, v)| (f64::from(found[k * 7919 % count]) - v).abs());
        samples.chain([(mean - self.mean).abs(), (variance.sqrt() - self.std).abs()]).fold(0.0, nan_is_far)
    }
}

/// The larger one, where `f64::max` would pass over a value that is not a number.
pub(super) fn nan_is_far(a: f64, b: f64) -> f64 {
    if b.is_nan() { f64::INFINITY } else { a.max(b) }
}

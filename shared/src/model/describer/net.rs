//! The network of the describer: standardise, one hidden layer, one logit a word.

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData, activation::relu},
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

/// Standardised inputs are held within this many standard deviations: an image unlike all training
/// images must not shout.
const LIMIT: f32 = 4.0;

/// Perceptron `inputs -> hidden -> words`. The logits of all fields lie side by side.
#[derive(Module, Debug)]
pub struct DescriberNet {
    mean: Param<Tensor<1>>,
    scale: Param<Tensor<1>>,
    hidden_weight: Param<Tensor<2>>,
    hidden_bias: Param<Tensor<1>>,
    word_weight: Param<Tensor<2>>,
    word_bias: Param<Tensor<1>>,
}

impl DescriberNet {
    /// A network with weights drawn from `seed` (zero mean; variance `2 / inputs` in the hidden
    /// layer, He et al. 2015, and `1 / hidden` after it). `mean` and `scale` (one over the standard
    /// deviation) of the inputs are taken from the training data and never learnt.
    ///
    /// # Panics
    /// When `mean` and `scale` differ in length.
    pub fn new(mean: &[f32], scale: &[f32], hidden: usize, words: usize, seed: u64, device: &Device) -> Self {
        assert_eq!(mean.len(), scale.len(), "one mean and one scale an input");
        let inputs = mean.len();
        let mut rng = Pcg32::seed_from_u64(seed);
        // Box-Muller, as in `init.rs`.
        let mut normal = |sd: f32| {
            let u: f32 = rng.random_range(f32::MIN_POSITIVE..1.0);
            let v: f32 = rng.random_range(0.0..core::f32::consts::TAU);
            (-2.0 * u.ln()).sqrt() * v.cos() * sd
        };
        let first: Vec<f32> = (0..inputs * hidden).map(|_| normal((2.0 / inputs as f32).sqrt())).collect();
        let second: Vec<f32> = (0..hidden * words).map(|_| normal((1.0 / hidden as f32).sqrt())).collect();
        let matrix = |values: Vec<f32>, shape: [usize; 2]| Param::from_data(TensorData::new(values, shape), device);
        let vector = |values: Vec<f32>| Param::from_data(TensorData::new(values.clone(), [values.len()]), device);
        Self {
            mean: vector(mean.to_vec()),
            scale: vector(scale.to_vec()),
            hidden_weight: matrix(first, [inputs, hidden]),
            hidden_bias: vector(vec![0.0; hidden]),
            word_weight: matrix(second, [hidden, words]),
            word_bias: vector(vec![0.0; words]),
        }
    }

    /// Logits `[batch, words]` of inputs `[batch, inputs]`. `keep` `[batch, hidden]` multiplies the
    /// hidden layer: dropout, in training only.
    pub fn forward(&self, input: Tensor<2>, keep: Option<Tensor<2>>) -> Tensor<2> {
        let mean = self.mean.val().detach().unsqueeze::<2>();
        let scale = self.scale.val().detach().unsqueeze::<2>();
        let x = ((input - mean) * scale).clamp(-LIMIT, LIMIT);
        let x = relu(x.matmul(self.hidden_weight.val()) + self.hidden_bias.val().unsqueeze::<2>());
        let x = match keep {
            Some(keep) => x * keep,
            None => x,
        };
        x.matmul(self.word_weight.val()) + self.word_bias.val().unsqueeze::<2>()
    }
}

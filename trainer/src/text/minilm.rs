//! all-MiniLM-L6-v2: a BERT encoder (Devlin et al. 2019, arXiv 1810.04805) of 6 layers, distilled
//! as MiniLM (Wang et al. 2020, arXiv 2002.10957) and tuned for sentence similarity (Reimers and
//! Gurevych 2019, arXiv 1908.10084).

use burn::{
    module::Module,
    nn::{
        Embedding, EmbeddingConfig, LayerNorm, LayerNormConfig,
        activation::ActivationConfig,
        transformer::{TransformerEncoder, TransformerEncoderConfig, TransformerEncoderInput},
    },
    tensor::{Device, Int, Tensor, TensorData},
};
use burn_store::{ModuleSnapshot, PyTorchToBurnAdapter, SafetensorsStore};

use super::WeightsError;

/// The package's `config.json`.
const WORDS: usize = 30_522;
const POSITIONS: usize = 512;
const WIDTH: usize = 384;
const INNER: usize = 1536;
const HEADS: usize = 12;
const LAYERS: usize = 6;
const NORM_EPSILON: f64 = 1e-12;

/// Names of BERT's tensors, rewritten one after the other, to those of the modules here.
const NAMES: [(&str, &str); 8] = [
    (r"^encoder\.layer\.", "encoder.layers."),
    (r"\.attention\.self\.(query|key|value)\.", ".mha.${1}."),
    (r"\.attention\.output\.dense\.", ".mha.output."),
    // BERT is normalised after each half of a layer: first after attention, then after the feed-forward half.
    (r"\.attention\.output\.LayerNorm\.", ".norm_1."),
    (r"\.intermediate\.dense\.", ".pwff.linear_inner."),
    (r"\.output\.dense\.", ".pwff.linear_outer."),
    (r"\.output\.LayerNorm\.", ".norm_2."),
    (r"^embeddings\.LayerNorm\.", "embeddings.layer_norm."),
];

/// In the file and without a use here: the list 0..512, and the classifier's layer on the first token, which sentence
/// vectors do not go through.
const WITHOUT_USE: [&str; 3] = ["embeddings.position_ids", "pooler.dense.bias", "pooler.dense.weight"];

/// The network, from token numbers to one vector a token.
#[derive(Module, Debug)]
pub(super) struct MiniLm {
    embeddings: Embeddings,
    encoder: TransformerEncoder,
}

/// What a token is before it has seen the others: its word, its place and its sentence, added and normalised.
#[derive(Module, Debug)]
struct Embeddings {
    word_embeddings: Embedding,
    position_embeddings: Embedding,
    token_type_embeddings: Embedding,
    layer_norm: LayerNorm,
}

impl MiniLm {
    /// The network with the weights of a `model.safetensors` as the transformers library writes it.
    ///
    /// # Errors
    /// A file of another network; names the tensors.
    pub(super) fn load(bytes: Vec<u8>, device: &Device) -> Result<Self, WeightsError> {
        let mut network = Self::new(device);
        let mut store = SafetensorsStore::from_bytes(Some(bytes))
            .with_from_adapter(PyTorchToBurnAdapter)
            .allow_partial(true)
            .validate(false);
        for (theirs, ours) in NAMES {
            store = store.with_key_remapping(theirs, ours);
        }
        let result = network.load_from(&mut store)?;
        let mut problems: Vec<String> = result.errors.iter().map(ToString::to_string).collect();
        problems.extend(result.missing.iter().map(|(name, _)| format!("`{name}` is missing")));
        let unknown = result.unused.iter().filter(|name| !WITHOUT_USE.contains(&name.as_str()));
        problems.extend(unknown.map(|name| format!("`{name}` is not part of the network")));
        let count = problems.len();
        match problems.into_iter().next() {
            Some(first) => Err(WeightsError::OtherNetwork { first, count }),
            None => Ok(network),
        }
    }

    fn new(device: &Device) -> Self {
        let embedding = |rows| EmbeddingConfig::new(rows, WIDTH).init(device);
        Self {
            embeddings: Embeddings {
                word_embeddings: embedding(WORDS),
                position_embeddings: embedding(POSITIONS),
                token_type_embeddings: embedding(2),
                layer_norm: LayerNormConfig::new(WIDTH).with_epsilon(NORM_EPSILON).init(device),
            },
            encoder: TransformerEncoderConfig::new(WIDTH, INNER, HEADS, LAYERS)
                .with_dropout(0.0)
                .with_norm_first(false)
                // The exact one, with the error function, as `hidden_act: gelu` means.
                .with_activation(ActivationConfig::Gelu)
                .with_layer_norm_eps(NORM_EPSILON)
                .init(device),
        }
    }

    /// The vectors `[tokens, 384]` of one text's tokens, which must be at most 512 and at least one.
    ///
    /// One text at a time: nothing is padded, so every token takes part and no mask is needed.
    pub(super) fn forward(&self, tokens: &[u32], device: &Device) -> Tensor<2> {
        let count = tokens.len();
        let numbers = tokens.iter().map(|&token| i64::from(token)).collect::<Vec<_>>();
        let numbers = Tensor::<2, Int>::from_data(TensorData::new(numbers, [1, count]), device);
        let rows = |table: &Embedding, end: usize| table.weight.val().slice([0..end, 0..WIDTH]).unsqueeze::<3>();
        let embeddings = &self.embeddings;
        let sum = embeddings.word_embeddings.forward(numbers)
            + rows(&embeddings.position_embeddings, count)
            // All of them belong to the first sentence, as there is no second one.
            + rows(&embeddings.token_type_embeddings, 1);
        let input = embeddings.layer_norm.forward(sum);
        self.encoder.forward(TransformerEncoderInput::new(input)).squeeze_dim::<2>(0)
    }
}

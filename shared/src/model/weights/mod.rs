//! Weights to and from safetensors. Files hold f16 or int8 (`int8.rs`), networks compute in f32.

mod error;
mod int8;

use burn::{module::Module, tensor::DType};
use burn_store::{FloatCastAdapter, ModuleSnapshot, SafetensorsStore};

pub use error::WeightsError;

/// The ImageNet weights of the backbone, batch norms folded, f16. See `shared/weights/README.md`.
pub const BACKBONE: &[u8] = include_bytes!("../../../weights/efficientnet-lite0.safetensors");

/// Fills `module` with the tensors of a safetensors file, of any [`Precision`]. Every parameter
/// must be there with the right shape, and nothing else may be.
///
/// # Errors
/// [`WeightsError::Unfit`], naming the tensors.
pub fn load<M: Module>(module: &mut M, bytes: Vec<u8>) -> Result<(), WeightsError> {
    let bytes = int8::unpack(bytes)?;
    let mut store = SafetensorsStore::from_bytes(Some(bytes))
        .allow_partial(true)
        .validate(false)
        .with_from_adapter(FloatCastAdapter::to(DType::F32));
    let result = module.load_from(&mut store).map_err(|e| WeightsError::Unfit(e.to_string()))?;
    let mut problems: Vec<String> = result.errors.iter().map(ToString::to_string).collect();
    problems.extend(result.missing.iter().map(|(name, _)| format!("`{name}` is missing")));
    problems.extend(result.unused.iter().map(|name| format!("`{name}` is not part of the network")));
    if problems.is_empty() {
        return Ok(());
    }
    let shown = problems.iter().take(3).cloned().collect::<Vec<_>>().join("; ");
    let more = problems.len().saturating_sub(3);
    Err(WeightsError::Unfit(if more > 0 { format!("{shown}; and {more} more") } else { shown }))
}

/// The module's parameters as a safetensors file: in int8 or f16 for shipping, or in f32 to keep every bit.
///
/// Reads the device synchronously: native only.
///
/// # Errors
/// [`WeightsError::Write`].
pub fn save<M: Module>(module: &M, precision: Precision) -> Result<Vec<u8>, WeightsError> {
    let dtype = match precision {
        Precision::Half => DType::F16,
        Precision::Full => DType::F32,
        Precision::Int8 => return int8::pack(&save(module, Precision::Full)?, &save(module, Precision::Half)?),
    };
    let mut store = SafetensorsStore::from_bytes(None).clear_metadata().with_to_adapter(FloatCastAdapter::to(dtype));
    module.save_into(&mut store).map_err(|e| WeightsError::Write(e.to_string()))?;
    store.get_bytes().map_err(|e| WeightsError::Write(e.to_string()))
}

/// The precision of saved weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// f16.
    Half,
    /// f32.
    Full,
    /// int8 with a scale per output channel; tensors of one dimension are f16.
    Int8,
}

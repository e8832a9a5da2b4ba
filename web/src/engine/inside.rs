//! What the strategies saw, read from the device and made drawable.

use burn::tensor::Tensor;
use fovea_shared::{
    distill::StepDiagnostics,
    plane::{Mask, Plane},
};

use super::masks;
use crate::{
    errors,
    protocol::{Blob, Heat, Inside},
    text::Message,
};

/// Reads what the strategies saw of the first image of a batch.
///
/// # Errors
/// A device that fails.
pub async fn read(diagnostics: StepDiagnostics) -> Result<Inside, Message> {
    let mut inside = Inside::default();
    for map in diagnostics.cosine {
        let side = map.dims()[3];
        let plane = first(map, side).await?;
        inside.cosine_means.push(plane.data.iter().sum::<f32>() / plane.data.len().max(1) as f32);
        inside.cosine.push(signed(&plane));
    }
    if let Some(reliable) = diagnostics.reliable {
        let side = reliable.weight.dims()[3];
        let (target, weight) = (first(reliable.target, side).await?, first(reliable.weight, side).await?);
        let followed = |lesion: bool| {
            let on = target.data.iter().zip(&weight.data).map(|(t, w)| *w > 0.0 && (*t > 0.5) == lesion);
            masks::from_mask(&Mask::from_vec(side, side, on.collect()))
        };
        (inside.reliable_lesion, inside.reliable_background) = (Some(followed(true)), Some(followed(false)));
    }
    inside.disagreement = diagnostics.disagreement.first().map(masks::from_mask);
    inside.masked = diagnostics.masked.first().map(masks::from_mask);
    Ok(inside)
}

/// All values of a tensor.
///
/// # Errors
/// A device that fails.
pub async fn values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, Message> {
    let data = tensor.into_data_async().await.map_err(|e| errors::device(&e.to_string()))?;
    data.try_to_vec::<f32>().map_err(|e| errors::device(&e.to_string()))
}

async fn first(map: Tensor<4>, side: usize) -> Result<Plane, Message> {
    let mut all = values(map).await?;
    all.truncate(side * side);
    Ok(Plane::from_vec(side, side, all))
}

/// Values of -1 to 1 as 0 to 255.
fn signed(plane: &Plane) -> Heat {
    let byte = |v: &f32| ((v.clamp(-1.0, 1.0) + 1.0) * 127.5).round() as u8;
    Heat { size: (plane.width as u32, plane.height as u32), values: Blob(plane.data.iter().map(byte).collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cosine_becomes_a_byte_with_zero_in_the_middle() {
        let heat = signed(&Plane::from_vec(4, 1, vec![-1.0, 0.0, 1.0, 7.0]));
        assert_eq!((heat.size, heat.values.0), ((4, 1), vec![0, 128, 255, 255]));
    }
}

//! A student's weights as a file, from any device.

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Device, Tensor, TensorData},
};
use fovea_shared::model::{
    StudentHead,
    weights::{self, Precision},
};

use crate::{
    engine::inside,
    protocol::Blob,
    text::{Message, message},
};

/// The student as `fovea train` keeps its best student: safetensors in f32, so that it draws what it
/// drew here to the last bit.
///
/// # Errors
/// In plain words: a device that fails, or weights that cannot be written.
pub(super) async fn safetensors(student: &StudentHead) -> Result<Blob, Message> {
    let near = on_cpu(student).await?;
    let bytes = weights::save(&near, Precision::Full).map_err(|e| message!("teach-not-written", cause = e.to_string()));
    bytes.map(Blob)
}

/// The same student on the CPU. Writing reads the device without waiting, which a graphics device in
/// a browser does not allow.
async fn on_cpu(student: &StudentHead) -> Result<StudentHead, Message> {
    let mut all = Collect(Vec::new());
    student.visit(&mut all);
    let values = inside::values(Tensor::cat(all.0, 0)).await?;
    let device = Device::flex();
    Ok(StudentHead::new(0, &device).map(&mut Fill { rest: &values, device: &device }))
}

/// The parameters, each as `[values]`.
struct Collect(Vec<Tensor<1>>);

impl ModuleVisitor for Collect {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.push(param.val().flatten(0, D - 1));
    }
}

/// Fills parameters with values, in the order of [`Collect`].
struct Fill<'a> {
    rest: &'a [f32],
    device: &'a Device,
}

impl ModuleMapper for Fill<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|former| {
            let shape = former.dims();
            let (own, rest) = self.rest.split_at(shape.iter().product());
            self.rest = rest;
            Tensor::from_data(TensorData::new(own.to_vec(), shape), self.device)
        })
    }
}
